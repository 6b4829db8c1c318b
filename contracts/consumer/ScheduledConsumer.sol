// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IScheduledCallback} from "../interfaces/IScheduledCallback.sol";
import {IScheduledConsumer} from "../interfaces/IScheduledConsumer.sol";
import {Followed, ResultPolicy} from "../types/ConsumerTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {ScheduleId} from "../types/SchedulerTypes.sol";
import {InferenceConsumer} from "./InferenceConsumer.sol";

/// @title What a contract inherits to take the results of schedules, too
/// @notice The schedule's order names this contract as its callback, and the schedule names gas for the notice: 80,000 is
/// enough. Follow it with `_follow`; results come to `_onInference`, as those of the contract's own orders do. Whoever owns the
/// schedule decides what is asked: follow those alone whose fields are known.
/// @custom:source docs/consumers.md
abstract contract ScheduledConsumer is InferenceConsumer, IScheduledConsumer {
    /// @inheritdoc IScheduledConsumer
    address public immutable SCHEDULER;

    mapping(ScheduleId scheduleId => Followed) private _followed;

    /// @param scheduler Who tells of runs.
    constructor(address scheduler) {
        SCHEDULER = scheduler;
    }

    /// @inheritdoc IScheduledCallback
    function onScheduled(ScheduleId scheduleId, uint256, JobId jobId) external {
        if (msg.sender != SCHEDULER) revert ConsumerNotScheduler(scheduleId, msg.sender, SCHEDULER);
        Followed memory followed = _followed[scheduleId];
        if (followed.acceptPeriod == 0) revert ConsumerNotFollowing(scheduleId);
        uint48 acceptUntil = uint48(block.timestamp) + followed.acceptPeriod;
        _expect(jobId, followed.policy, followed.provisional, acceptUntil);
    }

    /// @dev Results of this schedule's later runs are taken.
    /// @param policy Under which it orders; what a result is worth follows from it.
    /// @param provisional Whether answers are taken before they are final, as its order says.
    /// @param acceptPeriod Seconds after a run in which its result is taken.
    function _follow(ScheduleId scheduleId, ResultPolicy policy, bool provisional, uint32 acceptPeriod) internal {
        bool known = policy != ResultPolicy.None && _marketOf(policy) != address(0);
        if (!known || acceptPeriod == 0) revert ConsumerCannotFollow(scheduleId, policy, acceptPeriod);
        _followed[scheduleId] = Followed(policy, provisional, acceptPeriod);
        emit ScheduleFollowed(scheduleId, policy, acceptPeriod);
    }

    /// @dev Results of runs from now on are refused. Runs that tell of themselves fail.
    function _unfollow(ScheduleId scheduleId) internal {
        delete _followed[scheduleId];
        emit ScheduleFollowed(scheduleId, ResultPolicy.None, 0);
    }
}
