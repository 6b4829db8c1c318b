// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Opening} from "../../contracts/types/RefereeTypes.sol";

/// @title Trees over words, hashed as their definition says, and openings of them
library Trees {
    /// @dev A leaf of a batch, which is a tree of OpenZeppelin's: leaves are hashed twice.
    function batchLeaf(uint256 index, bytes32 statement) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(index, statement))));
    }

    /// @dev What stands above two nodes of such a tree: there, and only there, pairs are sorted.
    function sortedPair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    /// @dev Levels above the leaves; of no words, too.
    function depthOf(uint256 words) internal pure returns (uint256 depth) {
        while (2 ** depth < words) ++depth;
    }

    function rootOf(bytes32[] memory words) internal pure returns (bytes32) {
        return _level(words, depthOf(words.length))[0];
    }

    /// @dev The root by which a trace is known, of the data roots of its steps.
    function traceRootOf(bytes32[] memory r) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(uint8(1), rootOf(r), depthOf(r.length)));
    }

    /// @dev Words of some leaves and what proves them: of each pair the hash that is neither opened nor made of opened ones.
    /// @param runs As `OpeningLib.run` makes them.
    function open(bytes32[] memory words, uint256[] memory runs) internal pure returns (Opening memory opening) {
        uint256 depth = depthOf(words.length);
        bool[] memory known = new bool[](2 ** depth);
        uint256 count;
        opening.words = new bytes32[](words.length);
        for (uint256 i; i < runs.length; ++i) {
            for (uint256 leaf = runs[i] >> 128; leaf < (runs[i] >> 128) + uint128(runs[i]); ++leaf) {
                known[leaf] = true;
                opening.words[count++] = words[leaf];
            }
        }
        opening.words = _cut(opening.words, count);
        opening.siblings = count == 0 ? new bytes32[](0) : _siblings(words, depth, known);
    }

    /// @dev What proves one leaf.
    function pathOf(bytes32[] memory words, uint256 leaf) internal pure returns (bytes32[] memory) {
        uint256[] memory runs = new uint256[](1);
        runs[0] = (leaf << 128) | 1;
        return open(words, runs).siblings;
    }

    function _siblings(
        bytes32[] memory words,
        uint256 depth,
        bool[] memory known
    ) private pure returns (bytes32[] memory siblings) {
        siblings = new bytes32[](known.length);
        uint256 count;
        for (uint256 height; height < depth; ++height) {
            bytes32[] memory level = _level(words, height);
            bool[] memory above = new bool[](known.length / 2);
            for (uint256 i; i < known.length; ++i) {
                if (known[i] && !known[i ^ 1]) siblings[count++] = level[i ^ 1];
                above[i / 2] = above[i / 2] || known[i];
            }
            known = above;
        }
        return _cut(siblings, count);
    }

    /// @dev All nodes of one height.
    function _level(bytes32[] memory words, uint256 height) private pure returns (bytes32[] memory level) {
        level = new bytes32[](2 ** depthOf(words.length));
        for (uint256 i; i < level.length; ++i) {
            level[i] = keccak256(abi.encodePacked(uint8(0), i < words.length ? words[i] : bytes32(0)));
        }
        for (uint256 i; i < height; ++i) {
            bytes32[] memory above = new bytes32[](level.length / 2);
            for (uint256 k; k < above.length; ++k) {
                above[k] = keccak256(abi.encodePacked(uint8(1), level[2 * k], level[2 * k + 1]));
            }
            level = above;
        }
    }

    function _cut(bytes32[] memory list, uint256 length) private pure returns (bytes32[] memory first) {
        first = new bytes32[](length);
        for (uint256 i; i < length; ++i) first[i] = list[i];
    }
}
