// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {ScheduleId} from "../types/SchedulerTypes.sol";

/// @title What a contract implements to know which jobs its schedules have ordered
interface IScheduledCallback {
    /// @notice A run of a schedule has ordered a job whose result comes here.
    /// @dev The caller must be the scheduler that the implementation trusts, and the schedule one that it waits for: anybody
    /// can schedule jobs that name this contract. If this reverts, or needs more gas than the schedule names, nothing runs.
    /// @param scheduleId The schedule.
    /// @param index The period that runs.
    /// @param jobId What was ordered.
    /// @custom:caller The scheduler.
    function onScheduled(ScheduleId scheduleId, uint256 index, JobId jobId) external;
}
