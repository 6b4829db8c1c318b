// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobRelay} from "../../contracts/JobRelay.sol";
import {IJobRelay} from "../../contracts/interfaces/IJobRelay.sol";
import {IJobPolicy} from "../../contracts/interfaces/IJobPolicy.sol";
import {Reveal, SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {Job, JobState} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Refereed} from "../support/Refereed.sol";
import {VM} from "../support/Vm.sol";

/// @title What a stranger brings to the market in one transaction
contract JobRelayTest is Refereed {
    bytes32 private constant ROOT = "right";

    JobRelay private immutable RELAY;

    constructor() {
        RELAY = new JobRelay(MARKET);
    }

    function setUp() external {
        _setUp();
    }

    /// @dev A seal that the market refuses stops no other, wherever it stands. [T172]
    function testFuzz_sealMany_takesEachByItself(address caller, uint256 bad, uint256 key) external {
        Job memory job = _open(1e18);
        SignedSeal[] memory seals = new SignedSeal[](2);
        bad = bound(bad, 0, 2);
        key = bound(key, 10, type(uint128).max);
        for (uint256 i; i < 2; ++i) seals[i] = _signed(job, i, ROOT, i == bad ? key : 1 + i);
        VM.prank(caller);
        RELAY.sealMany(job, seals);
        for (uint256 i; i < 2; ++i) {
            bool entered = COMMITMENTS.entryOf(_roundOf(job), _nodes[i]) != 0;
            require(entered == (i != bad), "sealed");
        }
    }

    /// @dev Too little gas for a seal is no refusal: nothing is skipped, and nothing is done. [T174]
    function testFuzz_sealMany_wantsTheGasOfEverySeal(uint256 gas_) external {
        Job memory job = _open(1e18);
        SignedSeal[] memory seals = new SignedSeal[](1);
        seals[0] = _signed(job, 0, ROOT, 1);
        // Enough for the relay itself, too little for a seal.
        gas_ = bound(gas_, 60_000, 75_000);
        bytes memory call = abi.encodeCall(RELAY.sealMany, (job, seals));
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory given) = address(RELAY).call{gas: gas_}(call);
        bytes memory refusal = abi.encodeWithSelector(IJobRelay.RelayGasTooLow.selector, _nodes[0]);
        require(!success && keccak256(given) == keccak256(refusal), "not refused for want of gas");
    }

    /// @dev A job that can still be disputed is not settled with its reveals, and they are not made, either.
    function testFuzz_revealAndSettle_waitsForTheWindow(address caller, uint256 time) external {
        Job memory job = _open(1e18);
        for (uint256 i; i < 2; ++i) _commit(job, i, ROOT);
        VM.warp(block.timestamp + SEAL_PERIOD);
        Reveal[] memory reveals = new Reveal[](2);
        address[] memory seats = new address[](2);
        for (uint256 i; i < 2; ++i) {
            reveals[i] = Reveal(_nodes[i], ROOT, SALT);
            seats[i] = _nodes[i];
        }
        VM.warp(bound(time, block.timestamp, block.timestamp + 9));
        bytes memory call = abi.encodeCall(RELAY.revealAndSettle, (job, _roundOf(job), reveals, seats));
        bytes memory refusal = abi.encodeWithSelector(
            IJobPolicy.PolicyNotFinal.selector,
            _idOf(job),
            JobState.Open,
            JobState.Open
        );
        _refuse(caller, address(RELAY), call, refusal);
    }
}
