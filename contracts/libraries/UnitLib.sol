// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title The unit in which records keep OPG
/// @dev Prices and sums that share a slot with other things are whole millionths of OPG.
library UnitLib {
    /// @dev OPG, base units.
    uint256 internal constant UNIT = 1e12;

    /// @custom:rounds Down.
    function inUnits(uint256 amount) internal pure returns (uint256) {
        unchecked {
            return amount - (amount % UNIT);
        }
    }
}
