// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InferenceInput} from "../types/ConsumerTypes.sol";
import {ScheduleId} from "../types/SchedulerTypes.sol";

/// @title What a contract implements to give the inputs of a schedule
interface IInputSource {
    /// @notice The input of a run. Nobody checks that `root` is the root of what is carried: where nodes find something else,
    /// the job ends with an error, as every job does whose requester errs.
    /// @dev Asked by a static call with exactly the gas that the schedule names. If it reverts, nothing runs, and the run can be
    /// tried again until its period ends.
    /// @param scheduleId The schedule.
    /// @param index The period that runs.
    /// @return input As `TermsLib.inPlace` or `TermsLib.fetchedFrom` makes it.
    function inputOf(ScheduleId scheduleId, uint256 index) external view returns (InferenceInput memory input);
}
