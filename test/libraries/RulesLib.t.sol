// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {JobRules, Rules} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract RulesLibTest {
    using RulesLib for JobRules;

    function testFuzz_pack_isReadBack(Rules memory rules) external pure {
        _fit(rules);
        JobRules packed = RulesLib.pack(rules);
        _requireMoney(packed, rules);
        _requireClocks(packed, rules);
        require(packed.horizonPeriod() == 0, "horizon");
    }

    function testFuzz_withHorizon_changesTheHorizonAlone(
        Rules memory rules,
        uint24 first,
        uint24 second
    ) external pure {
        _fit(rules);
        JobRules packed = RulesLib.pack(rules).withHorizon(first).withHorizon(second);
        _requireMoney(packed, rules);
        _requireClocks(packed, rules);
        require(packed.horizonPeriod() == second, "horizon");
    }

    function testFuzz_pack_refusesWidenStepsBeyondTheField(Rules memory rules, uint8 steps) external {
        _fit(rules);
        rules.widenSteps = uint8(bound(steps, 16, 255));
        _expectTooLarge(rules, 136, rules.widenSteps, 15);
    }

    function testFuzz_pack_refusesAppealWidenStepsBeyondTheField(Rules memory rules, uint8 steps) external {
        _fit(rules);
        rules.appealWidenSteps = uint8(bound(steps, 16, 255));
        _expectTooLarge(rules, 140, rules.appealWidenSteps, 15);
    }

    function testFuzz_pack_refusesPeriodsBeyondTheirFields(Rules memory rules, uint24 period) external {
        _fit(rules);
        uint24 tooLong = uint24(bound(period, 1 << 20, type(uint24).max));
        uint24 fits = rules.activationPeriod;
        rules.activationPeriod = tooLong;
        _expectTooLarge(rules, 152, tooLong, 0xfffff);
        (rules.activationPeriod, fits, rules.revealPeriod) = (fits, rules.revealPeriod, tooLong);
        _expectTooLarge(rules, 172, tooLong, 0xfffff);
        (rules.revealPeriod, fits, rules.appealSealPeriod) = (fits, rules.appealSealPeriod, tooLong);
        _expectTooLarge(rules, 192, tooLong, 0xfffff);
        (rules.appealSealPeriod, rules.appealRevealPeriod) = (fits, tooLong);
        _expectTooLarge(rules, 212, tooLong, 0xfffff);
    }

    function pack(Rules memory rules) external pure returns (JobRules) {
        return RulesLib.pack(rules);
    }

    function _expectTooLarge(Rules memory rules, uint256 shift, uint256 given, uint256 most) private {
        VM.expectRevert(abi.encodeWithSelector(RulesLib.RulesFieldTooLarge.selector, shift, given, most));
        this.pack(rules);
    }

    /// @dev Brings the numbers into their fields where the struct has more room than the word.
    function _fit(Rules memory rules) private pure {
        rules.widenSteps %= 16;
        rules.appealWidenSteps %= 16;
        rules.activationPeriod %= 1 << 20;
        rules.revealPeriod %= 1 << 20;
        rules.appealSealPeriod %= 1 << 20;
        rules.appealRevealPeriod %= 1 << 20;
    }

    function _requireMoney(JobRules packed, Rules memory rules) private pure {
        require(packed.feeBps() == rules.feeBps, "feeBps");
        require(packed.seatFactorBps() == rules.seatFactorBps, "seatFactorBps");
        require(packed.absenceBps() == rules.absenceBps, "absenceBps");
        require(packed.noResultFeeBps() == rules.noResultFeeBps, "noResultFeeBps");
        require(packed.errorFeeBps() == rules.errorFeeBps, "errorFeeBps");
        require(packed.royaltyCapBps() == rules.royaltyCapBps, "royaltyCapBps");
        require(packed.drawnValueCap() == uint256(rules.drawnValueCap) * 1e18, "drawnValueCap");
    }

    function _requireClocks(JobRules packed, Rules memory rules) private pure {
        require(packed.maxSealPeriod() == rules.maxSealPeriod, "maxSealPeriod");
        require(packed.widenSteps() == rules.widenSteps, "widenSteps");
        require(packed.appealWidenSteps() == rules.appealWidenSteps, "appealWidenSteps");
        require(packed.appealSize() == rules.appealSize, "appealSize");
        require(packed.activationPeriod() == rules.activationPeriod, "activationPeriod");
        require(packed.revealPeriod() == rules.revealPeriod, "revealPeriod");
        require(packed.appealSealPeriod() == rules.appealSealPeriod, "appealSealPeriod");
        require(packed.appealRevealPeriod() == rules.appealRevealPeriod, "appealRevealPeriod");
    }
}
