// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {NO_VALUE, UINT8} from "../../types/OnnxTypes.sol";
import {Case, Opening, Ref, Step} from "../../types/RefereeTypes.sol";
import {ElementLib} from "../onnx/ElementLib.sol";
import {InputLib} from "../onnx/InputLib.sol";
import {LaneLib} from "../onnx/LaneLib.sol";
import {LayoutLib} from "../onnx/LayoutLib.sol";
import {OpeningLib} from "../onnx/OpeningLib.sol";
import {ShapeLib} from "../onnx/ShapeLib.sol";

/// @title Operators that compute an element from rows
/// @dev Each function opens what its element is computed from and gives its lowest bytes as a number; `index` is that of the
/// element in row-major order. Unchecked: `IntegerProfileLib` bounds everything.
library RowLib {
    using InputLib for Case;
    using LaneLib for LaneLib.Sums;
    using ShapeLib for uint32[];

    /// @dev Every second byte, pair and quadruple of bytes of a word.
    uint256 private constant EVEN_BYTES = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant EVEN_PAIRS = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant EVEN_QUADS = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;

    /// @notice The row has no element at the place of the witness.
    /// @custom:fix Name a place below `length`: that of the row's first maximum, as the SDK's `openCase` does.
    error RefereeNoSuchWitness(uint256 witness, uint256 length);

    /// @dev DOT: a row of bytes with a column of constants, or with a row of a second tensor.
    function dot(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            uint256 length = step.inputs[0].shape.last();
            uint256 words = LayoutLib.wordsFor(length);
            uint256 column = _columnOf(step, index);
            bool isPair = step.inputs.length == 2;
            (uint256 a, uint256 b) = _openRows(c, step, index / step.shape.last(), column, words);
            if (!isPair) b = _pointerTo(c.openConstants(step, OpeningLib.only(column * words, words)));

            LaneLib.Sums memory sums = LaneLib.none();
            sums.addWords(a, b, words, isPair);
            int256 acc = sums.centred(length, uint64(step.attrs[0]), uint64(step.attrs[1]));
            return ElementLib.bitsOf(acc, LayoutLib.elementSize(step.dtype));
        }
    }

    /// @dev SUM: of the elements of a row, or of their squares.
    function sum(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            Ref memory input = step.inputs[0];
            uint256 size = LayoutLib.elementSize(input.dtype);
            uint256 words = LayoutLib.wordsFor(input.shape.last() * size);
            (uint256 row, ) = _openRows(c, step, index, 0, words);
            bool squared = step.attrs[0] == 1;
            int256 total =
                input.dtype == UINT8 ? _sumOfBytes(row, words, squared) : _sumOfIntegers(row, words, size, squared);
            return ElementLib.bitsOf(total, LayoutLib.elementSize(step.dtype));
        }
    }

    /// @dev ARGMAX: the place that the node says, unless it is none or the witness is better.
    function argMax(Case calldata c, Step memory step, uint256 index, uint256 accused) internal pure returns (uint256) {
        unchecked {
            Ref memory input = step.inputs[0];
            (uint256 witness, uint256 length) = (c.witness, input.shape.last());
            if (accused >= length) return NO_VALUE;
            if (witness >= length) revert RefereeNoSuchWitness(witness, length);
            c.requireCounts(1, 2);
            bytes32 root = c.proveTensor(0, input);
            int256 named = _elementOf(c.inputs[0], input, root, index * length + accused);
            int256 better = _elementOf(c.inputs[1], input, root, index * length + witness);
            return better > named || (better == named && witness < accused) ? NO_VALUE : accused;
        }
    }

    function _elementOf(
        Opening calldata opening,
        Ref memory input,
        bytes32 root,
        uint256 index
    ) private pure returns (int256) {
        return ElementLib.integerOf(InputLib.elementOf(opening, input, root, index), input.dtype);
    }

    /// @dev Where a row of each of the step's inputs begins in calldata, once all its words are proven.
    /// @param words Of a row.
    function _openRows(
        Case calldata c,
        Step memory step,
        uint256 first,
        uint256 second,
        uint256 words
    ) private pure returns (uint256 a, uint256 b) {
        unchecked {
            c.requireCount(step.inputs.length);
            for (uint256 i; i < step.inputs.length; ++i) {
                uint256[] memory runs = OpeningLib.only((i == 0 ? first : second) * words, words);
                b = _pointerTo(c.openWords(i, step.inputs[i], runs));
                if (i == 0) a = b;
            }
        }
    }

    /// @dev Which column of the constants, or row of the second tensor, an element of a DOT is computed from: the second tensor has
    /// a matrix for each of the first.
    function _columnOf(Step memory step, uint256 index) private pure returns (uint256) {
        unchecked {
            uint32[] memory made = step.shape;
            uint256 columns = made.last();
            uint256 matrix = step.inputs.length == 2 ? index / (columns * made[made.length - 2]) : 0;
            return matrix * columns + (index % columns);
        }
    }

    /// @dev Padding is zero and adds nothing.
    function _sumOfBytes(uint256 pointer, uint256 words, bool squared) private pure returns (int256) {
        LaneLib.Sums memory sums = LaneLib.none();
        sums.addWords(pointer, pointer, words, true);
        return int256(squared ? sums.products : LaneLib.total(sums.a));
    }

    /// @param size Bytes of an element, 4 or 8.
    function _sumOfIntegers(
        uint256 pointer,
        uint256 words,
        uint256 size,
        bool squared
    ) private pure returns (int256 total) {
        // In memory, because the optimiser would rebuild constants in every turn of the loop.
        uint256[3] memory masks = [EVEN_BYTES, EVEN_PAIRS, EVEN_QUADS];
        // Four elements at once, 64 bits apart; if they have 32 bits, four others stand between them.
        assembly ("memory-safe") {
            let top := sub(size, 1)
            for {
                let end := add(pointer, shl(5, words))
            } lt(pointer, end) {
                pointer := add(pointer, 0x20)
            } {
                // The bytes of each element in the other order.
                let word := calldataload(pointer)
                let even := mload(masks)
                word := or(and(shr(8, word), even), shl(8, and(word, even)))
                even := mload(add(masks, 0x20))
                word := or(and(shr(16, word), even), shl(16, and(word, even)))
                if eq(size, 8) {
                    even := mload(add(masks, 0x40))
                    word := or(and(shr(32, word), even), shl(32, and(word, even)))
                }
                for {
                    let left := size
                } lt(left, 9) {
                    left := add(left, 4)
                } {
                    let x := signextend(top, word)
                    switch squared
                    case 0 {
                        total := add(total, add(x, signextend(top, shr(64, word))))
                        total := add(total, add(signextend(top, shr(128, word)), signextend(top, shr(192, word))))
                    }
                    default {
                        total := add(total, mul(x, x))
                        x := signextend(top, shr(64, word))
                        total := add(total, mul(x, x))
                        x := signextend(top, shr(128, word))
                        total := add(total, mul(x, x))
                        x := signextend(top, shr(192, word))
                        total := add(total, mul(x, x))
                    }
                    word := shr(32, word)
                }
            }
        }
    }

    /// @dev Where words begin in calldata.
    function _pointerTo(bytes32[] calldata words) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := words.offset
        }
    }
}
