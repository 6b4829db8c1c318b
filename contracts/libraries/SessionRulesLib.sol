// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SessionNumbers, SessionRules} from "../types/SessionTypes.sol";

/// @title The governed numbers of sessions: their packing and their bounds
library SessionRulesLib {
    uint256 private constant HORIZON_SHIFT = 184;
    uint256 private constant HORIZON_MASK = uint256(type(uint24).max) << HORIZON_SHIFT;
    uint256 private constant OPG = 1e18;

    /// @notice A number of sessions, or a field of one, is outside its bounds.
    /// @custom:fix Give `field` between `least` and `most` (periods and times in seconds, OPG in base units).
    error SessionsOutOfBounds(bytes32 field, uint256 given, uint256 least, uint256 most);

    /// @dev Without the horizon, which follows from the other numbers.
    function pack(SessionNumbers memory numbers) internal pure returns (SessionRules) {
        uint256 word = uint256(numbers.feeBps);
        word |= uint256(numbers.royaltyCapBps) << 16;
        word |= uint256(numbers.challengerShareBps) << 32;
        word |= uint256(numbers.exposureBps) << 48;
        word |= uint256(numbers.leastLockCalls) << 64;
        word |= uint256(numbers.disputeBond) << 88;
        word |= uint256(numbers.closeNoticePeriod) << 112;
        word |= uint256(numbers.receiptHorizonPeriod) << 136;
        word |= uint256(numbers.maxSessionPeriod) << 160;
        return SessionRules.wrap(bytes32(word));
    }

    /// @dev Reverts unless every number is inside its bounds.
    /// @param clockFloor Least period in which somebody can lose money, seconds.
    /// @param leastWindowPeriod Least period in which a statement can be disputed, seconds.
    function check(SessionRules self, uint256 clockFloor, uint256 leastWindowPeriod) internal pure {
        within("rules", _word(self), 0, type(uint208).max);
        within("feeBps", feeBps(self), 0, 1_000);
        within("royaltyCapBps", royaltyCapBps(self), 0, 5_000);
        within("challengerShareBps", challengerShareBps(self), 2_500, 5_000);
        within("exposureBps", exposureBps(self), 1_000, 10_000);
        within("leastLockCalls", leastLockCalls(self), 50, 100_000);
        within("disputeBond", disputeBond(self), OPG, 1e5 * OPG);
        within("closeNoticePeriod", closeNoticePeriod(self), clockFloor, 14 days);
        within("receiptHorizonPeriod", receiptHorizonPeriod(self), leastWindowPeriod, 14 days);
        within("maxSessionPeriod", maxSessionPeriod(self), closeNoticePeriod(self), 60 days);
    }

    /// @dev Replaces the horizon. The caller has checked that it fits 24 bits.
    function withHorizon(SessionRules self, uint256 horizon) internal pure returns (SessionRules) {
        uint256 rest = _word(self) & ~HORIZON_MASK;
        return SessionRules.wrap(bytes32(rest | (horizon << HORIZON_SHIFT)));
    }

    function feeBps(SessionRules self) internal pure returns (uint256) {
        return uint16(_word(self));
    }

    function royaltyCapBps(SessionRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 16);
    }

    function challengerShareBps(SessionRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 32);
    }

    function exposureBps(SessionRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 48);
    }

    function leastLockCalls(SessionRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 64);
    }

    /// @dev OPG, base units.
    function disputeBond(SessionRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 88) * OPG;
    }

    function closeNoticePeriod(SessionRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 112);
    }

    function receiptHorizonPeriod(SessionRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 136);
    }

    function maxSessionPeriod(SessionRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 160);
    }

    /// @dev From the end of a session until no verdict about it can come in any more, seconds.
    function horizonPeriod(SessionRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> HORIZON_SHIFT);
    }

    function within(bytes32 field, uint256 given, uint256 least, uint256 most) internal pure {
        if (given < least || given > most) revert SessionsOutOfBounds(field, given, least, most);
    }

    function _word(SessionRules self) private pure returns (uint256) {
        return uint256(SessionRules.unwrap(self));
    }
}
