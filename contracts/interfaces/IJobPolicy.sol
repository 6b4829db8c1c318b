// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Job, JobId, JobRecord, JobState, Settlement} from "../types/JobTypes.sol";
import {IResultCommitments} from "./IResultCommitments.sol";

/// @title What policies have in common: they say how a job ends, and with which governed numbers that is sound
/// @notice A policy reads rounds and holds neither tokens nor state; whoever holds the tokens asks it and pays.
/// @dev For each course of events exactly one final state can be reached, and after the last deadline one always can.
interface IJobPolicy {
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

    /// @notice The job cannot move, or not this way, yet.
    /// @custom:fix `next` is where it can go now: audits and appeals by `advance`, `Unanswered` by `expire`, other final
    /// states by `settle`. If it equals `state`, a deadline or a block must pass first.
    error MarketNotDue(JobId jobId, JobState state, JobState next);

    /// @notice How a job ends that can end now.
    /// @param consumer The contract that sealed the job's rounds.
    /// @param jobId The job.
    /// @param job Its fields; the consumer vouches that they belong to the id.
    /// @param record Its slot; the consumer vouches for it, too.
    /// @param seats All who sealed: first draw, audit, appeal, each ascending by address.
    function settlementOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view returns (Settlement memory);

    /// @notice Where rounds are read.
    function COMMITMENTS() external view returns (IResultCommitments);

    /// @notice Seconds within which a seed must be had, after the request or after the end of a round; at most what 256
    /// blocks take, because the chain then forgets it.
    function SEED_PERIOD() external view returns (uint48);
}
