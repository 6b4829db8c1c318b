// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title A callback that burns all gas that it gets
contract GasBurner is IInferenceCallback {
    /// @inheritdoc IInferenceCallback
    function onInference(JobId, VersionId, PayloadError, bytes calldata) external pure {
        assembly ("memory-safe") {
            invalid()
        }
    }
}
