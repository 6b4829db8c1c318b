// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuditRoster} from "../../contracts/interfaces/IAuditRoster.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @title Who can be drawn to audit, and how much each weighs
contract AuditRosterTest is SuiteAdmin {
    uint256 private constant NOW = 1_000_000;
    uint256 private constant OWN_STAKE = 1_000e18;
    address private constant NODE = address(0x0de1);
    address private constant OTHER = address(0x0de2);
    VersionId private constant VERSION = VersionId.wrap("version");

    function setUp() external {
        VM.warp(NOW);
        address[2] memory nodes = [NODE, OTHER];
        for (uint256 i; i < 2; ++i) {
            _endow(nodes[i]);
            _register(nodes[i], 1 + i, OWN_STAKE);
        }
        VM.warp(NOW + 10);
    }

    /// @dev A weight counts from its own second on, and the sum moves with it.
    function testFuzz_weightsAt_isTheWeightOfThatTime(
        uint96[3] memory weights,
        uint8[3] memory waits,
        uint8 back
    ) external {
        uint256[4] memory held;
        uint256[4] memory since;
        for (uint256 i; i < 3; ++i) {
            held[i + 1] = bound(weights[i], 0, OWN_STAKE);
            VM.prank(i % 2 == 0 ? NODE : VM.addr(1)); // owner and signer alike
            ROSTER.enrol(NODE, VERSION, held[i + 1]);
            since[i + 1] = block.timestamp;
            VM.warp(block.timestamp + waits[i]);
        }
        VM.prank(OTHER);
        ROSTER.enrol(OTHER, VERSION, OWN_STAKE);
        uint256 othersSince = block.timestamp;
        VM.warp(block.timestamp + 1);
        uint256 time = block.timestamp - bound(back, 0, block.timestamp - NOW - 9);
        uint256 expected;
        for (uint256 i = 1; i < 4; ++i) if (time >= since[i]) expected = held[i];
        (uint256 weight, uint256 total) = ROSTER.weightsAt(NODE, VERSION, time);
        require(weight == expected, "weight");
        require(total == expected + (time >= othersSince ? OWN_STAKE : 0), "total");
    }

    function testFuzz_enrol_isForThoseWhoRunTheNode(address caller, uint96 weight) external {
        if (caller == NODE || caller == VM.addr(1)) return;
        bytes memory call = abi.encodeCall(ROSTER.enrol, (NODE, VERSION, weight));
        bytes memory refusal = abi.encodeWithSelector(IAuditRoster.RosterNotOperator.selector, NODE, caller);
        _refuse(caller, address(ROSTER), call, refusal);
    }

    function testFuzz_enrol_needsBacking(uint256 weight) external {
        weight = bound(weight, OWN_STAKE + 1, type(uint256).max);
        bytes memory call = abi.encodeCall(ROSTER.enrol, (NODE, VERSION, weight));
        bytes memory refusal = abi.encodeWithSelector(
            IAuditRoster.RosterWeightNotBacked.selector,
            NODE,
            weight,
            OWN_STAKE
        );
        _refuse(NODE, address(ROSTER), call, refusal);
    }

    /// @dev Anybody can bring a weight down to what backs it, and nobody can bring it lower or up.
    function testFuzz_refresh_lowersToTheBacking(address caller, uint96 weight, uint96 thawed) external {
        weight = uint96(bound(weight, 0, OWN_STAKE));
        thawed = uint96(bound(thawed, 1, 999) * 1e18);
        VM.prank(NODE);
        ROSTER.enrol(NODE, VERSION, weight);
        VM.prank(NODE);
        STAKING.thaw(NODE, thawed);
        VM.prank(caller);
        ROSTER.refresh(NODE, VERSION);
        (uint256 now_, uint256 total) = ROSTER.weightsAt(NODE, VERSION, block.timestamp);
        uint256 backing = OWN_STAKE - thawed;
        require(now_ == (weight < backing ? weight : backing) && total == now_, "weight");
    }

    /// @dev A weight that stake no longer backs counts for as much as does.
    function testFuzz_weightsAt_isBacked(uint96 thawed) external {
        thawed = uint96(bound(thawed, 1, 999) * 1e18);
        VM.prank(NODE);
        ROSTER.enrol(NODE, VERSION, OWN_STAKE);
        VM.prank(NODE);
        STAKING.thaw(NODE, thawed);
        (uint256 weight, uint256 total) = ROSTER.weightsAt(NODE, VERSION, block.timestamp);
        require(weight == OWN_STAKE - thawed && total == OWN_STAKE, "weight");
    }
}
