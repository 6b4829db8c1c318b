// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceCallback} from "../../contracts/interfaces/IInferenceCallback.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";

/// @title A consumer of stake and a callback that means no good
/// @dev Does whatever it is told in its own name, and while it receives a result it tries that very call again.
contract Adversary is IInferenceCallback {
    address private _target;
    bytes private _call;

    /// @notice Calls from here, now and from inside of later callbacks.
    function act(address target, bytes calldata call) external returns (bool success) {
        _target = target;
        _call = call;
        return _act();
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId, VersionId, PayloadError, bytes calldata) external {
        _act();
    }

    function _act() private returns (bool success) {
        // solhint-disable-next-line avoid-low-level-calls
        (success, ) = _target.call(_call);
    }
}
