// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ResultPolicy, ResultStatus} from "../types/ConsumerTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";
import {IInferenceMarketplace} from "./IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "./IOptimisticMarketplace.sol";
import {IProvisionalCallback} from "./IProvisionalCallback.sol";

/// @title What every contract that orders inferences with `InferenceConsumer` shows
/// @notice It takes results from its markets alone, for jobs that it has ordered itself and still wants, each once.
/// @custom:source docs/consumers.md
interface IInferenceConsumer is IProvisionalCallback {
    /// @notice A job was ordered. Its result is taken if it is delivered at `acceptUntil` (unix seconds) or before.
    event InferenceOrdered(JobId indexed jobId, ResultPolicy indexed policy, uint256 acceptUntil);

    /// @notice A result was taken; `status` is `Final` or `Provisional`.
    event InferenceTaken(JobId indexed jobId, ResultStatus indexed status, PayloadError fault);

    /// @notice The result of a job is not wanted any more.
    event InferenceForgotten(JobId indexed jobId);

    /// @notice The contract was made without a market for such orders.
    /// @custom:fix Give the constructor that market, or order under another policy.
    error ConsumerNoMarket(ResultPolicy policy);

    /// @notice The result would be too late at the moment of the order.
    /// @custom:fix Set `acceptUntil` (unix seconds) after `orderedAt` (unix seconds), with the time that the job takes.
    error ConsumerAcceptsNothing(uint256 acceptUntil, uint256 orderedAt);

    /// @notice The contract did not order this job, has its result, or has forgotten it.
    /// @custom:fix Nothing: there is nobody who wants this result.
    error ConsumerNotWaiting(JobId jobId);

    /// @notice Somebody other than the market of a job brought its result.
    /// @custom:fix Let `expected` deliver it: call `deliver` there.
    error ConsumerNotMarket(JobId jobId, address caller, address expected);

    /// @notice The result was delivered after `acceptUntil` (unix seconds).
    /// @custom:fix Order again; the requester gets the tip of this job back by `reclaimTip` of the market.
    error ConsumerResultStale(JobId jobId, uint256 acceptUntil);

    /// @notice The answer can still be found false, and this job was not ordered to take such answers.
    /// @custom:fix Deliver it when it is final.
    error ConsumerTakesNoProvisional(JobId jobId);

    /// @notice Where a job stands for this contract, now.
    /// @dev Asks the market, because only the market knows what became of a provisional answer.
    /// @param jobId The job.
    function statusOf(JobId jobId) external view returns (ResultStatus);

    /// @notice Where several nodes answer; zero if this contract orders nothing there.
    function MARKET() external view returns (IInferenceMarketplace);

    /// @notice Where one node answers; zero if this contract orders nothing there.
    function OPTIMISTIC() external view returns (IOptimisticMarketplace);
}
