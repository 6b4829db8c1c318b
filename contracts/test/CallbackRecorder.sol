// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IProvisionalCallback} from "../interfaces/IProvisionalCallback.sol";
import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title A callback that shows what it was given, or refuses it for as long as it is told to
contract CallbackRecorder is IProvisionalCallback {
    bool public refuses;

    event Received(address caller, JobId jobId, VersionId versionId, PayloadError fault, bytes payload);

    event ReceivedProvisionally(
        address caller,
        JobId jobId,
        VersionId versionId,
        PayloadError fault,
        bytes payload,
        uint256 disputableUntil
    );

    error Refused(JobId jobId);

    /// @param refuses_ Whether results are refused from now on.
    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    /// @notice Shows a result.
    /// @param jobId The job.
    /// @param versionId The model version that was run.
    /// @param fault None, or why there is no output.
    /// @param payload The output.
    function onInference(JobId jobId, VersionId versionId, PayloadError fault, bytes calldata payload) external {
        if (refuses) revert Refused(jobId);
        emit Received(msg.sender, jobId, versionId, fault, payload);
    }

    /// @inheritdoc IProvisionalCallback
    function onProvisionalInference(
        JobId jobId,
        VersionId versionId,
        PayloadError fault,
        bytes calldata payload,
        uint256 disputableUntil
    ) external {
        if (refuses) revert Refused(jobId);
        emit ReceivedProvisionally(msg.sender, jobId, versionId, fault, payload, disputableUntil);
    }
}
