// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title How a node lays a tensor down: whole if it is small, else the roots of parts, one of which it shows later
library PartLib {
    /// @dev Levels of a tree that are laid down at once, at most: 256 words or roots.
    uint256 private constant MOST_LEVELS = 8;

    /// @dev The depth at which the nodes of a tensor's tree are laid down. It is that of the words if the tensor is laid down
    /// whole. Else there are about as many parts as words in each, which is where roots and words together are fewest.
    /// @param depth Of the tree.
    function levelsOf(uint256 depth) internal pure returns (uint256) {
        return depth <= MOST_LEVELS ? depth : Math.min((depth + 1) / 2, MOST_LEVELS);
    }
}
