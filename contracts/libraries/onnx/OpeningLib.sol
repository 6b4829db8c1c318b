// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {MerkleLib} from "../MerkleLib.sol";

/// @title Proving words of a tree
library OpeningLib {
    /// @notice More or fewer words were opened than the element is computed from.
    /// @custom:fix Open `expected` words; the SDK's `openCase` makes whole cases.
    error RefereeWrongWords(bytes32 part, uint256 given, uint256 expected);

    /// @notice A proof has more or fewer hashes than it takes.
    /// @custom:fix Send `expected` hashes: level by level from the leaves up, each level from left to right.
    error RefereeWrongSiblings(bytes32 part, uint256 given, uint256 expected);

    /// @notice What was opened is not what was committed to.
    /// @custom:fix Send words, siblings or paths that hash to `expected`.
    error RefereeWrongRoot(bytes32 part, bytes32 given, bytes32 expected);

    /// @dev Reverts unless `words` are those of some leaves of the tree of this depth and root.
    /// @param siblings As `Opening` says.
    /// @param part What the words are, for errors.
    /// @param runs The leaves, as `run` makes them: ascending, below `2 ** depth`. Where there are none, nothing can be
    /// opened.
    function prove(
        bytes32[] calldata words,
        bytes32[] calldata siblings,
        bytes32 part,
        uint256[] memory runs,
        uint256 depth,
        bytes32 root
    ) internal pure {
        uint256 expected = _count(runs);
        if (words.length != expected) revert RefereeWrongWords(part, words.length, expected);
        uint256 used;
        bytes32 given = root;
        if (expected > 0) {
            uint256 first = runs[0] >> 128;
            uint256 left;
            (given, left, used) = runs.length == 1
                ? _joinRun(words, siblings, first, depth)
                : _join(_leafNodes(words, runs), siblings, depth);
            unchecked {
                given = _climb(given, first >> (depth - left), siblings, used, left);
                used += left;
            }
        }
        if (siblings.length != used) revert RefereeWrongSiblings(part, siblings.length, used);
        if (given != root) revert RefereeWrongRoot(part, given, root);
    }

    /// @dev The same for a single word.
    /// @param index Of its leaf, below `2 ** depth`.
    function proveWord(
        bytes32[] calldata words,
        bytes32[] calldata siblings,
        bytes32 part,
        uint256 index,
        uint256 depth,
        bytes32 root
    ) internal pure returns (bytes32 word) {
        if (words.length != 1) revert RefereeWrongWords(part, words.length, 1);
        if (siblings.length != depth) revert RefereeWrongSiblings(part, siblings.length, depth);
        word = words[0];
        bytes32 given = _climb(MerkleLib.leaf(word), index, siblings, 0, depth);
        if (given != root) revert RefereeWrongRoot(part, given, root);
    }

    /// @dev What a path comes to, from the leaf of a word.
    function climb(bytes32 word, uint256 index, bytes32[] calldata path) internal pure returns (bytes32) {
        return _climb(MerkleLib.leaf(word), index, path, 0, path.length);
    }

    /// @dev Leaves that follow each other.
    /// @custom:shape `first << 128 | count`
    function run(uint256 first, uint256 count) internal pure returns (uint256) {
        return (first << 128) | count;
    }

    /// @dev A single run.
    function only(uint256 first, uint256 count) internal pure returns (uint256[] memory runs) {
        runs = new uint256[](1);
        runs[0] = run(first, count);
    }

    function _count(uint256[] memory runs) private pure returns (uint256 count) {
        unchecked {
            for (uint256 i; i < runs.length; ++i) count += uint128(runs[i]);
        }
    }

    /// @dev A pair (index, hash) for each leaf, and a zero behind them.
    /// @param words As many as the runs have leaves.
    function _leafNodes(bytes32[] calldata words, uint256[] memory runs) private pure returns (bytes32[] memory nodes) {
        unchecked {
            nodes = new bytes32[](2 * words.length + 1);
            uint256 pair;
            uint256 word;
            assembly ("memory-safe") {
                pair := add(nodes, 0x20)
                word := words.offset
            }
            for (uint256 i; i < runs.length; ++i) {
                uint256 leaf = runs[i] >> 128;
                uint256 end = leaf + uint128(runs[i]);
                // As many pairs are written as there is room for. Equal to MerkleLib.leaf.
                assembly ("memory-safe") {
                    mstore8(0x00, 0)
                    for {} lt(leaf, end) {
                        leaf := add(leaf, 1)
                    } {
                        mstore(0x01, calldataload(word))
                        mstore(pair, leaf)
                        mstore(add(pair, 0x20), keccak256(0x00, 0x21))
                        word := add(word, 0x20)
                        pair := add(pair, 0x40)
                    }
                }
            }
        }
    }

    /// @dev Hashes a node up to the root. Above the level where many nodes have become one, which is most of the way mostly,
    /// there are only siblings.
    /// @param used Siblings that belong to levels below.
    /// @param levels To the root.
    function _climb(
        bytes32 node,
        uint256 index,
        bytes32[] calldata siblings,
        uint256 used,
        uint256 levels
    ) private pure returns (bytes32 root) {
        root = node;
        // As in `_join`.
        assembly ("memory-safe") {
            let hashed := mload(0x40)
            mstore8(hashed, 1)
            let halves := add(hashed, 1)
            let sibling := add(siblings.offset, shl(5, used))
            // Of an index in units of 32, the lowest bit is the offset of the half.
            index := shl(5, index)
            for {
                let end := add(sibling, shl(5, levels))
            } lt(sibling, end) {
                sibling := add(sibling, 0x20)
            } {
                let place := and(index, 0x20)
                mstore(add(halves, place), root)
                mstore(add(halves, xor(place, 0x20)), calldataload(sibling))
                index := shr(1, index)
                root := keccak256(hashed, 0x41)
            }
        }
    }

    /// @dev Hashes nodes, at least one pair, until they have become one, or up to the root. Siblings are read from calldata one
    /// after the other without looking at how many there are: the caller compares with `used`, and what was read beyond the end
    /// then counts for nothing. A level is written over the one below: each of its nodes takes up at least one that has been
    /// read.
    /// @return node That they have become.
    /// @return left Levels from there to the root.
    /// @return used Siblings of the levels below.
    function _join(
        bytes32[] memory nodes,
        bytes32[] calldata siblings,
        uint256 depth
    ) private pure returns (bytes32 node, uint256 left, uint256 used) {
        // The 65 bytes that are hashed, as MerkleLib.node does, are written behind the free memory pointer. A node with an
        // odd index is the right one of its pair.
        assembly ("memory-safe") {
            let hashed := mload(0x40)
            mstore8(hashed, 1)
            let halves := add(hashed, 1)
            let sibling := siblings.offset
            let begin := add(nodes, 0x20)
            let single := add(begin, 0x40)
            let end := add(nodes, shl(5, mload(nodes)))
            for {
                left := depth
            } and(gt(left, 0), gt(end, single)) {
                left := sub(left, 1)
            } {
                let to := begin
                for {
                    let from := begin
                } lt(from, end) {} {
                    let index := mload(from)
                    let place := shl(5, and(index, 1))
                    mstore(add(halves, place), mload(add(from, 0x20)))
                    place := add(halves, xor(place, 0x20))
                    from := add(from, 0x40)
                    // Indices ascend, so this can be only the right one of a pair whose left one has been read.
                    switch eq(mload(from), or(index, 1))
                    case 1 {
                        mstore(place, mload(add(from, 0x20)))
                        from := add(from, 0x40)
                    }
                    default {
                        mstore(place, calldataload(sibling))
                        sibling := add(sibling, 0x20)
                    }
                    mstore(to, shr(1, index))
                    mstore(add(to, 0x20), keccak256(hashed, 0x41))
                    to := add(to, 0x40)
                }
                mstore(to, 0)
                end := to
            }
            node := mload(add(nodes, 0x40))
            used := shr(5, sub(sibling, siblings.offset))
        }
    }

    /// @dev The same of words that follow each other, in a third of its gas: no node needs its index.
    /// @param first Leaf.
    function _joinRun(
        bytes32[] calldata words,
        bytes32[] calldata siblings,
        uint256 first,
        uint256 depth
    ) private pure returns (bytes32 node, uint256 left, uint256 used) {
        unchecked {
            bytes32[] memory level = new bytes32[](words.length);
            uint256 sibling;
            assembly ("memory-safe") {
                sibling := siblings.offset
                // As in `_leafNodes`.
                mstore8(0x00, 0)
                let to := add(level, 0x20)
                let word := words.offset
                for {
                    let end := add(word, shl(5, words.length))
                } lt(word, end) {
                    word := add(word, 0x20)
                    to := add(to, 0x20)
                } {
                    mstore(0x01, calldataload(word))
                    mstore(to, keccak256(0x00, 0x21))
                }
            }
            for (left = depth; left > 0 && level.length > 1; --left) {
                sibling = _joinLevel(level, first, sibling);
                first >>= 1;
            }
            node = level[0];
            assembly ("memory-safe") {
                used := shr(5, sub(sibling, siblings.offset))
            }
        }
    }

    /// @dev Puts the nodes above in place of those of a level that follow each other.
    /// @param first Index of the first one.
    /// @param sibling Where the next sibling stands in calldata.
    function _joinLevel(bytes32[] memory level, uint256 first, uint256 sibling) private pure returns (uint256 next) {
        // As in `_join`.
        assembly ("memory-safe") {
            next := sibling
            let hashed := mload(0x40)
            mstore8(hashed, 1)
            let halves := add(hashed, 1)
            let from := add(level, 0x20)
            let to := from
            let end := add(from, shl(5, mload(level)))
            if and(first, 1) {
                mstore(halves, calldataload(next))
                mstore(add(halves, 0x20), mload(from))
                mstore(to, keccak256(hashed, 0x41))
                next := add(next, 0x20)
                from := add(from, 0x20)
                to := from
            }
            for {
                let last := sub(end, 0x20)
            } lt(from, last) {
                from := add(from, 0x40)
                to := add(to, 0x20)
            } {
                mcopy(halves, from, 0x40)
                mstore(to, keccak256(hashed, 0x41))
            }
            if lt(from, end) {
                mstore(halves, mload(from))
                mstore(add(halves, 0x20), calldataload(next))
                mstore(to, keccak256(hashed, 0x41))
                next := add(next, 0x20)
                to := add(to, 0x20)
            }
            mstore(level, sub(shr(5, sub(to, level)), 1))
        }
    }
}
