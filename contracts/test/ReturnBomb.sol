// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {JobId} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title A callback that answers with so much data that a caller who copies it runs out of gas
contract ReturnBomb is IInferenceCallback {
    /// @dev Memory of this size costs 142,000 gas, to whom makes it and to whom copies it.
    uint256 private constant SIZE = 250_000;

    bool public immutable REVERTS;

    /// @param reverts Whether the data comes with a revert or with a success.
    constructor(bool reverts) {
        REVERTS = reverts;
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId, VersionId, PayloadError, bytes calldata) external view {
        bool reverts = REVERTS;
        uint256 size = SIZE;
        assembly {
            if reverts {
                revert(0, size)
            }
            return(0, size)
        }
    }
}
