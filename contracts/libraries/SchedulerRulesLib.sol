// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SchedulerNumbers, SchedulerRules} from "../types/SchedulerTypes.sol";
import {JobLib} from "./JobLib.sol";

/// @title The governed numbers of schedules: their packing, their bounds, and what a keeper earns by them
library SchedulerRulesLib {
    /// @notice A number of the rules, or a field of a schedule, is outside its bounds.
    /// @custom:fix Give `field` between `least` and `most` (periods and times in seconds).
    error SchedulerOutOfBounds(bytes32 field, uint256 given, uint256 least, uint256 most);

    function pack(SchedulerNumbers memory numbers) internal pure returns (SchedulerRules) {
        uint256 word = uint256(numbers.leastInterval);
        word |= uint256(numbers.keeperFloorBps) << 24;
        word |= uint256(numbers.keeperCapBps) << 40;
        word |= uint256(numbers.keeperRampPeriod) << 64;
        return SchedulerRules.wrap(bytes32(word));
    }

    /// @dev Reverts unless every number is inside its bounds.
    function check(SchedulerRules self) internal pure {
        within("rules", _word(self), 0, type(uint80).max);
        within("leastInterval", leastInterval(self), 1, 1 days);
        within("keeperFloorBps", keeperFloorBps(self), 0, JobLib.BPS);
        within("keeperCapBps", keeperCapBps(self), JobLib.BPS, 10 * JobLib.BPS);
        within("keeperRampPeriod", keeperRampPeriod(self), 2, 1 hours);
        // A run that nobody wanted at the floor is worth the cap before it is skipped.
        within("keeperRampPeriod", keeperRampPeriod(self), 2, leastInterval(self) / 2);
    }

    /// @dev The part of a run's gas that its keeper gets, in basis points.
    /// @param lateness Seconds since the run was due.
    /// @custom:rounds Down, in favour of the owner.
    function keeperBps(SchedulerRules self, uint256 lateness) internal pure returns (uint256) {
        uint256 ramp = keeperRampPeriod(self);
        if (lateness >= ramp) return keeperCapBps(self);
        uint256 floor = keeperFloorBps(self);
        // The cap is not below the floor, and the ramp not zero.
        unchecked {
            return floor + ((keeperCapBps(self) - floor) * lateness) / ramp;
        }
    }

    /// @dev Seconds.
    function leastInterval(SchedulerRules self) internal pure returns (uint256) {
        return uint24(_word(self));
    }

    function keeperFloorBps(SchedulerRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 24);
    }

    function keeperCapBps(SchedulerRules self) internal pure returns (uint256) {
        return uint24(_word(self) >> 40);
    }

    /// @dev Seconds.
    function keeperRampPeriod(SchedulerRules self) internal pure returns (uint256) {
        return uint16(_word(self) >> 64);
    }

    function within(bytes32 field, uint256 given, uint256 least, uint256 most) internal pure {
        if (given < least || given > most) revert SchedulerOutOfBounds(field, given, least, most);
    }

    function _word(SchedulerRules self) private pure returns (uint256) {
        return uint256(SchedulerRules.unwrap(self));
    }
}
