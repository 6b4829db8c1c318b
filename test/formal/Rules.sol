// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {JobRules, Rules} from "../../contracts/types/JobTypes.sol";

/// @title A job lives under the very numbers that governance set
contract RulesProofs {
    using RulesLib for JobRules;

    function sharesComeBack(Rules memory rules) external pure {
        JobRules packed = RulesLib.pack(rules);
        assert(packed.feeBps() == rules.feeBps);
        assert(packed.seatFactorBps() == rules.seatFactorBps);
        assert(packed.absenceBps() == rules.absenceBps);
        assert(packed.noResultFeeBps() == rules.noResultFeeBps);
        assert(packed.errorFeeBps() == rules.errorFeeBps);
        assert(packed.royaltyCapBps() == rules.royaltyCapBps);
        assert(packed.drawnValueCap() == uint256(rules.drawnValueCap) * 1e18);
    }

    function stepsComeBack(Rules memory rules) external pure {
        require(rules.widenSteps < 16 && rules.appealWidenSteps < 16);
        require(rules.activationPeriod < 1 << 20 && rules.revealPeriod < 1 << 20);
        require(rules.appealSealPeriod < 1 << 20 && rules.appealRevealPeriod < 1 << 20);
        JobRules packed = RulesLib.pack(rules);
        assert(packed.widenSteps() == rules.widenSteps);
        assert(packed.appealWidenSteps() == rules.appealWidenSteps);
        assert(packed.appealSize() == rules.appealSize);
    }

    function periodsComeBack(Rules memory rules) external pure {
        require(rules.widenSteps < 16 && rules.appealWidenSteps < 16);
        require(rules.activationPeriod < 1 << 20 && rules.revealPeriod < 1 << 20);
        require(rules.appealSealPeriod < 1 << 20 && rules.appealRevealPeriod < 1 << 20);
        JobRules packed = RulesLib.pack(rules);
        assert(packed.maxSealPeriod() == rules.maxSealPeriod);
        assert(packed.activationPeriod() == rules.activationPeriod);
        assert(packed.revealPeriod() == rules.revealPeriod);
        assert(packed.appealSealPeriod() == rules.appealSealPeriod);
        assert(packed.appealRevealPeriod() == rules.appealRevealPeriod);
        assert(packed.horizonPeriod() == 0);
    }

    function horizonTouchesNothingElse(JobRules rules, uint256 horizon) external pure {
        require(horizon < 1 << 24);
        JobRules next = rules.withHorizon(horizon);
        assert(next.horizonPeriod() == horizon);
        assert(next.appealRevealPeriod() == rules.appealRevealPeriod());
        assert(next.feeBps() == rules.feeBps());
    }
}
