// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {NO_VALUE} from "../../types/OnnxTypes.sol";
import {Case, Ref, Step} from "../../types/RefereeTypes.sol";
import {Float32Lib} from "./Float32Lib.sol";
import {InputLib} from "./InputLib.sol";
import {LayoutLib} from "./LayoutLib.sol";
import {ProfileLib} from "./ProfileLib.sol";

/// @title Operators that compute an element from one element of each input
/// @dev Each function opens what its element is computed from and gives the value; `index` is that of the element in
/// row-major order. Unchecked: `ProfileLib` bounds everything.
library PointLib {
    using InputLib for Case;

    uint256 private constant WORD = 32;
    uint256 private constant FLOAT_SIZE = 4;

    /// @dev QUANT. Of a NaN no byte is right.
    function quant(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            uint256 place = index * FLOAT_SIZE;
            c.requireCount(1);
            bytes32 word = c.openWord(0, step.inputs[0], place / WORD);
            uint256 bits = littleEndian(uint256(word << (8 * (place % WORD))) >> 224, FLOAT_SIZE);
            if (Float32Lib.isNaN(bits)) return NO_VALUE;
            return Float32Lib.quantise(bits, uint64(step.attrs[0]), uint64(step.attrs[1]));
        }
    }

    /// @dev DEQUANT: the bits of a float.
    function dequant(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        uint256 q = _only(c, step, 0, index);
        return Float32Lib.dequantise(q, uint64(step.attrs[0]), uint64(step.attrs[1]));
    }

    /// @dev ADD, of two tensors or of a tensor and a constant row.
    function add(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            bool isRow = step.inputs.length == 1;
            c.requireCount(step.inputs.length);
            // Two tensors have the same shape, and so the same place for it.
            uint256 place = _placeOf(step.inputs[0], index);
            uint256 a = _byteAt(c, 0, step.inputs[0], place);
            uint256 b;
            if (isRow) {
                uint256 column = index % step.shape[step.shape.length - 1];
                b = InputLib.byteOf(c.openConstant(step, column / WORD), column % WORD);
            } else {
                b = _byteAt(c, 1, step.inputs[1], place);
            }
            return Float32Lib.add(a, uint64(step.attrs[0]), b, uint64(step.attrs[1]), uint64(step.attrs[2]));
        }
    }

    /// @dev LUT: the entry of a table.
    function lut(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        return _entry(c, step, 0, _only(c, step, 0, index));
    }

    /// @dev CONCAT: the entry of the table of the input in which the element lies.
    function concat(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            uint256 axis = uint64(step.attrs[0]);
            uint256 inner = 1; // elements for each step along the axis
            for (uint256 i = axis + 1; i < step.shape.length; ++i) inner *= step.shape[i];
            uint256 along = (index / inner) % step.shape[axis];
            uint256 outer = index / (inner * step.shape[axis]);
            uint256 which;
            while (along >= step.inputs[which].shape[axis]) along -= step.inputs[which++].shape[axis];
            uint256 place = (outer * step.inputs[which].shape[axis] + along) * inner + (index % inner);
            return _entry(c, step, which, _only(c, step, which, place));
        }
    }

    /// @dev MOVE: the same element, wherever it now lies.
    function move(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        return _only(c, step, 0, step.attrs.length == 0 ? index : _before(step, index));
    }

    /// @dev Index before the permutation: axis i of what is made is axis `attrs[i]` of what is read.
    function _before(Step memory step, uint256 index) private pure returns (uint256 before) {
        unchecked {
            uint32[] memory read = step.inputs[0].shape;
            for (uint256 i = step.shape.length; i > 0; --i) {
                uint256 axis = uint64(step.attrs[i - 1]);
                uint256 coordinate = index % step.shape[i - 1];
                index /= step.shape[i - 1];
                for (uint256 k = axis + 1; k < read.length; ++k) coordinate *= read[k];
                before += coordinate;
            }
        }
    }

    function _entry(Case calldata c, Step memory step, uint256 table, uint256 a) private pure returns (uint256) {
        unchecked {
            uint256 leaf = table * ProfileLib.TABLE_WORDS + a / WORD;
            return InputLib.byteOf(c.openConstant(step, leaf), a % WORD);
        }
    }

    function _only(Case calldata c, Step memory step, uint256 which, uint256 index) private pure returns (uint256) {
        c.requireCount(1);
        return _byteAt(c, 0, step.inputs[which], _placeOf(step.inputs[which], index));
    }

    function _placeOf(Ref memory input, uint256 index) private pure returns (uint256) {
        return LayoutLib.placeOf(input.order, 1, input.shape, index);
    }

    function _byteAt(Case calldata c, uint256 slot, Ref memory input, uint256 place) private pure returns (uint256) {
        return InputLib.byteOf(c.openWord(slot, input, place / WORD), place % WORD);
    }

    /// @dev The number whose bytes stand in the other order.
    /// @param size Bytes.
    function littleEndian(uint256 number, uint256 size) internal pure returns (uint256 turned) {
        unchecked {
            for (uint256 i; i < size; ++i) turned |= ((number >> (8 * i)) & 0xff) << (8 * (size - 1 - i));
        }
    }
}
