// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";
import {IInferenceCallback} from "./IInferenceCallback.sol";

/// @title What a contract implements to receive answers before they are final
/// @notice A name of its own, so that nobody takes a provisional answer for a result.
interface IProvisionalCallback is IInferenceCallback {
    /// @notice Hands over an answer that can still be found false. Check that the caller is the market and the job is yours.
    /// @param jobId The job.
    /// @param versionId The model version that was run.
    /// @param fault None, or why there is no output; then `payload` is empty.
    /// @param payload `abi.encode(Tensor[])`, as stated.
    /// @param disputableUntil Unix seconds; a dispute that began before can go on for longer. Only the market tells whether
    /// the answer stands.
    function onProvisionalInference(
        JobId jobId,
        VersionId versionId,
        PayloadError fault,
        bytes calldata payload,
        uint256 disputableUntil
    ) external;
}
