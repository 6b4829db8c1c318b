// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Root of the binary tree over 32-byte words
/// @dev `leaf(w) = keccak256(0x00 ‖ w)`, `node(l, r) = keccak256(0x01 ‖ l ‖ r)`. The tree over n words has exactly
/// `2 ** ceil(log2(max(n, 1)))` leaves; those beyond the words are leaves of zero words. A leaf can never be taken for
/// a node, and the depth follows from the length.
library MerkleLib {
    /// @notice A proof has more or fewer hashes than it takes.
    /// @custom:fix Send exactly those that hashing up to the root lacks; `used` of the `given` were used up.
    error MerkleWrongProof(uint256 given, uint256 used);

    /// @notice A tree with so short a path has no such leaf.
    /// @custom:fix Give an index below `leaves`.
    error MerkleNoSuchLeaf(uint256 index, uint256 leaves);

    /// @dev Root over `data`, zero-padded to whole words. Reads `data` once and needs one word of memory per leaf pair.
    function root(bytes memory data) internal pure returns (bytes32) {
        uint256 words = data.length == 0 ? 1 : (data.length + 31) / 32;
        bytes32[] memory level = new bytes32[](words);
        for (uint256 i; i < words; ++i) level[i] = leaf(_word(data, i));

        return _rootOf(level, leaf(0));
    }

    /// @dev Root over words, which are written over.
    function rootOfWords(bytes32[] memory words) internal pure returns (bytes32) {
        if (words.length == 0) return leaf(0);
        _hashLeaves(words);
        return _rootOf(words, leaf(0));
    }

    /// @dev Root over nodes of one depth, as many as a tree has there.
    /// @param level A power of two of them; they are written over.
    function rootOfNodes(bytes32[] memory level) internal pure returns (bytes32) {
        return _rootOf(level, 0);
    }

    /// @dev Root over the subtrees of one height, from the left; those that are missing are over zero words.
    /// @param level The roots of at least one; they are written over.
    function rootOfSubtrees(bytes32[] memory level, uint256 height) internal pure returns (bytes32) {
        bytes32 empty = leaf(0);
        for (uint256 i; i < height; ++i) empty = node(empty, empty);
        return _rootOf(level, empty);
    }

    /// @dev What a tree is known by of which somebody may lay down nodes instead of leaves: without its depth, trees of another
    /// depth could hang below them, and a path of another length lead to the root. SSZ mixes lengths into roots alike.
    function rootWithDepth(bytes32 root_, uint256 depth) internal pure returns (bytes32) {
        return node(root_, bytes32(depth));
    }

    /// @dev Root of the tree in which the leaf at `index` is of `word`; its depth is the length of the path.
    function rootOfPath(bytes32 word, uint256 index, bytes32[] calldata path) internal pure returns (bytes32 hash) {
        uint256 depth = path.length;
        if (index >> depth != 0) revert MerkleNoSuchLeaf(index, 1 << depth);
        hash = leaf(word);
        for (uint256 level; level < depth; ++level) {
            bool right = (index >> level) & 1 == 1;
            hash = right ? node(path[level], hash) : node(hash, path[level]);
        }
    }

    /// @dev Root of the tree of a depth in which `words`, at least one, are the leaves from `first` on, all of which it has.
    /// @param siblings What hashing lacks: level by level from the leaves up, left before right.
    function rootOfRange(
        bytes32[] calldata words,
        uint256 first,
        uint256 depth,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32) {
        bytes32[] memory level = copyOf(words);
        _hashLeaves(level);
        uint256 count = words.length;
        uint256 used;
        for (uint256 height; height < depth; ++height) {
            uint256 from = first & 1; // 1: the first hash is a right one
            if (from == 1) level[0] = node(_sibling(siblings, used++), level[0]);
            uint256 pairs = (count - from) / 2;
            _hashPairs(level, from, pairs);
            uint256 next = from + pairs;
            if (next + pairs < count) level[next++] = node(level[count - 1], _sibling(siblings, used++));
            (first, count) = (first >> 1, next);
        }
        if (used != siblings.length) revert MerkleWrongProof(siblings.length, used);
        return level[0];
    }

    /// @dev Words in memory, where they can be hashed in their place: the compiler's own copy goes word by word.
    function copyOf(bytes32[] calldata words) internal pure returns (bytes32[] memory copy) {
        copy = new bytes32[](words.length);
        assembly ("memory-safe") {
            calldatacopy(add(copy, 0x20), words.offset, shl(5, words.length))
        }
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

    /// @dev Puts the leaf of each word in its place.
    function _hashLeaves(bytes32[] memory words) private pure {
        // `leaf` of each word, in scratch space.
        assembly ("memory-safe") {
            mstore8(0x00, 0)
            let word := add(words, 0x20)
            for {
                let end := add(word, shl(5, mload(words)))
            } lt(word, end) {
                word := add(word, 0x20)
            } {
                mstore(0x01, mload(word))
                mstore(word, keccak256(0x00, 0x21))
            }
        }
    }

    /// @dev Puts the nodes over so many pairs, the first of which is at `from`, one after the other to `from` and behind it.
    /// The caller has checked that there are so many.
    function _hashPairs(bytes32[] memory level, uint256 from, uint256 pairs) private pure {
        // `node` of each pair, whose halves stand side by side; see there about the free memory pointer.
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            mstore8(0x00, 1)
            let target := add(add(level, 0x20), shl(5, from))
            let source := target
            for {
                let end := add(target, shl(5, pairs))
            } lt(target, end) {
                source := add(source, 0x40)
                target := add(target, 0x20)
            } {
                mcopy(0x01, source, 0x40)
                mstore(target, keccak256(0x00, 0x41))
            }
            mstore(0x40, pointer)
        }
    }

    function _sibling(bytes32[] calldata siblings, uint256 index) private pure returns (bytes32) {
        if (index == siblings.length) revert MerkleWrongProof(siblings.length, index + 1);
        return siblings[index];
    }

    /// @dev Root over one level, which is written over.
    /// @param empty What stands at missing places of it.
    function _rootOf(bytes32[] memory level, bytes32 empty) private pure returns (bytes32) {
        uint256 count = level.length;
        while (count > 1) {
            uint256 pairs = count / 2;
            _hashPairs(level, 0, pairs);
            if (2 * pairs < count) level[pairs++] = node(level[count - 1], empty);
            empty = node(empty, empty);
            count = pairs;
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
