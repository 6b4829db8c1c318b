// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobRules, Rules} from "../types/JobTypes.sol";

/// @title Packing of the governed numbers
library RulesLib {
    uint256 private constant HORIZON_SHIFT = 232;
    uint256 private constant OPG = 1e18;

    /// @notice A number is too large for its field.
    /// @custom:fix Stay at or below `most`.
    error RulesFieldTooLarge(uint256 shift, uint256 given, uint256 most);

    /// @dev Without the horizon, which follows from the other numbers.
    function pack(Rules memory rules) internal pure returns (JobRules) {
        uint256 word = uint256(rules.feeBps);
        word |= uint256(rules.seatFactorBps) << 16;
        word |= uint256(rules.absenceBps) << 32;
        word |= uint256(rules.noResultFeeBps) << 48;
        word |= uint256(rules.errorFeeBps) << 64;
        word |= uint256(rules.royaltyCapBps) << 80;
        word |= uint256(rules.drawnValueCap) << 96;
        word |= uint256(rules.maxSealPeriod) << 120;
        word |= _field(rules.widenSteps, 136, 4);
        word |= _field(rules.appealWidenSteps, 140, 4);
        word |= uint256(rules.appealSize) << 144;
        word |= _field(rules.activationPeriod, 152, 20);
        word |= _field(rules.revealPeriod, 172, 20);
        word |= _field(rules.appealSealPeriod, 192, 20);
        word |= _field(rules.appealRevealPeriod, 212, 20);
        return JobRules.wrap(bytes32(word));
    }

    /// @dev Replaces the horizon. The caller has checked that it fits 24 bits.
    function withHorizon(JobRules self, uint256 horizon) internal pure returns (JobRules) {
        uint256 rest = _word(self) & ((1 << HORIZON_SHIFT) - 1);
        return JobRules.wrap(bytes32(rest | (horizon << HORIZON_SHIFT)));
    }

    function feeBps(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self));
    }

    function seatFactorBps(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 16);
    }

    function absenceBps(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 32);
    }

    function noResultFeeBps(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 48);
    }

    function errorFeeBps(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 64);
    }

    function royaltyCapBps(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 80);
    }

    /// @dev OPG, base units.
    function drawnValueCap(JobRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 96) * OPG;
    }

    function maxSealPeriod(JobRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 120);
    }

    function widenSteps(JobRules self) internal pure returns (uint256) {
        return (_word(self) >> 136) & 0xf;
    }

    function appealWidenSteps(JobRules self) internal pure returns (uint256) {
        return (_word(self) >> 140) & 0xf;
    }

    function appealSize(JobRules self) internal pure returns (uint256) {
        return uint8(_word(self) >> 144);
    }

    function activationPeriod(JobRules self) internal pure returns (uint256) {
        return (_word(self) >> 152) & 0xfffff;
    }

    function revealPeriod(JobRules self) internal pure returns (uint256) {
        return (_word(self) >> 172) & 0xfffff;
    }

    function appealSealPeriod(JobRules self) internal pure returns (uint256) {
        return (_word(self) >> 192) & 0xfffff;
    }

    function appealRevealPeriod(JobRules self) internal pure returns (uint256) {
        return (_word(self) >> 212) & 0xfffff;
    }

    /// @dev Longest time from a seal to the end of its job, seconds.
    function horizonPeriod(JobRules self) internal pure returns (uint256) {
        return _word(self) >> HORIZON_SHIFT;
    }

    function _word(JobRules self) private pure returns (uint256) {
        return uint256(JobRules.unwrap(self));
    }

    function _field(uint256 value, uint256 shift, uint256 bits) private pure returns (uint256) {
        if (value >> bits != 0) revert RulesFieldTooLarge(shift, value, (1 << bits) - 1);
        return value << shift;
    }
}
