// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {NO_VALUE} from "../../types/OnnxTypes.sol";
import {Case, Step} from "../../types/RefereeTypes.sol";
import {Float32Lib} from "./Float32Lib.sol";
import {InputLib} from "./InputLib.sol";
import {JoinLib} from "./JoinLib.sol";
import {ProfileLib} from "./ProfileLib.sol";
import {ShapeLib} from "./ShapeLib.sol";

/// @title Operators that compute an element from one element of each input
/// @dev Each function opens what its element is computed from and gives the value; `index` is that of the element in
/// row-major order. Unchecked: `ProfileLib` bounds everything.
library PointLib {
    using InputLib for Case;

    uint256 private constant WORD = 32;

    /// @dev QUANT. Of a NaN no byte is right.
    function quant(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        uint256 bits = _only(c, step, 0, index);
        if (Float32Lib.isNaN(bits)) return NO_VALUE;
        return Float32Lib.quantise(bits, uint64(step.attrs[0]), uint64(step.attrs[1]));
    }

    /// @dev DEQUANT: the bits of a float.
    function dequant(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        uint256 q = _only(c, step, 0, index);
        return Float32Lib.dequantise(q, uint64(step.attrs[0]), uint64(step.attrs[1]));
    }

    /// @dev ADD, of two tensors or of a tensor and a constant row.
    function add(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        c.requireCount(step.inputs.length);
        uint256 a = c.openElement(0, step.inputs[0], index);
        uint256 b =
            step.inputs.length == 1
                ? InputLib.openConstant(c.constants, step, index % ShapeLib.last(step.shape), 1)
                : c.openElement(1, step.inputs[1], index);
        return Float32Lib.add(a, uint64(step.attrs[0]), b, uint64(step.attrs[1]), uint64(step.attrs[2]));
    }

    /// @dev LUT: the entry of a table.
    function lut(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        return _entry(c, step, 0, _only(c, step, 0, index));
    }

    /// @dev CONCAT: the entry of the table of the input in which the element lies.
    function concat(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        (uint256 which, uint256 part) = JoinLib.partAt(step, uint64(step.attrs[0]), index);
        return _entry(c, step, which, _only(c, step, which, part));
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
            return InputLib.openConstant(c.constants, step, table * ProfileLib.TABLE_WORDS * WORD + a, 1);
        }
    }

    function _only(Case calldata c, Step memory step, uint256 which, uint256 index) private pure returns (uint256) {
        c.requireCount(1);
        return c.openElement(0, step.inputs[which], index);
    }
}
