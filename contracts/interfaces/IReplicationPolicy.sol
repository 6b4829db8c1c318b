// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Job, JobId, JobRecord, JobRules, JobState, Settlement} from "../types/JobTypes.sol";
import {IResultCommitments} from "./IResultCommitments.sol";

/// @title The policy `Replicated`: several nodes answer, and unanimity or an appeal decides
/// @notice Says of a job where it can go: on to an audit or an appeal, or to which final state with which output, and what
/// each seat then earns or loses. It also knows with which governed numbers that is sound. It reads rounds and holds
/// neither tokens nor state; whoever holds the tokens asks it and pays.
/// @dev For each course of events exactly one final state can be reached, and after the last deadline one always can.
interface IReplicationPolicy {
    /// @notice A parameter is outside its hard bounds.
    /// @custom:fix Give `parameter` between `least` and `most`.
    error PolicyOutOfBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most);

    /// @notice A job could last as long as stake thaws, so what answers for it could leave.
    /// @custom:fix Shorten periods or take steps away until the horizon is below `thawPeriod` (seconds).
    error PolicyDeadlinesDoNotNest(uint256 horizonPeriod, uint256 thawPeriod);

    /// @notice The seats are not as many as have sealed.
    /// @custom:fix List the nodes of `ResultSealed` of each round of the job, `expected` in all.
    error PolicyWrongSeats(JobId jobId, uint256 given, uint256 expected);

    /// @notice The job cannot end yet; `next` is where it can go now (its own state if nothing is due).
    /// @custom:fix If `next` is `Audit` or `Appeal`, begin it; otherwise wait for a deadline or a block.
    error PolicyNotFinal(JobId jobId, JobState state, JobState next);

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

    /// @notice How a job ends that can end now.
    /// @param consumer As in `nextStateOf`.
    /// @param jobId As in `nextStateOf`.
    /// @param job As in `nextStateOf`.
    /// @param record As in `nextStateOf`.
    /// @param seats All who sealed: first draw, audit, appeal, each ascending by address.
    function settlementOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view returns (Settlement memory);

    /// @notice Reverts unless the seats are exactly those who have sealed so far.
    /// @param consumer As in `nextStateOf`.
    /// @param jobId As in `nextStateOf`.
    /// @param job As in `nextStateOf`.
    /// @param record As in `nextStateOf`.
    /// @param seats As in `settlementOf`.
    function checkSeats(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view;

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

    /// @notice Where rounds are read.
    function COMMITMENTS() external view returns (IResultCommitments);

    /// @notice Seconds within which a seed must be had, after the request or after the end of a round; at most what 256
    /// blocks take, because the chain then forgets it.
    function SEED_PERIOD() external view returns (uint48);

    /// @notice Shortest sealing step, seconds.
    function LEAST_SEAL_PERIOD() external view returns (uint48);

    /// @notice Shortest clock whose end costs collateral, seconds. On a roll-up above its forced-inclusion period.
    function MONEY_CLOCK_FLOOR() external view returns (uint48);
}
