// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

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

    /// @dev Reverts unless `words` are those of `leaves` in the tree of this depth and root.
    /// @param siblings As `Opening` says.
    /// @param part What the words are, for errors.
    /// @param leaves Ascending, below `2 ** depth`. Where there are none, nothing can be opened.
    function prove(
        bytes32[] calldata words,
        bytes32[] calldata siblings,
        bytes32 part,
        uint256[] memory leaves,
        uint256 depth,
        bytes32 root
    ) internal pure {
        if (words.length != leaves.length) revert RefereeWrongWords(part, words.length, leaves.length);
        uint256 used;
        bytes32 given = root;
        if (leaves.length > 0) (given, used) = _climb(_leafNodes(words, leaves), siblings, depth);
        if (siblings.length != used) revert RefereeWrongSiblings(part, siblings.length, used);
        if (given != root) revert RefereeWrongRoot(part, given, root);
    }

    /// @dev A pair (index, hash) for each leaf.
    function _leafNodes(
        bytes32[] calldata words,
        uint256[] memory leaves
    ) private pure returns (bytes32[] memory nodes) {
        nodes = new bytes32[](2 * words.length);
        // As many pairs are written as there is room for. Equal to MerkleLib.leaf, with the tag written once.
        assembly ("memory-safe") {
            mstore8(0x00, 0)
            let index := leaves
            let pair := sub(nodes, 0x20)
            let end := add(words.offset, shl(5, words.length))
            for {
                let word := words.offset
            } lt(word, end) {
                word := add(word, 0x20)
            } {
                index := add(index, 0x20)
                pair := add(pair, 0x40)
                mstore(0x01, calldataload(word))
                mstore(pair, mload(index))
                mstore(add(pair, 0x20), keccak256(0x00, 0x21))
            }
        }
    }

    /// @dev Hashes nodes, at least one pair, up to the root. Siblings are read from calldata one after the other without
    /// looking at how many there are: the caller compares with `used`, and what was read beyond the end then counts for
    /// nothing. A level is written over the one below: each of its nodes takes up at least one that has been read.
    function _climb(
        bytes32[] memory nodes,
        bytes32[] calldata siblings,
        uint256 depth
    ) private pure returns (bytes32 root, uint256 used) {
        // The 65 bytes that are hashed, as MerkleLib.node does, are written behind the free memory pointer.
        assembly ("memory-safe") {
            let hashed := mload(0x40)
            mstore8(hashed, 1)
            let sibling := siblings.offset
            let begin := add(nodes, 0x20)
            let end := add(begin, shl(5, mload(nodes)))
            for {} depth {
                depth := sub(depth, 1)
            } {
                let to := begin
                for {
                    let from := begin
                } lt(from, end) {} {
                    let index := mload(from)
                    let left := mload(add(from, 0x20))
                    let right := left
                    from := add(from, 0x40)
                    switch and(index, 1)
                    case 1 {
                        left := calldataload(sibling)
                        sibling := add(sibling, 0x20)
                    }
                    default {
                        switch and(lt(from, end), eq(mload(from), add(index, 1)))
                        case 1 {
                            right := mload(add(from, 0x20))
                            from := add(from, 0x40)
                        }
                        default {
                            right := calldataload(sibling)
                            sibling := add(sibling, 0x20)
                        }
                    }
                    mstore(add(hashed, 1), left)
                    mstore(add(hashed, 0x21), right)
                    mstore(to, shr(1, index))
                    mstore(add(to, 0x20), keccak256(hashed, 0x41))
                    to := add(to, 0x40)
                }
                end := to
            }
            root := mload(add(begin, 0x20))
            used := shr(5, sub(sibling, siblings.offset))
        }
    }
}
