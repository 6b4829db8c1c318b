// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {OptimisticNumbers, OptimisticRules} from "../../contracts/types/OptimisticTypes.sol";
import {bound, outside} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OptimisticRulesLibTest {
    using OptimisticRulesLib for OptimisticRules;

    uint256 private constant OPG = 1e18;
    uint256 private constant LEAST_WINDOW = 3_600;

    function testFuzz_pack_isReadBack(OptimisticNumbers memory numbers) external pure {
        OptimisticRules packed = OptimisticRulesLib.pack(numbers);
        _require(packed, numbers);
        require(packed.horizonPeriod() == 0, "horizon");
    }

    function testFuzz_withHorizon_changesTheHorizonAlone(
        OptimisticNumbers memory numbers,
        uint24 first,
        uint24 second
    ) external pure {
        OptimisticRules packed = OptimisticRulesLib.pack(numbers).withHorizon(first).withHorizon(second);
        _require(packed, numbers);
        require(packed.horizonPeriod() == second, "horizon");
    }

    function testFuzz_check_takesWhatIsWithinTheBounds(OptimisticNumbers memory numbers) external view {
        _fit(numbers);
        this.check(numbers);
    }

    function testFuzz_check_refusesMoneyOutOfBounds(OptimisticNumbers memory good, uint256 any) external {
        _fit(good);
        OptimisticNumbers memory bad = _copy(good);
        bad.feeBps = uint16(bound(any, 1_001, type(uint16).max));
        _expectRefused(bad, "feeBps", bad.feeBps, 0, 1_000);
        bad = _copy(good);
        bad.royaltyCapBps = uint16(bound(any, 5_001, type(uint16).max));
        _expectRefused(bad, "royaltyCapBps", bad.royaltyCapBps, 0, 5_000);
        bad = _copy(good);
        bad.disputeBond = any % 2 == 0 ? 0 : uint24(bound(any, 100_001, type(uint24).max));
        _expectRefused(bad, "disputeBond", bad.disputeBond * OPG, OPG, 100_000 * OPG);
        bad = _copy(good);
        bad.finisherShareBps = uint16(outside(any, 2_500, 5_000, type(uint16).max));
        _expectRefused(bad, "finisherShareBps", bad.finisherShareBps, 2_500, 5_000);
        bad = _copy(good);
        bad.challengerShareBps = uint16(outside(any, 2_500, 5_000, type(uint16).max));
        _expectRefused(bad, "challengerShareBps", bad.challengerShareBps, 2_500, 5_000);
    }

    function testFuzz_check_refusesFactorsAndClocksOutOfBounds(OptimisticNumbers memory good, uint256 any) external {
        _fit(good);
        OptimisticNumbers memory bad = _copy(good);
        bad.deterrence = uint8(outside(any, 25, 100, type(uint8).max));
        _expectRefused(bad, "deterrence", bad.deterrence, 25, 100);
        bad = _copy(good);
        bad.latePenaltyFactor = uint8(outside(any, 1, 20, type(uint8).max));
        _expectRefused(bad, "latePenaltyFactor", bad.latePenaltyFactor, 1, 20);
        bad = _copy(good);
        bad.maxAnswerPeriod = uint24(outside(any, 5, 48 hours, type(uint24).max));
        _expectRefused(bad, "maxAnswerPeriod", bad.maxAnswerPeriod, 5, 48 hours);
        bad = _copy(good);
        bad.mostWindowPeriod = uint24(outside(any, LEAST_WINDOW, 14 days, type(uint24).max));
        _expectRefused(bad, "mostWindowPeriod", bad.mostWindowPeriod, LEAST_WINDOW, 14 days);
    }

    function testFuzz_check_refusesAuditsOutOfBounds(OptimisticNumbers memory good, uint256 any) external {
        _fit(good);
        OptimisticNumbers memory bad = _copy(good);
        bad.absenceBps = uint16(outside(any, 500, 5_000, type(uint16).max));
        _expectRefused(bad, "absenceBps", bad.absenceBps, 500, 5_000);
        bad = _copy(good);
        bad.auditSeats = uint8(outside(any, 5, 30, type(uint8).max));
        _expectRefused(bad, "auditSeats", bad.auditSeats, 5, 30);
        bad = _copy(good);
        bad.auditSteps = uint8(outside(any, 1, 6, type(uint8).max));
        _expectRefused(bad, "auditSteps", bad.auditSteps, 1, 6);
    }

    function testFuzz_auditSealingPeriod_isAllSteps(OptimisticNumbers memory numbers) external pure {
        uint256 expected = (1 + uint256(numbers.auditSteps)) * numbers.auditSealPeriod;
        require(OptimisticRulesLib.pack(numbers).auditSealingPeriod() == expected, "period");
    }

    function check(OptimisticNumbers memory numbers) external pure {
        OptimisticRulesLib.pack(numbers).check(LEAST_WINDOW);
    }

    function _expectRefused(
        OptimisticNumbers memory bad,
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private {
        VM.expectRevert(abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, field, given, least, most));
        this.check(bad);
    }

    function _fit(OptimisticNumbers memory numbers) private pure {
        numbers.feeBps = uint16(bound(numbers.feeBps, 0, 1_000));
        numbers.royaltyCapBps = uint16(bound(numbers.royaltyCapBps, 0, 5_000));
        numbers.deterrence = uint8(bound(numbers.deterrence, 25, 100));
        numbers.latePenaltyFactor = uint8(bound(numbers.latePenaltyFactor, 1, 20));
        numbers.finisherShareBps = uint16(bound(numbers.finisherShareBps, 2_500, 5_000));
        numbers.challengerShareBps = uint16(bound(numbers.challengerShareBps, 2_500, 5_000));
        numbers.disputeBond = uint24(bound(numbers.disputeBond, 1, 100_000));
        numbers.maxAnswerPeriod = uint24(bound(numbers.maxAnswerPeriod, 5, 48 hours));
        numbers.mostWindowPeriod = uint24(bound(numbers.mostWindowPeriod, LEAST_WINDOW, 14 days));
        numbers.absenceBps = uint16(bound(numbers.absenceBps, 500, 5_000));
        numbers.auditSeats = uint8(bound(numbers.auditSeats, 5, 30));
        numbers.auditSteps = uint8(bound(numbers.auditSteps, 1, 6));
    }

    function _copy(OptimisticNumbers memory from) private pure returns (OptimisticNumbers memory) {
        return abi.decode(abi.encode(from), (OptimisticNumbers));
    }

    function _require(OptimisticRules packed, OptimisticNumbers memory numbers) private pure {
        require(packed.feeBps() == numbers.feeBps, "feeBps");
        require(packed.royaltyCapBps() == numbers.royaltyCapBps, "royaltyCapBps");
        require(packed.deterrence() == numbers.deterrence, "deterrence");
        require(packed.latePenaltyFactor() == numbers.latePenaltyFactor, "latePenaltyFactor");
        require(packed.finisherShareBps() == numbers.finisherShareBps, "finisherShareBps");
        require(packed.challengerShareBps() == numbers.challengerShareBps, "challengerShareBps");
        require(packed.disputeBond() == numbers.disputeBond * OPG, "disputeBond");
        require(packed.maxAnswerPeriod() == numbers.maxAnswerPeriod, "maxAnswerPeriod");
        require(packed.mostWindowPeriod() == numbers.mostWindowPeriod, "mostWindowPeriod");
        require(packed.absenceBps() == numbers.absenceBps, "absenceBps");
        require(packed.auditSeatsBps() == uint256(numbers.auditSeats) * 1_000, "auditSeats");
        require(packed.auditSteps() == numbers.auditSteps, "auditSteps");
        require(packed.auditSealPeriod() == numbers.auditSealPeriod, "auditSealPeriod");
        require(packed.auditRevealPeriod() == numbers.auditRevealPeriod, "auditRevealPeriod");
    }
}
