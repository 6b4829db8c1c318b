// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {OptimisticNumbers, OptimisticRules} from "../types/OptimisticTypes.sol";
import {OrderLib} from "./OrderLib.sol";

/// @title The governed numbers of jobs for one node: their packing and their bounds
library OptimisticRulesLib {
    uint256 private constant HORIZON_SHIFT = 152;
    uint256 private constant HORIZON_MASK = uint256(type(uint24).max) << HORIZON_SHIFT;
    uint256 private constant OPG = 1e18;
    uint256 private constant MOST_WINDOW_PERIOD = 14 days;

    /// @dev Without the horizon, which follows from the other numbers.
    function pack(OptimisticNumbers memory numbers) internal pure returns (OptimisticRules) {
        uint256 word = uint256(numbers.feeBps);
        word |= uint256(numbers.royaltyCapBps) << 16;
        word |= uint256(numbers.deterrence) << 32;
        word |= uint256(numbers.latePenaltyFactor) << 40;
        word |= uint256(numbers.finisherShareBps) << 48;
        word |= uint256(numbers.challengerShareBps) << 64;
        word |= uint256(numbers.disputeBond) << 80;
        word |= uint256(numbers.maxAnswerPeriod) << 104;
        word |= uint256(numbers.mostWindowPeriod) << 128;
        word |= uint256(numbers.absenceBps) << 176;
        word |= uint256(numbers.auditSeats) << 192;
        word |= uint256(numbers.auditSteps) << 200;
        word |= uint256(numbers.auditSealPeriod) << 208;
        word |= uint256(numbers.auditRevealPeriod) << 224;
        return OptimisticRules.wrap(bytes32(word));
    }

    /// @dev Reverts unless every number is inside its bounds.
    function check(OptimisticRules self, uint256 leastWindowPeriod) internal pure {
        OrderLib.within("feeBps", feeBps(self), 0, 1_000);
        OrderLib.within("royaltyCapBps", royaltyCapBps(self), 0, 5_000);
        OrderLib.within("deterrence", deterrence(self), 25, 100);
        OrderLib.within("latePenaltyFactor", latePenaltyFactor(self), 1, 20);
        OrderLib.within("finisherShareBps", finisherShareBps(self), 2_500, 5_000);
        OrderLib.within("challengerShareBps", challengerShareBps(self), 2_500, 5_000);
        OrderLib.within("disputeBond", disputeBond(self), OPG, 1e5 * OPG);
        OrderLib.within("maxAnswerPeriod", maxAnswerPeriod(self), 5, 48 hours);
        OrderLib.within("mostWindowPeriod", mostWindowPeriod(self), leastWindowPeriod, MOST_WINDOW_PERIOD);
        OrderLib.within("absenceBps", absenceBps(self), 500, 5_000);
        OrderLib.within("auditSeats", auditSeats(self), 5, 30);
        OrderLib.within("auditSteps", auditSteps(self), 1, 6);
    }

    /// @dev Replaces the horizon. The caller has checked that it fits 24 bits.
    function withHorizon(OptimisticRules self, uint256 horizon) internal pure returns (OptimisticRules) {
        uint256 rest = _word(self) & ~HORIZON_MASK;
        return OptimisticRules.wrap(bytes32(rest | (horizon << HORIZON_SHIFT)));
    }

    function feeBps(OptimisticRules self) internal pure returns (uint256) {
        return uint16(_word(self));
    }

    function royaltyCapBps(OptimisticRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 16);
    }

    /// @dev In tenths.
    function deterrence(OptimisticRules self) internal pure returns (uint256) {
        return uint8(_word(self) >> 32);
    }

    function latePenaltyFactor(OptimisticRules self) internal pure returns (uint256) {
        return uint8(_word(self) >> 40);
    }

    function finisherShareBps(OptimisticRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 48);
    }

    function challengerShareBps(OptimisticRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 64);
    }

    /// @dev OPG, base units.
    function disputeBond(OptimisticRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 80) * OPG;
    }

    function maxAnswerPeriod(OptimisticRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 104);
    }

    function mostWindowPeriod(OptimisticRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 128);
    }

    /// @dev Longest time from a reservation to the end of its job, seconds.
    function horizonPeriod(OptimisticRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> HORIZON_SHIFT);
    }

    function absenceBps(OptimisticRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 176);
    }

    /// @dev Seats that the first step of an audit's draw expects, in basis points.
    function auditSeatsBps(OptimisticRules self) internal pure returns (uint256) {
        return 1_000 * auditSeats(self);
    }

    /// @dev In tenths.
    function auditSeats(OptimisticRules self) internal pure returns (uint256) {
        return uint8(_word(self) >> 192);
    }

    function auditSteps(OptimisticRules self) internal pure returns (uint256) {
        return uint8(_word(self) >> 200);
    }

    function auditSealPeriod(OptimisticRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 208);
    }

    function auditRevealPeriod(OptimisticRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 224);
    }

    /// @dev All steps in which an auditor can seal, seconds.
    function auditSealingPeriod(OptimisticRules self) internal pure returns (uint256) {
        unchecked {
            return (1 + auditSteps(self)) * auditSealPeriod(self);
        }
    }

    function _word(OptimisticRules self) private pure returns (uint256) {
        return uint256(OptimisticRules.unwrap(self));
    }
}
