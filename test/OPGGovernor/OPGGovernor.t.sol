// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

import {OPGGovernor} from "../../contracts/OPGGovernor.sol";
import {IOPGGovernor} from "../../contracts/interfaces/IOPGGovernor.sol";
import {VoteNumbers} from "../../contracts/types/ControlTypes.sol";
import {Control} from "../support/Control.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OPGGovernorTest is Control {
    uint256 private constant LONGEST = 24 days;

    address[] private _targets;
    uint256[] private _values;
    bytes[] private _calls;
    uint256 private _proposals;

    function setUp() external {
        VM.warp(NOW);
        TOKEN.delegate(address(this));
        VM.warp(NOW + 1);
    }

    /// @dev Each number has its bounds, and the periods of a vote a sum [T117].
    function testFuzz_constructor_boundsTheNumbers(VoteNumbers memory any, uint256 room) external {
        VoteNumbers memory good = _within(any);
        OPGGovernor governor = deploy(LONGEST, good);
        require(governor.votingDelay() == good.votingDelay, "delay");
        require(governor.votingPeriod() == good.votingPeriod, "period");
        require(governor.lateQuorumVoteExtension() == good.lateQuorumPeriod, "late");
        require(governor.proposalThreshold() == good.proposalThreshold, "threshold");
        require(governor.quorumNumerator() == good.quorumBps && governor.quorumDenominator() == 10_000, "quorum");

        uint256 period = uint256(good.votingDelay) + good.votingPeriod + good.lateQuorumPeriod;
        room = bound(room, uint256(good.votingDelay) + good.votingPeriod, period);
        if (room == period) return;
        _expectOutOfBounds("votePeriod", period, 0, room);
        this.deploy(room, good);
    }

    function testFuzz_constructor_refusesANumberOutOfBounds(
        VoteNumbers memory any,
        uint256 which,
        uint256 by
    ) external {
        VoteNumbers memory bad = _within(any);
        which = which % 9;
        if (which == 0) bad.votingDelay = uint48(bound(by, 0, 4));
        if (which == 1) bad.votingDelay = uint48(bound(by, 7 days + 1, type(uint48).max));
        if (which == 2) bad.votingPeriod = uint32(bound(by, 0, 29));
        if (which == 3) bad.votingPeriod = uint32(bound(by, 14 days + 1, type(uint32).max));
        if (which == 4) bad.lateQuorumPeriod = uint48(bound(by, 3 days + 1, type(uint48).max));
        if (which == 5) bad.proposalThreshold = bound(by, 0, 1e18 - 1);
        if (which == 6) bad.proposalThreshold = bound(by, 1e25 + 1, type(uint256).max);
        if (which == 7) bad.quorumBps = bound(by, 0, 199);
        if (which == 8) bad.quorumBps = bound(by, 2_001, type(uint256).max);
        if (which < 2) _expectOutOfBounds("votingDelay", bad.votingDelay, 5, 7 days);
        else if (which < 4) _expectOutOfBounds("votingPeriod", bad.votingPeriod, 30, 14 days);
        else if (which == 4) _expectOutOfBounds("lateQuorumPeriod", bad.lateQuorumPeriod, 0, 3 days);
        else if (which < 7) _expectOutOfBounds("proposalThreshold", bad.proposalThreshold, 1e18, 1e25);
        else _expectOutOfBounds("quorumBps", bad.quorumBps, 200, 2_000);
        this.deploy(type(uint256).max, bad);
    }

    /// @dev By votes, a number moves within the same bounds, and the sum of the periods holds.
    function testFuzz_setters_areVotedForAndBounded(uint48 late) external {
        late = uint48(bound(late, 0, 30));
        bytes memory call = abi.encodeCall(GOVERNOR.setLateQuorumVoteExtension, (late));
        if (late <= 17) {
            _pass(call);
            require(GOVERNOR.lateQuorumVoteExtension() == late, "late");
        } else {
            _passRefused(call, _outOfBounds("votePeriod", 35 + uint256(late), 0, MOST_VOTE_PERIOD));
        }
    }

    function testFuzz_setters_areNobodyElses(address caller, uint48 period) external {
        VM.assume(caller != address(TIMELOCK));
        bytes memory refusal = abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, caller);
        _refuse(caller, address(GOVERNOR), abi.encodeCall(GOVERNOR.setVotingDelay, (period)), refusal);
    }

    /// @dev One timelock for good, whoever asks, and even if it was voted for.
    function testFuzz_updateTimelock_isRefused(address caller, TimelockController other) external {
        bytes memory call = abi.encodeCall(GOVERNOR.updateTimelock, (other));
        bytes memory refusal = abi.encodeWithSelector(IOPGGovernor.ControlTimelockFixed.selector, TIMELOCK);
        _refuse(caller, address(GOVERNOR), call, refusal);
        _passRefused(call, refusal);
    }

    /// @dev A proposal can be taken back by who made it, before its vote; its operation by nobody else.
    function test_cancel_isForTheProposerBeforeTheVote() external {
        _setProposal(abi.encodeCall(GOVERNOR.setVotingDelay, (6)));
        uint256 id = GOVERNOR.propose(_targets, _values, _calls, "");
        GOVERNOR.cancel(_targets, _values, _calls, keccak256(""));
        require(GOVERNOR.state(id) == IGovernor.ProposalState.Canceled, "state");
        require(GOVERNOR.proposalNeedsQueuing(id), "queuing");
    }

    function deploy(uint256 mostVotePeriod, VoteNumbers memory numbers) public returns (OPGGovernor) {
        return new OPGGovernor(IVotes(address(TOKEN)), TIMELOCK, mostVotePeriod, numbers);
    }

    function _within(VoteNumbers memory any) private pure returns (VoteNumbers memory) {
        uint32 votingPeriod = uint32(bound(any.votingPeriod, 30, 14 days));
        return
            VoteNumbers({
                votingDelay: uint48(bound(any.votingDelay, 5, 7 days)),
                votingPeriod: votingPeriod,
                // OpenZeppelin's own bound: a vote is not extended by more than it lasts.
                lateQuorumPeriod: uint48(bound(any.lateQuorumPeriod, 0, votingPeriod < 3 days ? votingPeriod : 3 days)),
                proposalThreshold: bound(any.proposalThreshold, 1e18, 1e25),
                quorumBps: bound(any.quorumBps, 200, 2_000)
            });
    }

    function _pass(bytes memory call) private {
        _accept(address(this), address(GOVERNOR), _executionOf(call));
    }

    function _passRefused(bytes memory call, bytes memory refusal) private {
        _refuse(address(this), address(GOVERNOR), _executionOf(call), refusal);
    }

    /// @dev Brings a call of the governor through vote, queue and delay, and gives what executes it.
    function _executionOf(bytes memory call) private returns (bytes memory) {
        _setProposal(call);
        string memory description = string(abi.encode(++_proposals));
        uint256 id = GOVERNOR.propose(_targets, _values, _calls, description);
        VM.warp(block.timestamp + 6);
        GOVERNOR.castVote(id, 1);
        VM.warp(block.timestamp + 31);
        GOVERNOR.queue(_targets, _values, _calls, keccak256(bytes(description)));
        VM.warp(block.timestamp + 5);
        return abi.encodeCall(GOVERNOR.execute, (_targets, _values, _calls, keccak256(bytes(description))));
    }

    function _setProposal(bytes memory call) private {
        (_targets, _values, _calls) = (new address[](1), new uint256[](1), new bytes[](1));
        (_targets[0], _calls[0]) = (address(GOVERNOR), call);
    }
}
