// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ResultPolicy} from "../types/ConsumerTypes.sol";
import {ScheduleId} from "../types/SchedulerTypes.sol";
import {IScheduledCallback} from "./IScheduledCallback.sol";

/// @title What a contract that takes the results of schedules shows of itself
interface IScheduledConsumer is IScheduledCallback {
    /// @notice Results of the jobs of a schedule are taken from now on, for `acceptPeriod` seconds after the run; zero: no more.
    event ScheduleFollowed(ScheduleId indexed scheduleId, ResultPolicy policy, uint256 acceptPeriod);

    /// @notice Somebody other than the scheduler tells of a run.
    /// @custom:fix Call from `expected`: trigger the schedule there.
    error ConsumerNotScheduler(ScheduleId scheduleId, address caller, address expected);

    /// @notice The contract does not want the results of this schedule.
    /// @custom:fix Let the contract follow the schedule, or leave the notice out of it.
    error ConsumerNotFollowing(ScheduleId scheduleId);

    /// @notice A schedule can be followed for a market that the contract knows, and with some time to take a result in.
    /// @custom:fix Give the policy under which the schedule orders, and a period of at least a second.
    error ConsumerCannotFollow(ScheduleId scheduleId, ResultPolicy policy, uint256 acceptPeriod);

    /// @notice Who tells of runs.
    function SCHEDULER() external view returns (address);
}
