// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptimisticPolicy} from "../../contracts/OptimisticPolicy.sol";
import {IOptimisticPolicy} from "../../contracts/interfaces/IOptimisticPolicy.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {OptimisticNumbers, OptimisticRules} from "../../contracts/types/OptimisticTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {optimisticNumbers} from "../support/Suite.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @title With which numbers the policy is sound
contract OptimisticPolicyTest is SuiteAdmin {
    using OptimisticRulesLib for OptimisticRules;

    uint256 private constant MARGIN = 20;
    uint256 private constant FLOOR = 5;
    uint256 private constant THAW = 300;

    function testFuzz_constructor_boundsItsClocks(uint256 delay, uint256 seed) external {
        bool early = delay % 2 == 0;
        delay = early ? 0 : bound(delay, 1 hours + 1, type(uint256).max);
        VM.expectRevert(_outOfBounds("seedDelayPeriod", delay, 1, 1 hours));
        this.deploy(delay, 20);
        seed = early ? bound(seed, 0, 1) : bound(seed, 6 hours + 1, type(uint256).max);
        VM.expectRevert(_outOfBounds("seedPeriod", seed, 2, 6 hours));
        this.deploy(2, seed);
    }

    /// @dev All steps fit what the chain remembers, and all of a job what stake takes to thaw [I17 T048 T087].
    function testFuzz_complete_nestsInSeedAndThaw(uint8 steps, uint16 period, uint24 reveal) external {
        OptimisticNumbers memory numbers = optimisticNumbers();
        numbers.auditSteps = uint8(bound(steps, 1, 6));
        numbers.auditSealPeriod = uint16(bound(period, 2, 20));
        numbers.auditRevealPeriod = uint24(bound(reveal, FLOOR, 60));
        OptimisticRules rules = OptimisticRulesLib.pack(numbers);
        uint256 sealing = 2 + (1 + uint256(numbers.auditSteps)) * numbers.auditSealPeriod;
        uint256 horizon = 60 + sealing + numbers.auditRevealPeriod + 100 + 80 + FLOOR + MARGIN;
        if (sealing > 20) {
            VM.expectRevert(_outOfBounds("auditSealing", sealing, 0, 20));
        } else if (horizon >= THAW) {
            VM.expectRevert(abi.encodeWithSelector(IOptimisticPolicy.MarketDeadlinesDoNotNest.selector, horizon, THAW));
        }
        OptimisticRules completed = OPTIMISTIC_POLICY.complete(rules, MARGIN);
        if (sealing > 20 || horizon >= THAW) return;
        bytes32 expected = OptimisticRules.unwrap(rules.withHorizon(horizon));
        require(OptimisticRules.unwrap(completed) == expected, "horizon");
    }

    function testFuzz_complete_boundsTheClocksOfAnAudit(uint256 any, uint256 margin) external {
        OptimisticNumbers memory numbers = optimisticNumbers();
        numbers.auditSealPeriod = uint16(any % 2 == 0 ? bound(any, 0, 1) : bound(any, 21, type(uint16).max));
        VM.expectRevert(_outOfBounds("auditSealPeriod", numbers.auditSealPeriod, 2, 20));
        OPTIMISTIC_POLICY.complete(OptimisticRulesLib.pack(numbers), MARGIN);
        numbers = optimisticNumbers();
        numbers.auditRevealPeriod = uint24(
            any % 2 == 0 ? bound(any, 0, 4) : bound(any, 48 hours + 1, type(uint24).max)
        );
        VM.expectRevert(_outOfBounds("auditRevealPeriod", numbers.auditRevealPeriod, FLOOR, 48 hours));
        OPTIMISTIC_POLICY.complete(OptimisticRulesLib.pack(numbers), MARGIN);
        margin = any % 2 == 0 ? bound(margin, 0, 2) : bound(margin, 30 days + 1, type(uint256).max);
        VM.expectRevert(_outOfBounds("marginPeriod", margin, 3, 30 days));
        OPTIMISTIC_POLICY.complete(OptimisticRulesLib.pack(optimisticNumbers()), margin);
    }

    function deploy(uint256 delay, uint256 seed) external {
        new OptimisticPolicy(DISPUTES, ROSTER, delay, seed);
    }

    function _outOfBounds(
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, field, given, least, most);
    }
}
