// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title A callback that shows what it was given, or refuses it for as long as it is told to
contract CallbackRecorder is IInferenceCallback {
    bool public refuses;

    event Received(address caller, JobId jobId, VersionId versionId, PayloadError fault, bytes payload);

    error Refused(JobId jobId);

    /// @param refuses_ Whether results are refused from now on.
    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId jobId, VersionId versionId, PayloadError fault, bytes calldata payload) external {
        if (refuses) revert Refused(jobId);
        emit Received(msg.sender, jobId, versionId, fault, payload);
    }
}
