// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {INT64, FLOAT32, Order, UINT8} from "../../types/OnnxTypes.sol";

/// @title Where the elements of a tensor are among its committed bytes
/// @dev A tensor is committed as one string of bytes, whose 32-byte words are the leaves of its tree. An element has a place
/// in that string and an index in the tensor's row-major order. Unchecked: a product of 6 dimensions below 2^32 and an
/// element's size is below 2^195.
library LayoutLib {
    uint256 private constant WORD = 32;

    /// @dev Bytes of one element; zero for types that the profile does not have.
    function elementSize(uint8 dtype) internal pure returns (uint256) {
        if (dtype == UINT8) return 1;
        if (dtype == FLOAT32) return 4;
        return dtype == INT64 ? 8 : 0;
    }

    /// @dev Elements in all; zero for a rank of zero or a dimension of zero.
    function countOf(uint32[] memory shape) internal pure returns (uint256 count) {
        // A third of the gas of a loop in Solidity: each judgement counts each of its tensors more than once.
        assembly ("memory-safe") {
            let dimension := add(shape, 0x20)
            let end := add(dimension, shl(5, mload(shape)))
            count := lt(dimension, end)
            for {} lt(dimension, end) {
                dimension := add(dimension, 0x20)
            } {
                count := mul(count, mload(dimension))
            }
        }
    }

    /// @dev The order that a tensor between two steps has.
    function innerOrder(uint32[] memory shape) internal pure returns (uint8) {
        return uint8(shape.length == 4 ? Order.Image : Order.Rows);
    }

    /// @dev How many words a tensor has; zero if there can be none such.
    /// @custom:rounds Up: the last word of a row, or of a packed tensor, is padded.
    function wordsOf(uint8 order, uint8 dtype, uint32[] memory shape) internal pure returns (uint256) {
        unchecked {
            uint256 count = countOf(shape);
            if (count == 0 || order == uint8(Order.Packed)) return wordsFor(count * elementSize(dtype));
            if (order > uint8(Order.Image) || (order == uint8(Order.Image) && shape.length != 4)) return 0;
            uint256 row = rowOf(order, shape);
            return (count / row) * wordsFor(row * elementSize(dtype));
        }
    }

    /// @dev Depth of the tree over so many words, at least one.
    /// @custom:rounds Up: the tree has as many leaves as the next power of two.
    function depthOf(uint256 words) internal pure returns (uint256) {
        unchecked {
            return Math.log2(2 * words - 1);
        }
    }

    /// @dev Elements that stand together without gaps: those of the last axis, or the channels of a pixel.
    function rowOf(uint8 order, uint32[] memory shape) internal pure returns (uint256) {
        return shape[order == uint8(Order.Image) ? 1 : shape.length - 1];
    }

    /// @custom:rounds Up.
    function wordsFor(uint256 length) internal pure returns (uint256) {
        unchecked {
            return (length + WORD - 1) >> 5;
        }
    }

    /// @dev The index of the element at a place; `inside` is false in the padding.
    function indexAt(
        uint8 order,
        uint256 size,
        uint32[] memory shape,
        uint256 place
    ) internal pure returns (bool inside, uint256 index) {
        unchecked {
            uint256 count = countOf(shape);
            if (order == uint8(Order.Packed)) {
                index = place / size;
                return (index < count, index);
            }
            uint256 row = rowOf(order, shape);
            uint256 stride = wordsFor(row * size) * WORD;
            uint256 column = (place % stride) / size;
            place /= stride;
            inside = column < row && place < count / row;
            if (order == uint8(Order.Rows)) return (inside, place * row + column);
            uint256 pixels = uint256(shape[2]) * shape[3];
            index = ((place / pixels) * row + column) * pixels + (place % pixels);
        }
    }

    /// @dev The place of an element of one byte or, packed, of any size.
    function placeOf(
        uint8 order,
        uint256 size,
        uint32[] memory shape,
        uint256 index
    ) internal pure returns (uint256 place) {
        unchecked {
            if (order == uint8(Order.Packed)) return index * size;
            uint256 row = rowOf(order, shape);
            uint256 column = index % row;
            place = index / row;
            if (order == uint8(Order.Image)) {
                uint256 pixels = uint256(shape[2]) * shape[3];
                column = (index / pixels) % row;
                place = (index / (pixels * row)) * pixels + (index % pixels);
            }
            return place * wordsFor(row * size) * WORD + column * size;
        }
    }
}
