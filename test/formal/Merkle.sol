// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LayoutLib} from "../../contracts/libraries/onnx/LayoutLib.sol";
import {PartLib} from "../../contracts/libraries/PartLib.sol";

/// @title Where words and parts of a tensor are in its tree
contract MerkleProofs {
    function wordsHoldAllBytes(uint256 bytes_) external pure {
        require(bytes_ < 1 << 195);
        uint256 words = LayoutLib.wordsFor(bytes_);
        assert(words * 32 >= bytes_);
        assert(words == 0 || (words - 1) * 32 < bytes_);
    }

    function wordOfEachByteIsThere(uint256 bytes_, uint256 index) external pure {
        require(bytes_ < 1 << 195 && index < bytes_);
        assert(index / 32 < LayoutLib.wordsFor(bytes_));
    }

    function rowsOfWordsHoldTheirBytes(uint256 rows, uint256 length) external pure {
        require(rows < 1 << 32 && length < 1 << 32);
        assert(rows * LayoutLib.wordsFor(length) >= LayoutLib.wordsFor(rows * length));
    }

    function atMost256AreLaidDownAtOnce(uint256 depth) external pure {
        assert(PartLib.levelsOf(depth) <= 8);
    }

    function levelsAreOfTheTree(uint256 depth) external pure {
        require(depth < 256);
        uint256 levels = PartLib.levelsOf(depth);
        assert(levels <= depth);
        assert(depth == 0 || levels > 0);
        assert(depth > 8 || levels == depth);
    }

    function partsAreSmallEnoughToShow(uint256 depth) external pure {
        require(depth <= 16);
        assert(depth - PartLib.levelsOf(depth) <= 8);
    }

    function partsAndRootsAreBalanced(uint256 depth) external pure {
        require(depth > 8 && depth <= 16);
        uint256 levels = PartLib.levelsOf(depth);
        assert(levels >= depth - levels);
        assert(levels <= depth - levels + 1);
    }

    function partOfAWordIsThere(uint256 index, uint256 depth) external pure {
        require(depth <= 26 && index < 1 << depth);
        uint256 levels = PartLib.levelsOf(depth);
        assert(index >> (depth - levels) < 1 << levels);
    }

    function elementsAreAsLargeAsTheirTypes() external pure {
        assert(LayoutLib.elementSize(1) == 4);
        assert(LayoutLib.elementSize(2) == 1);
        assert(LayoutLib.elementSize(6) == 4);
        assert(LayoutLib.elementSize(7) == 8);
        assert(LayoutLib.elementSize(9) == 1);
    }

    function noElementIsLargerThanEightBytes(uint8 dtype) external pure {
        assert(LayoutLib.elementSize(dtype) <= 8);
    }
}
