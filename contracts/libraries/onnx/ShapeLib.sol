// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LayoutLib} from "./LayoutLib.sol";

/// @title Shapes of tensors
/// @dev They have at least one dimension.
library ShapeLib {
    /// @dev Elements of a row.
    function last(uint32[] memory shape) internal pure returns (uint256) {
        return shape[shape.length - 1];
    }

    function equal(uint32[] memory a, uint32[] memory b) internal pure returns (bool same) {
        // Of both, length and elements as they stand in memory.
        assembly ("memory-safe") {
            same := eq(keccak256(a, shl(5, add(mload(a), 1))), keccak256(b, shl(5, add(mload(b), 1))))
        }
    }

    /// @dev Whether one tensor has an element for each row of another one. Whether the last axis is kept does not matter.
    function hasElementPerRow(uint32[] memory made, uint32[] memory read) internal pure returns (bool) {
        return LayoutLib.countOf(made) == LayoutLib.countOf(read) / last(read);
    }
}
