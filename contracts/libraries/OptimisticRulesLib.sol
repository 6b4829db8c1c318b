// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OptimisticNumbers, OptimisticRules} from "../types/OptimisticTypes.sol";
import {OrderLib} from "./OrderLib.sol";

/// @title The governed numbers of jobs for one node: their packing and their bounds
library OptimisticRulesLib {
    uint256 private constant HORIZON_SHIFT = 152;
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
        return OptimisticRules.wrap(bytes32(word));
    }

    /// @dev Reverts unless every number is inside its bounds.
    function check(OptimisticRules self, uint256 leastWindowPeriod) internal pure {
        OrderLib.within("feeBps", feeBps(self), 0, 1_000);
        OrderLib.within("royaltyCapBps", royaltyCapBps(self), 0, 5_000);
        OrderLib.within("deterrence", deterrence(self), 25, 100);
        // Below the least deterrence, so that the collateral always covers it.
        OrderLib.within("latePenaltyFactor", latePenaltyFactor(self), 1, 20);
        OrderLib.within("finisherShareBps", finisherShareBps(self), 2_500, 5_000);
        OrderLib.within("challengerShareBps", challengerShareBps(self), 2_500, 5_000);
        OrderLib.within("disputeBond", disputeBond(self), OPG, 1e5 * OPG);
        OrderLib.within("maxAnswerPeriod", maxAnswerPeriod(self), 5, 48 hours);
        OrderLib.within("mostWindowPeriod", mostWindowPeriod(self), leastWindowPeriod, MOST_WINDOW_PERIOD);
    }

    /// @dev Replaces the horizon. The caller has checked that it fits 24 bits.
    function withHorizon(OptimisticRules self, uint256 horizon) internal pure returns (OptimisticRules) {
        uint256 rest = _word(self) & ((1 << HORIZON_SHIFT) - 1);
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

    function _word(OptimisticRules self) private pure returns (uint256) {
        return uint256(OptimisticRules.unwrap(self));
    }
}
