// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OpeningLib} from "../../../contracts/libraries/onnx/OpeningLib.sol";
import {Opening} from "../../../contracts/types/RefereeTypes.sol";
import {bound} from "../../support/Fuzz.sol";
import {Trees} from "../../support/Trees.sol";
import {VM} from "../../support/Vm.sol";

contract OpeningLibTest {
    using OpeningLib for bytes32[];

    bytes32 private constant PART = "part";
    uint256 private constant MOST_WORDS = 40;

    /// @dev Any leaves of any tree, alone or side by side.
    function testFuzz_prove_takesWhatTheTreeHas(bytes32 salt, uint8 count, uint256 leaves) external view {
        bytes32[] memory words = _words(salt, count);
        uint256[] memory runs = _runs(words.length, leaves);
        this.prove(Trees.open(words, runs), runs, Trees.depthOf(words.length), Trees.rootOf(words));
    }

    function testFuzz_prove_needsAllWords(bytes32 salt, uint8 count, uint256 leaves, uint8 given) external {
        bytes32[] memory words = _words(salt, count);
        uint256[] memory runs = _runs(words.length, leaves);
        Opening memory opening = Trees.open(words, runs);
        uint256 expected = opening.words.length;
        given %= uint8(MOST_WORDS);
        if (given == expected) return;
        opening.words = new bytes32[](given);
        bytes32 root = Trees.rootOf(words);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongWords.selector, PART, given, expected));
        this.prove(opening, runs, Trees.depthOf(words.length), root);
    }

    /// @dev Neither fewer nor more: what is left over could be anything [T076].
    function testFuzz_prove_needsAllSiblings(bytes32 salt, uint8 count, uint256 leaves, uint8 given) external {
        bytes32[] memory words = _words(salt, count);
        uint256[] memory runs = _runs(words.length, leaves);
        Opening memory opening = Trees.open(words, runs);
        uint256 expected = opening.siblings.length;
        given %= uint8(MOST_WORDS);
        if (given == expected) return;
        bytes32[] memory siblings = new bytes32[](given);
        for (uint256 i; i < given && i < expected; ++i) siblings[i] = opening.siblings[i];
        opening.siblings = siblings;
        bytes32 root = Trees.rootOf(words);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongSiblings.selector, PART, given, expected));
        this.prove(opening, runs, Trees.depthOf(words.length), root);
    }

    /// @dev The error names the root of the tree with the word that was given.
    function testFuzz_prove_refusesOtherWords(bytes32 salt, uint8 count, uint256 leaves, uint8 which) external {
        bytes32[] memory words = _words(salt, count);
        uint256[] memory runs = _runs(words.length, leaves);
        if (runs.length == 0) return;
        uint256 depth = Trees.depthOf(words.length);
        bytes32 root = Trees.rootOf(words);
        words[runs[which % runs.length] >> 128] = ~salt;
        Opening memory opening = Trees.open(words, runs);
        bytes32 given = Trees.rootOf(words);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongRoot.selector, PART, given, root));
        this.prove(opening, runs, depth, root);
    }

    /// @dev What it takes for a single word is what `prove` takes for a run of one.
    function testFuzz_proveWord_takesWhatTheTreeHas(bytes32 salt, uint8 count, uint8 leaf) external view {
        (bytes32[] memory words, Opening memory opening, uint256 index) = _single(salt, count, leaf);
        uint256 depth = Trees.depthOf(words.length);
        require(this.proveWord(opening, index, depth, Trees.rootOf(words)) == words[index], "word");
    }

    function testFuzz_proveWord_needsOneWord(bytes32 salt, uint8 count, uint8 leaf, uint8 given) external {
        (bytes32[] memory words, Opening memory opening, uint256 index) = _single(salt, count, leaf);
        given %= 4;
        if (given == 1) return;
        opening.words = new bytes32[](given);
        if (given > 1) opening.words[0] = words[index];
        bytes32 root = Trees.rootOf(words);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongWords.selector, PART, given, 1));
        this.proveWord(opening, index, Trees.depthOf(words.length), root);
    }

    /// @dev Neither fewer nor more, whatever they hash to [T076].
    function testFuzz_proveWord_needsAllSiblings(bytes32 salt, uint8 count, uint8 leaf, uint8 given) external {
        (bytes32[] memory words, Opening memory opening, uint256 index) = _single(salt, count, leaf);
        uint256 depth = Trees.depthOf(words.length);
        given %= 9;
        if (given == depth) return;
        bytes32[] memory siblings = new bytes32[](given);
        for (uint256 i; i < given && i < depth; ++i) siblings[i] = opening.siblings[i];
        opening.siblings = siblings;
        bytes32 root = Trees.rootOf(words);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongSiblings.selector, PART, given, depth));
        this.proveWord(opening, index, depth, root);
    }

    /// @dev The error names the root of the tree with the word that was given.
    function testFuzz_proveWord_refusesOtherWords(bytes32 salt, uint8 count, uint8 leaf) external {
        (bytes32[] memory words, , uint256 index) = _single(salt, count, leaf);
        bytes32 root = Trees.rootOf(words);
        words[index] = ~salt;
        Opening memory opening = Trees.open(words, OpeningLib.only(index, 1));
        bytes32 given = Trees.rootOf(words);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongRoot.selector, PART, given, root));
        this.proveWord(opening, index, Trees.depthOf(words.length), root);
    }

    function prove(Opening calldata opening, uint256[] memory runs, uint256 depth, bytes32 root) external pure {
        opening.words.prove(opening.siblings, PART, runs, depth, root);
    }

    function proveWord(
        Opening calldata opening,
        uint256 index,
        uint256 depth,
        bytes32 root
    ) external pure returns (bytes32) {
        return opening.words.proveWord(opening.siblings, PART, index, depth, root);
    }

    /// @dev A leaf of a tree, opened alone.
    function _single(
        bytes32 salt,
        uint8 count,
        uint8 leaf
    ) private pure returns (bytes32[] memory words, Opening memory opening, uint256 index) {
        words = _words(salt, count);
        index = leaf % words.length;
        opening = Trees.open(words, OpeningLib.only(index, 1));
    }

    function _words(bytes32 salt, uint8 count) private pure returns (bytes32[] memory words) {
        words = new bytes32[](bound(count, 1, MOST_WORDS));
        for (uint256 i; i < words.length; ++i) words[i] = keccak256(abi.encode(salt, i));
    }

    /// @dev The leaves whose bit is set; those that follow each other are one run or several.
    function _runs(uint256 words, uint256 leaves) private pure returns (uint256[] memory runs) {
        runs = new uint256[](words);
        uint256 count;
        for (uint256 i; i < words; ++i) {
            if ((leaves >> i) & 1 == 0) continue;
            bool follows = count > 0 && (runs[count - 1] >> 128) + uint128(runs[count - 1]) == i;
            if (follows && (leaves >> (64 + i)) & 1 == 1) ++runs[count - 1];
            else runs[count++] = OpeningLib.run(i, 1);
        }
        assembly ("memory-safe") {
            mstore(runs, count)
        }
    }
}
