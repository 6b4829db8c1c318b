// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {INT32, INT64} from "../../types/OnnxTypes.sol";

/// @title Elements of tensors, out of the words that hold them
/// @dev Elements are little-endian, and none begins in one word and ends in another.
library ElementLib {
    /// @dev What reversing eight bytes keeps in place of bytes, pairs of them, and halves.
    uint256 private constant EVEN_BYTES = 0x00ff00ff00ff00ff;
    uint256 private constant EVEN_PAIRS = 0x0000ffff0000ffff;
    uint256 private constant LOW_HALF = 0x00000000ffffffff;

    /// @dev The element that begins at byte `column` of a word, as the number that its bytes are.
    /// @param size Bytes, of which the word has as many from there on.
    function bitsAt(bytes32 word, uint256 column, uint256 size) internal pure returns (uint256 bits) {
        unchecked {
            bits = uint256(word << (8 * column)) >> 192;
            if (size == 1) return bits >> 56;
            bits = ((bits & EVEN_BYTES) << 8) | ((bits >> 8) & EVEN_BYTES);
            bits = ((bits & EVEN_PAIRS) << 16) | ((bits >> 16) & EVEN_PAIRS);
            bits = ((bits & LOW_HALF) << 32) | (bits >> 32);
            bits &= (1 << (8 * size)) - 1;
        }
    }

    /// @dev The same as an integer.
    /// @param dtype uint8, int32, int64 or bool.
    function integerOf(uint256 bits, uint8 dtype) internal pure returns (int256) {
        if (dtype == INT32) return int32(uint32(bits));
        return dtype == INT64 ? int256(int64(uint64(bits))) : int256(bits);
    }

    /// @dev The lowest bytes of an integer, as a number: what an element that holds it has.
    /// @param size Bytes.
    function bitsOf(int256 integer, uint256 size) internal pure returns (uint256) {
        unchecked {
            return uint256(integer) & ((1 << (8 * size)) - 1);
        }
    }
}
