// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract MerkleLibTest {
    uint256 private constant WORD = 32;
    uint256 private constant MOST_WORDS = 70;

    function testFuzz_root_equalsThatOfTheNaiveTree(bytes calldata data) external pure {
        require(MerkleLib.root(data) == _naive(data), "root");
    }

    function test_root_equalsThatOfTheNaiveTreeAroundPowersOfTwo() external pure {
        for (uint256 words = 1; words <= 64; words *= 2) {
            for (uint256 length = words * WORD - 2; length <= words * WORD + 2; ++length) {
                bytes memory data = _sample(length);
                require(MerkleLib.root(data) == _naive(data), "root");
            }
        }
    }

    function testFuzz_rootOfWords_isThatOfTheirBytes(bytes32[] memory words) external pure {
        bytes32 expected = _naive(abi.encodePacked(words));
        require(MerkleLib.rootOfWords(words) == expected, "root");
    }

    /// @dev From any level of a tree one comes to its root.
    function testFuzz_rootOfNodes_isThatOfTheTreeAbove(bytes32 salt, uint8 depth, uint8 height) external pure {
        depth = uint8(bound(depth, 0, 6));
        height = uint8(bound(height, 0, depth));
        bytes32[] memory nodes = new bytes32[](2 ** depth);
        bytes memory data = new bytes(nodes.length * WORD);
        for (uint256 i; i < nodes.length; ++i) {
            bytes32 word = keccak256(abi.encode(salt, i));
            nodes[i] = MerkleLib.leaf(word);
            assembly ("memory-safe") {
                mstore(add(add(data, 0x20), mul(i, 0x20)), word)
            }
        }
        for (uint256 level; level < height; ++level) {
            bytes32[] memory above = new bytes32[](nodes.length / 2);
            for (uint256 i; i < above.length; ++i) above[i] = MerkleLib.node(nodes[2 * i], nodes[2 * i + 1]);
            nodes = above;
        }
        require(MerkleLib.rootOfNodes(nodes) == _naive(data), "root");
    }

    /// @dev From the subtrees of any height that have a word one comes to the root, too.
    function testFuzz_rootOfSubtrees_isThatOfTheWholeTree(bytes32 salt, uint16 count, uint8 height) external pure {
        height = uint8(bound(height, 0, 6));
        count = uint16(bound(count, (1 << height) + 1, 400));
        bytes32[] memory words = new bytes32[](count);
        for (uint256 i; i < count; ++i) words[i] = keccak256(abi.encode(salt, i));
        bytes32 expected = _naive(abi.encodePacked(words));
        bytes32[] memory roots = new bytes32[]((count - 1) / 2 ** height + 1);
        for (uint256 i; i < roots.length; ++i) {
            bytes32[] memory part = new bytes32[](2 ** height);
            for (uint256 j; j < part.length && (i << height) + j < count; ++j) part[j] = words[(i << height) + j];
            roots[i] = MerkleLib.rootOfWords(part);
        }
        require(MerkleLib.rootOfSubtrees(roots, height) == expected, "root");
    }

    function test_root_ofNothingIsThatOfAZeroWord() external pure {
        require(MerkleLib.root("") == MerkleLib.leaf(0), "root");
    }

    /// @dev What lies in memory behind the data must not matter.
    function testFuzz_root_stopsAtTheLength(bytes memory data, uint256 length) external pure {
        length = bound(length, 0, data.length);
        bytes memory clean = new bytes(length);
        for (uint256 i; i < length; ++i) clean[i] = data[i];
        assembly ("memory-safe") {
            mstore(data, length)
        }
        require(MerkleLib.root(data) == MerkleLib.root(clean), "root");
    }

    /// @dev The depth follows from the length, so that a whole word of zeros more is another root where it adds a level,
    /// and no other one where it does not: that is why PayloadLib checks lengths.
    function testFuzz_root_ofOneMoreZeroWordDiffersOnlyWithTheDepth(uint256 words, bytes32 salt) external pure {
        words = bound(words, 1, MOST_WORDS);
        bytes memory data = new bytes(words * WORD);
        bytes memory longer = new bytes((words + 1) * WORD);
        for (uint256 i; i < words * WORD; ++i) {
            data[i] = bytes1(keccak256(abi.encode(salt, i)));
            longer[i] = data[i];
        }
        bool sameDepth = _depth(words) == _depth(words + 1);
        require((MerkleLib.root(data) == MerkleLib.root(longer)) == sameDepth, "depth");
    }

    function testFuzz_leaf_hashesTheTagAndTheWord(bytes32 word) external pure {
        require(MerkleLib.leaf(word) == keccak256(abi.encodePacked(uint8(0), word)), "leaf");
    }

    function testFuzz_node_hashesTheTagAndBothSides(bytes32 left, bytes32 right) external pure {
        require(MerkleLib.node(left, right) == keccak256(abi.encodePacked(uint8(1), left, right)), "node");
    }

    function testFuzz_node_putsTheFreeMemoryPointerBack(bytes32 left, bytes32 right) external pure {
        bytes memory before = abi.encode(left, right);
        uint256 pointer = _freeMemoryPointer();
        MerkleLib.node(left, right);
        MerkleLib.leaf(left);
        require(_freeMemoryPointer() == pointer, "pointer");
        require(keccak256(before) == keccak256(abi.encode(left, right)), "memory");
    }

    /// @dev Node by node from all leaves, those beyond the data included.
    function _naive(bytes memory data) private pure returns (bytes32) {
        uint256 words = data.length == 0 ? 1 : (data.length + WORD - 1) / WORD;
        bytes32[] memory level = new bytes32[](2 ** _depth(words));
        for (uint256 i; i < level.length; ++i) {
            bytes memory word = new bytes(WORD);
            for (uint256 j; j < WORD && i * WORD + j < data.length; ++j) word[j] = data[i * WORD + j];
            level[i] = keccak256(bytes.concat(hex"00", word));
        }
        while (level.length > 1) {
            bytes32[] memory above = new bytes32[](level.length / 2);
            for (uint256 i; i < above.length; ++i) {
                above[i] = keccak256(bytes.concat(hex"01", level[2 * i], level[2 * i + 1]));
            }
            level = above;
        }
        return level[0];
    }

    function _depth(uint256 words) private pure returns (uint256 depth) {
        while (2 ** depth < words) ++depth;
    }

    function _sample(uint256 length) private pure returns (bytes memory data) {
        data = new bytes(length);
        for (uint256 i; i < length; ++i) data[i] = bytes1(keccak256(abi.encode(i)));
    }

    function _freeMemoryPointer() private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
        }
    }

    /// @dev Every range of every small tree, with the siblings that a walk over the whole tree finds. [T076]
    function test_rootOfRange_isThatOfTheWholeTree() external view {
        for (uint256 depth; depth <= 4; ++depth) {
            bytes32[] memory words = _words(1 << depth);
            bytes32 expected = MerkleLib.rootOfWords(_words(1 << depth));
            for (uint256 first; first < words.length; ++first) {
                for (uint256 count = 1; first + count <= words.length; ++count) {
                    bytes32[] memory siblings = _siblings(words, first, count, depth);
                    bytes32[] memory range = new bytes32[](count);
                    for (uint256 i; i < count; ++i) range[i] = words[first + i];
                    require(this.rootOfRange(range, first, depth, siblings) == expected, "root");
                }
            }
        }
    }

    /// @dev [T076]
    function testFuzz_rootOfPath_isThatOfTheWholeTree(uint256 index, uint256 depth) external view {
        depth = bound(depth, 0, 6);
        index = bound(index, 0, (1 << depth) - 1);
        bytes32[] memory words = _words(1 << depth);
        bytes32[] memory path = _siblings(words, index, 1, depth);
        bytes32 expected = MerkleLib.rootOfWords(_words(1 << depth));
        require(this.rootOfPath(words[index], index, path) == expected, "root");
    }

    function testFuzz_copyOf_isAsLongAndTheSame(bytes32[] calldata words) external pure {
        bytes32[] memory copy = MerkleLib.copyOf(words);
        require(keccak256(abi.encode(copy)) == keccak256(abi.encode(words)), "copy");
    }

    function test_rootOfWords_ofNothingIsThatOfAZeroWord() external pure {
        require(MerkleLib.rootOfWords(new bytes32[](0)) == MerkleLib.leaf(0), "root");
    }

    /// @dev A place beyond the leaves is no place, so that no leaf has two of them. [T076]
    function testFuzz_rootOfPath_hasNoLeafBeyond(uint256 index, uint256 depth) external {
        depth = bound(depth, 0, 40);
        index = index % 4 == 0 ? 1 << depth : bound(index, 1 << depth, type(uint256).max);
        VM.expectRevert(abi.encodeWithSelector(MerkleLib.MerkleNoSuchLeaf.selector, index, 1 << depth));
        this.rootOfPath(bytes32(index), index, new bytes32[](depth));
    }

    /// @dev Exactly the siblings that hashing lacks, neither fewer nor more. [T076]
    function testFuzz_rootOfRange_usesItsSiblingsUp(uint256 first, uint256 count, uint256 excess) external {
        uint256 depth = 5;
        first = bound(first, 0, 31);
        count = bound(count, 1, 32 - first);
        excess = bound(excess, 1, 9);
        bytes32[] memory words = _words(32);
        uint256 needed = _siblings(words, first, count, depth).length;
        bytes32[] memory range = new bytes32[](count);
        VM.expectRevert(abi.encodeWithSelector(MerkleLib.MerkleWrongProof.selector, needed + excess, needed));
        this.rootOfRange(range, first, depth, new bytes32[](needed + excess));
        if (needed == 0) return;
        uint256 few = excess % needed;
        VM.expectRevert(abi.encodeWithSelector(MerkleLib.MerkleWrongProof.selector, few, few + 1));
        this.rootOfRange(range, first, depth, new bytes32[](few));
    }

    function rootOfRange(
        bytes32[] calldata words,
        uint256 first,
        uint256 depth,
        bytes32[] calldata siblings
    ) external pure returns (bytes32) {
        return MerkleLib.rootOfRange(words, first, depth, siblings);
    }

    function rootOfPath(bytes32 word, uint256 index, bytes32[] calldata path) external pure returns (bytes32) {
        return MerkleLib.rootOfPath(word, index, path);
    }

    function _words(uint256 count) private pure returns (bytes32[] memory words) {
        words = new bytes32[](count);
        for (uint256 i; i < count; ++i) words[i] = keccak256(abi.encode(i));
    }

    /// @dev Left before right on each level.
    function _siblings(
        bytes32[] memory words,
        uint256 first,
        uint256 count,
        uint256 depth
    ) private pure returns (bytes32[] memory siblings) {
        bytes32[] memory level = new bytes32[](words.length);
        for (uint256 i; i < words.length; ++i) level[i] = MerkleLib.leaf(words[i]);
        siblings = new bytes32[](2 * depth);
        uint256 used;
        uint256 last = first + count - 1;
        for (uint256 height; height < depth; ++height) {
            if (first % 2 == 1) siblings[used++] = level[first - 1];
            if (last % 2 == 0) siblings[used++] = level[last + 1];
            for (uint256 i; i < (words.length >> height) / 2; ++i) {
                level[i] = MerkleLib.node(level[2 * i], level[2 * i + 1]);
            }
            (first, last) = (first / 2, last / 2);
        }
        assembly ("memory-safe") {
            mstore(siblings, used)
        }
    }
}
