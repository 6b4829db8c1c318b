// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Bounds of what control can set
library ControlLib {
    /// @notice A number of votes, delays or pauses is outside its bounds.
    /// @custom:fix Give `parameter` between `least` and `most` (periods in seconds, OPG in base units).
    error ControlOutOfBounds(bytes32 parameter, uint256 given, uint256 least, uint256 most);

    function within(bytes32 parameter, uint256 given, uint256 least, uint256 most) internal pure {
        if (given < least || given > most) revert ControlOutOfBounds(parameter, given, least, most);
    }
}
