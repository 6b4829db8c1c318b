// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title Root of the binary tree over 32-byte words
/// @dev `leaf(w) = keccak256(0x00 ‖ w)`, `node(l, r) = keccak256(0x01 ‖ l ‖ r)`. The tree over n words has exactly
/// `2 ** ceil(log2(max(n, 1)))` leaves; those beyond the words are leaves of zero words. A leaf can never be taken for
/// a node, and the depth follows from the length.
library MerkleLib {
    /// @dev Root over `data`, zero-padded to whole words. Reads `data` once and needs one word of memory per leaf pair.
    function root(bytes memory data) internal pure returns (bytes32) {
        uint256 words = data.length == 0 ? 1 : (data.length + 31) / 32;
        bytes32[] memory level = new bytes32[](words);
        for (uint256 i; i < words; ++i) level[i] = leaf(_word(data, i));

        return _rootOf(level, leaf(0));
    }

    /// @dev Root over words.
    function rootOfWords(bytes32[] memory words) internal pure returns (bytes32) {
        uint256 count = words.length;
        if (count == 0) return leaf(0);
        // The index does not pass the length of an array.
        unchecked {
            for (uint256 i; i < count; ++i) words[i] = leaf(words[i]);
        }
        return _rootOf(words, leaf(0));
    }

    /// @dev Root over nodes of one depth, as many as a tree has there.
    /// @param level A power of two of them.
    function rootOfNodes(bytes32[] memory level) internal pure returns (bytes32) {
        return _rootOf(level, 0);
    }

    function leaf(bytes32 word) internal pure returns (bytes32 hash) {
        // Equal to keccak256(abi.encodePacked(uint8(0), word)), in scratch space instead of fresh memory.
        assembly ("memory-safe") {
            mstore8(0x00, 0)
            mstore(0x01, word)
            hash := keccak256(0x00, 0x21)
        }
    }

    function node(bytes32 left, bytes32 right) internal pure returns (bytes32 hash) {
        // Equal to keccak256(abi.encodePacked(uint8(1), left, right)). Its 65 bytes begin in scratch space and end with
        // one byte in the free memory pointer's slot, whose highest byte is always zero and is put back.
        assembly ("memory-safe") {
            mstore8(0x00, 1)
            mstore(0x01, left)
            let pointer := mload(0x40)
            mstore(0x21, right)
            hash := keccak256(0x00, 0x41)
            mstore(0x40, pointer)
        }
    }

    /// @dev Root over one level, which is written over.
    /// @param empty What stands at missing places of it.
    function _rootOf(bytes32[] memory level, bytes32 empty) private pure returns (bytes32) {
        // Indices do not pass the length of an array.
        unchecked {
            for (uint256 count = level.length; count > 1; count = (count + 1) / 2) {
                for (uint256 i; i < count; i += 2) {
                    level[i / 2] = node(level[i], i + 1 < count ? level[i + 1] : empty);
                }
                empty = node(empty, empty);
            }
        }
        return level[0];
    }

    /// @dev Word `index` of `data`. The last word is cut at the length, whatever follows it in memory.
    function _word(bytes memory data, uint256 index) private pure returns (bytes32 word) {
        uint256 offset = index * 32;
        if (offset >= data.length) return 0;
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), offset))
        }
        uint256 left = data.length - offset;
        if (left < 32) word &= bytes32(type(uint256).max << (8 * (32 - left)));
    }
}
