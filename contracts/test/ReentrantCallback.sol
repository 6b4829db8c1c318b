// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title A callback that calls its caller back, with any call that it was armed with
contract ReentrantCallback is IInferenceCallback {
    bytes private _call;

    /// @notice What the call inside the callback led to; `result` is its revert data if it failed.
    event Reentered(bool success, bytes result);

    /// @param call Calldata for the caller of `onInference`.
    function arm(bytes calldata call) external {
        _call = call;
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId, VersionId, PayloadError, bytes calldata) external {
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory result) = msg.sender.call(_call);
        emit Reentered(success, result);
    }
}
