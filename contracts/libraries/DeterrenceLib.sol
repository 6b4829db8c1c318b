// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {SHARER_PLACES} from "../types/DisputeTypes.sol";
import {Deterrence, Liar} from "../types/LensTypes.sol";
import {OptimisticRules} from "../types/OptimisticTypes.sol";
import {Slashing} from "../types/StakingTypes.sol";
import {JobLib} from "./JobLib.sol";
import {OptimisticJobLib} from "./OptimisticJobLib.sol";
import {OptimisticRulesLib} from "./OptimisticRulesLib.sol";

/// @title Whether a lie pays where audits alone find it
/// @dev The same figures as `packages/sdk/src/deterrence.ts` has; only views use it.
/// @custom:source docs/trust-model.md#paid-audits
library DeterrenceLib {
    using OptimisticJobLib for OptimisticRules;
    using OptimisticRulesLib for OptimisticRules;

    uint256 private constant WAD = 1e18;
    uint256 private constant TENTH = 1e35;
    /// @dev The unit of chances while they are computed: its square fits a word.
    uint256 private constant ONE = 1e36;
    /// @dev Halvings that make the exponent small: 3 seats expected and 6 doublings bring at most 96.
    uint256 private constant HALVINGS = 7;

    /// @dev What a liar is rid of whose whole collateral is slashed. What its puppets get, who take all places beside the
    /// challenger who decides, and what its second node gets, comes back.
    /// @param harm OPG that make the requester whole.
    /// @param prize OPG that wait for a second node.
    /// @custom:rounds Down, by a base unit at most.
    function lossOf(
        OptimisticRules rules,
        uint256 collateral,
        uint256 harm,
        uint256 prize
    ) internal pure returns (uint256) {
        Slashing memory slashing;
        (slashing.own, slashing.rewarded) = (collateral, collateral);
        (, uint256 second, uint256 reward) = rules.divide(harm, prize, slashing);
        return collateral - second - Math.ceilDiv(reward * SHARER_PLACES, SHARER_PLACES + 1);
    }

    /// @dev The chance that an audit's one seat goes to somebody honest, 1e18 is certain. In each step the seats that a draw
    /// expects double; who of the liar's nodes is drawn in a step is faster than anybody honest, who has to compute. Nodes are
    /// taken to be small beside the sum.
    /// @custom:rounds Down, by a few parts in 1e18.
    function honestWad(OptimisticRules rules, Liar memory liar) internal pure returns (uint256) {
        uint256 free = ONE; // chance that nobody has sealed yet
        uint256 honest;
        uint256 before;
        for (uint256 step; step <= rules.auditSteps(); ++step) {
            uint256 expected = (rules.auditSeats() * TENTH) << step;
            uint256 added = expected - before;
            before = expected;
            uint256 liars = JobLib.part(added, liar.shareBps);
            uint256 noLiar = _times(free, _exponentialOf(liars));
            free = _times(noLiar, _exponentialOf(JobLib.part(added - liars, liar.onlineBps)));
            honest += noLiar - free;
        }
        return honest / (ONE / WAD);
    }

    /// @dev Fills in what follows from the other figures.
    function weigh(Deterrence memory self) internal pure {
        uint256 expected = Math.mulDiv(self.loss * self.auditBps, self.honestWad, JobLib.BPS * WAD);
        self.margin = int256(expected) - int256(self.gain);
        self.breakEvenBps = Math.ceilDiv(self.gain * JobLib.BPS, self.loss);
    }

    /// @dev e^(-x). The series of an exponent below one, squared again and again.
    function _exponentialOf(uint256 x) private pure returns (uint256 result) {
        uint256 small = x >> HALVINGS;
        uint256 even;
        uint256 odd;
        uint256 term = ONE;
        for (uint256 k = 1; term > 0; ++k) {
            if (k % 2 == 1) even += term;
            else odd += term;
            term = _times(term, small) / k;
        }
        result = even - odd;
        for (uint256 i; i < HALVINGS; ++i) result = _times(result, result);
    }

    function _times(uint256 one, uint256 other) private pure returns (uint256) {
        return (one * other) / ONE;
    }
}
