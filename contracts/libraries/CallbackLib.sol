// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title The one call to a contract that nobody has checked
library CallbackLib {
    /// @dev What the caller needs afterwards, beside the gas that it hands on.
    uint256 internal constant RESERVE = 60_000;

    /// @notice The transaction brings too little gas for the callback.
    /// @custom:fix Send at least `needed` more gas than the call had used up to here.
    error CallbackGasTooLow(uint256 given, uint256 needed);

    /// @dev Reverts unless a call that comes now gets exactly `gasCap` gas, whatever the sender brought.
    /// @custom:source EIP-150: a call gets at most 63/64 of the gas that is left.
    function checkGas(uint256 gasCap) internal view {
        uint256 needed = (gasCap * 64) / 63 + RESERVE;
        if (gasleft() < needed) revert CallbackGasTooLow(gasleft(), needed);
    }

    /// @dev Calls with exactly `gasCap` gas, so that a failure is the callee's own. Copies nothing back. An account without code
    /// counts as a failure: nothing was served.
    function tryCall(address target, uint256 gasCap, bytes memory data) internal returns (bool success) {
        checkGas(gasCap);
        if (target.code.length == 0) return false;
        assembly ("memory-safe") {
            success := call(gasCap, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }
}
