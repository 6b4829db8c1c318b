// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Job, JobId, JobRecord, JobRules, JobState} from "../types/JobTypes.sol";
import {IJobPolicy} from "./IJobPolicy.sol";

/// @title The policy `Replicated`: several nodes answer, and unanimity or an appeal decides
/// @notice Says of a job where it can go: on to an audit or an appeal, or to which final state with which output, and what
/// each seat then earns or loses.
interface IReplicationPolicy is IJobPolicy {
    /// @notice Where a job that is under way can go now.
    /// @param consumer The contract that sealed the job's rounds.
    /// @param jobId The job.
    /// @param job Its fields; the consumer vouches that they belong to the id.
    /// @param record Its slot; the consumer vouches for it, too.
    /// @return next Its own state if nothing is due.
    /// @return awaitsSeedBlock Nothing is due before somebody fixes the block of the next seed.
    /// @return seedHash Hash of the block that seeds an audit or appeal.
    function nextStateOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record
    ) external view returns (JobState next, bool awaitsSeedBlock, bytes32 seedHash);

    /// @notice The slot of a job that goes on now: with the block of the next seed, where nothing can follow before that is
    /// fixed; else in its audit or appeal, with the seed of that draw. Reverts where neither is due.
    /// @param consumer As in `nextStateOf`.
    /// @param jobId As in `nextStateOf`.
    /// @param job As in `nextStateOf`.
    /// @param record As in `nextStateOf`.
    /// @param seats Where a draw begins, exactly those who have sealed so far: first draw, audit, each ascending by address.
    function advanced(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view returns (JobRecord);

    /// @notice Checks governed numbers against their hard bounds, and completes them with the horizon that follows.
    /// @param rules feeBps 0 to 1,000; seatFactorBps 12,500 to 30,000; absenceBps and errorFeeBps 500 to 5,000;
    /// noResultFeeBps 2,500 to 7,500; royaltyCapBps 0 to 5,000; drawnValueCap 1 to 1,000,000 OPG; maxSealPeriod
    /// `LEAST_SEAL_PERIOD` to 6 hours; widenSteps 1 to 6; appealWidenSteps 0 to 3; appealSize 3 to 33; activationPeriod 2
    /// seconds to 7 days; revealPeriod and appealRevealPeriod `MONEY_CLOCK_FLOOR` to 48 hours; appealSealPeriod
    /// `MONEY_CLOCK_FLOOR` to 72 hours.
    /// @param marginPeriod Seconds to settle in after the last clock; half of `MONEY_CLOCK_FLOOR` to 30 days.
    /// @param thawPeriod Seconds that leaving stake can still be slashed; the horizon must stay below it.
    /// @return The rules with their horizon.
    function complete(JobRules rules, uint256 marginPeriod, uint256 thawPeriod) external view returns (JobRules);

    /// @notice Shortest sealing step, seconds.
    function LEAST_SEAL_PERIOD() external view returns (uint48);

    /// @notice Shortest clock whose end costs collateral, seconds. On a roll-up above its forced-inclusion period.
    function MONEY_CLOCK_FLOOR() external view returns (uint48);
}
