// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPausable} from "../interfaces/IPausable.sol";

/// @title Entries that can be closed for a time
/// @dev Who inherits calls `_checkOpen` where somebody is bound anew, and nowhere else.
abstract contract PausableEntries is AccessManaged, IPausable {
    /// @inheritdoc IPausable
    uint256 public pausedUntil;

    /// @inheritdoc IPausable
    function pauseUntil(uint256 time) public virtual restricted {
        pausedUntil = time;
        emit EntriesPaused(time);
    }

    function _checkOpen() internal view {
        if (block.timestamp < pausedUntil) revert EntryPaused(pausedUntil);
    }
}
