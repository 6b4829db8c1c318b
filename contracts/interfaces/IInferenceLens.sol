// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Job, JobId} from "../types/JobTypes.sol";
import {InferenceQuote, JobStatus} from "../types/LensTypes.sol";
import {IInferenceMarketplace} from "./IInferenceMarketplace.sol";

/// @title What an order of several nodes means, and where its job stands, in one read
/// @notice Says before an order what it costs at worst, and what its callback can be given. It reads the market and those whom
/// the market asks, and holds neither tokens nor state; nothing depends on it.
interface IInferenceLens {
    /// @notice What an order would mean that was placed here and now.
    /// @dev Reverts as `request` would, for a version or terms that the market does not take. Of the balance, the input beyond its
    /// root, and the royalty that the order accepts it says nothing.
    /// @param order As `request` takes it.
    function quote(Job calldata order) external view returns (InferenceQuote memory);

    /// @notice Where a job stands.
    /// @param jobId The job.
    function statusOf(JobId jobId) external view returns (JobStatus memory);

    /// @notice The market whose orders and jobs these are.
    function MARKET() external view returns (IInferenceMarketplace);
}
