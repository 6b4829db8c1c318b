// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title What a contract implements to receive results
interface IInferenceCallback {
    /// @notice Receives the final result of a job.
    /// @dev The caller must be the market that the implementation trusts, and the job one that it waits for: anybody can
    /// order a job that names this contract. If this reverts, or needs more gas than the job names, it is called again
    /// whenever somebody tries.
    /// @param jobId The job.
    /// @param versionId The version that was run.
    /// @param fault `None`, or why there is no output.
    /// @param payload The tensors in the order of the version's outputs: `abi.encode(Tensor[])`; empty if there is a fault.
    /// @custom:caller The market.
    function onInference(JobId jobId, VersionId versionId, PayloadError fault, bytes calldata payload) external;
}
