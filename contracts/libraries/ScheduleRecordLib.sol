// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ScheduleRecord, ScheduleState} from "../types/SchedulerTypes.sol";
import {SchedulerRulesLib} from "./SchedulerRulesLib.sol";

/// @title The slot of a schedule
library ScheduleRecordLib {
    uint256 private constant STATE_MASK = 0xff;
    uint256 private constant INDEX_SHIFT = 8;
    uint256 private constant RUNS_SHIFT = 48;
    uint256 private constant COUNT_MASK = type(uint40).max;
    uint256 private constant BUDGET_SHIFT = 88;

    /// @dev A schedule that has not run yet.
    function begun(ScheduleState state_, uint256 budget_) internal pure returns (ScheduleRecord) {
        SchedulerRulesLib.within("budget", budget_, 0, type(uint96).max);
        return ScheduleRecord.wrap(uint256(state_) | (budget_ << BUDGET_SHIFT));
    }

    /// @dev The caller has checked that the budget holds so much.
    /// @param index The period that has run; below 2^40.
    function ran(ScheduleRecord self, uint256 index, uint256 spent) internal pure returns (ScheduleRecord) {
        // Each run is in a period of its own, and periods fit 40 bits.
        unchecked {
            uint256 word = uint256(state(self));
            word |= (index + 1) << INDEX_SHIFT;
            word |= (runs(self) + 1) << RUNS_SHIFT;
            word |= (budget(self) - spent) << BUDGET_SHIFT;
            return ScheduleRecord.wrap(word);
        }
    }

    /// @dev The caller has checked that the budget is below 2^96.
    function withBudget(ScheduleRecord self, uint256 budget_) internal pure returns (ScheduleRecord) {
        uint256 rest = ScheduleRecord.unwrap(self) & ((1 << BUDGET_SHIFT) - 1);
        return ScheduleRecord.wrap(rest | (budget_ << BUDGET_SHIFT));
    }

    function entered(ScheduleRecord self, ScheduleState next) internal pure returns (ScheduleRecord) {
        return ScheduleRecord.wrap((ScheduleRecord.unwrap(self) & ~STATE_MASK) | uint256(next));
    }

    /// @dev Nothing runs any more, so nothing can be taken.
    function ended(ScheduleRecord self) internal pure returns (ScheduleRecord) {
        return entered(withBudget(self, 0), ScheduleState.Ended);
    }

    /// @dev Nothing else writes records, so the number is that of a state.
    function state(ScheduleRecord self) internal pure returns (ScheduleState state_) {
        assembly ("memory-safe") {
            state_ := and(self, STATE_MASK)
        }
    }

    /// @dev The first period that has not run, and was not skipped by one that has.
    function nextIndex(ScheduleRecord self) internal pure returns (uint256) {
        return (ScheduleRecord.unwrap(self) >> INDEX_SHIFT) & COUNT_MASK;
    }

    function runs(ScheduleRecord self) internal pure returns (uint256) {
        return (ScheduleRecord.unwrap(self) >> RUNS_SHIFT) & COUNT_MASK;
    }

    /// @dev OPG.
    function budget(ScheduleRecord self) internal pure returns (uint256) {
        return ScheduleRecord.unwrap(self) >> BUDGET_SHIFT;
    }
}
