// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CallbackLib} from "./CallbackLib.sol";

/// @title The one static call to a contract that nobody has checked
library SourceLib {
    /// @dev Calls with exactly `gasCap` gas: a source that swallows a failure for want of gas would let the sender choose what it
    /// returns. Copies at most `mostBytes` back.
    function tryRead(
        address target,
        uint256 gasCap,
        bytes memory data,
        uint256 mostBytes
    ) internal view returns (bool success, bytes memory result) {
        CallbackLib.checkGas(gasCap);
        assembly ("memory-safe") {
            success := staticcall(gasCap, target, add(data, 0x20), mload(data), 0, 0)
            let size := returndatasize()
            // An account without code succeeds and returns nothing.
            success := and(success, and(gt(size, 0), iszero(gt(size, mostBytes))))
            if success {
                result := mload(0x40)
                mstore(result, size)
                returndatacopy(add(result, 0x20), 0, size)
                mstore(0x40, and(add(add(result, 0x3f), size), not(0x1f)))
            }
        }
    }
}
