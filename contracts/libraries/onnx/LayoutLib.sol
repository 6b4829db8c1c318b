// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Order} from "../../types/OnnxTypes.sol";

/// @title Where the elements of a tensor are among its committed bytes
/// @dev A tensor is committed as one string of bytes, whose 32-byte words are the leaves of its tree. An element has a place
/// in that string and an index in the tensor's row-major order. Unchecked: a product of 6 dimensions below 2^32 and an
/// element's size is below 2^195.
library LayoutLib {
    uint256 internal constant MOST_CONSTANT_WORDS = 1 << 26;
    uint256 private constant WORD = 32;
    /// @dev One nibble per type, lowest first: float32 is 1, uint8 2, int32 6, int64 7 and bool 9.
    uint256 private constant SIZES = 0x1_0_8_4_0_0_0_1_4_0;

    /// @dev Bytes of one element; zero for types that no profile has.
    function elementSize(uint8 dtype) internal pure returns (uint256) {
        return (SIZES >> (4 * uint256(dtype))) & 0xf;
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
            uint256 size = elementSize(dtype);
            if (count == 0 || order == uint8(Order.Packed)) return wordsFor(count * size);
            if (order != uint8(Order.Rows) && (order != uint8(Order.Image) || shape.length != 4)) return 0;
            uint256 row = rowOf(order, shape);
            return (count / row) * wordsFor(row * size);
        }
    }

    /// @dev Whether there can be such a tensor, of at most so many words.
    function isTensor(uint8 order, uint8 dtype, uint32[] memory shape, uint256 most) internal pure returns (bool) {
        uint256 words = wordsOf(order, dtype, shape);
        return words > 0 && words <= most;
    }

    /// @dev Whether these can be root and depth of the tree over the constants of a step, of which it has so many words.
    function isTree(bytes32 root, uint8 depth, uint256 words) internal pure returns (bool) {
        if (words == 0) return root == 0 && depth == 0;
        return words <= MOST_CONSTANT_WORDS && depth == depthOf(words);
    }

    /// @dev Depth of the tree over so many words, at least one.
    /// @custom:rounds Up: the tree has as many leaves as the next power of two.
    /// @param words Below 2^31.
    function depthOf(uint256 words) internal pure returns (uint256 depth) {
        // As OpenZeppelin's `Math.log2` of twice as many less one, of fewer bits.
        assembly ("memory-safe") {
            let rest := sub(shl(1, words), 1)
            depth := shl(4, gt(rest, 0xffff))
            rest := shr(depth, rest)
            let bit := shl(3, gt(rest, 0xff))
            rest := shr(bit, rest)
            depth := or(depth, bit)
            bit := shl(2, gt(rest, 0xf))
            rest := shr(bit, rest)
            depth := or(depth, bit)
            bit := shl(1, gt(rest, 0x3))
            depth := or(depth, or(bit, gt(shr(bit, rest), 0x1)))
        }
    }

    /// @dev Elements that stand together without gaps: those of the last axis, or the channels of a pixel.
    /// @param shape Of one dimension at least, of four in an image.
    function rowOf(uint8 order, uint32[] memory shape) internal pure returns (uint256 row) {
        uint256 axis = order == uint8(Order.Image) ? 2 : shape.length; // counted from 1
        assembly ("memory-safe") {
            row := mload(add(shape, shl(5, axis)))
        }
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

    /// @dev The place of an element.
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
