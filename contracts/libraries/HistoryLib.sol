// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @title A value over time, with the present one kept elsewhere
/// @notice The present value and its time stand in a packed slot beside other things, so that the usual look-up, of a
/// time not long ago, costs no slot of its own. Only older values are in the trace.
library HistoryLib {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev The value at `time`: the last one written at or before it.
    function valueAt(
        Checkpoints.Trace208 storage older,
        uint48 since,
        uint256 present,
        uint256 time
    ) internal view returns (uint256) {
        return time >= since ? present : older.upperLookup(uint48(time)); // time < since < 2^48
    }

    /// @dev To be called before a present value is overwritten. A value that held for no time leaves no trace.
    function retire(Checkpoints.Trace208 storage older, uint48 since, uint208 present) internal {
        if (since != 0 && since < block.timestamp) older.push(since, present);
    }
}
