// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IntegerOpcode} from "../../types/IntegerTypes.sol";
import {BOOL, CONSTANT, INT32, INT64, Order, STATED_OUTPUT, UINT8} from "../../types/OnnxTypes.sol";
import {Ref, Step} from "../../types/RefereeTypes.sol";
import {JoinLib} from "../onnx/JoinLib.sol";
import {LayoutLib} from "../onnx/LayoutLib.sol";
import {ShapeLib} from "../onnx/ShapeLib.sol";
import {ConstantLib} from "./ConstantLib.sol";
import {ProgramLib} from "./ProgramLib.sol";

/// @title What a step of the profile `onnx-int8/2` can be
/// @dev The compiler makes no other steps, so a model that has one was not compiled, and nobody may state anything about it.
/// What passes here can be computed: every index, product and sum of the other libraries is bounded by these checks, which
/// is why they all are unchecked. Here, too: dimensions are below 2^32 and attributes below 2^63.
library IntegerProfileLib {
    using ShapeLib for uint32[];

    uint256 internal constant MOST_INPUTS = 16;
    uint256 internal constant MOST_ATTRS = 160;
    uint8 private constant DOT = uint8(IntegerOpcode.Dot);
    uint8 private constant MAP = uint8(IntegerOpcode.Map);
    uint8 private constant SUM = uint8(IntegerOpcode.Sum);
    uint8 private constant ARGMAX = uint8(IntegerOpcode.ArgMax);
    uint8 private constant TAKE = uint8(IntegerOpcode.Take);
    uint8 private constant ROWS = uint8(IntegerOpcode.Rows);
    uint8 private constant MOVE = uint8(IntegerOpcode.Move);
    uint8 private constant JOIN = uint8(IntegerOpcode.Join);

    uint256 private constant MOST_STEPS = 4_096;
    uint256 private constant MOST_WORDS = 1 << 18;
    uint256 private constant MOST_PRODUCTS = 32_768;
    uint256 private constant MOST_SUMMANDS = 16_384;
    /// @dev A row of so many is half of what nodes of the network pass on as one transaction, 128 KiB.
    uint256 private constant MOST_ROW_BYTES = 65_536;

    /// @dev Of the types, those that are integers, and those of indices: their ONNX numbers are bits.
    uint256 private constant INTEGERS = (1 << UINT8) | (1 << INT32) | (1 << INT64) | (1 << BOOL);
    uint256 private constant INDICES = (1 << INT32) | (1 << INT64);

    /// @param index Number of the step.
    function admits(Step memory step, uint256 index) internal pure returns (bool) {
        uint8 opcode = step.opcode;
        return
            index < MOST_STEPS &&
            _admitsOutput(step, opcode) &&
            _admitsInputs(step, opcode, index) &&
            _admitsOperation(step, opcode) &&
            LayoutLib.isTree(step.constRoot, step.constDepth, ConstantLib.wordsOf(step));
    }

    function _admitsOutput(Step memory step, uint8 opcode) private pure returns (bool) {
        uint8 order = step.order;
        if (order != uint8(Order.Rows) && (order != uint8(Order.Packed) || opcode != MOVE)) return false;
        return _isOf(INTEGERS, step.dtype) && LayoutLib.isTensor(order, step.dtype, step.shape, MOST_WORDS);
    }

    function _admitsInputs(Step memory step, uint8 opcode, uint256 index) private pure returns (bool) {
        unchecked {
            Ref[] memory inputs = step.inputs;
            bool isMap = opcode == MAP;
            for (uint256 i; i < inputs.length; ++i) {
                Ref memory input = inputs[i];
                uint256 from = input.from;
                (uint8 order, uint256 most) = (uint8(Order.Rows), MOST_WORDS);
                if (from == CONSTANT) {
                    if (!isMap && (opcode != ROWS || i == 0)) return false;
                    most = LayoutLib.MOST_CONSTANT_WORDS;
                } else if (from >= STATED_OUTPUT) {
                    if (!isMap && opcode != MOVE) return false;
                    order = uint8(Order.Packed);
                } else if (from >= index) {
                    return false;
                }
                if (input.order != order || !_isOf(INTEGERS, input.dtype)) return false;
                if (!LayoutLib.isTensor(order, input.dtype, input.shape, most)) return false;
            }
            return true;
        }
    }

    function _isOf(uint256 types, uint8 dtype) private pure returns (bool) {
        return (types >> dtype) & 1 == 1;
    }

    /// @dev Whether number of inputs, attributes, types and shapes are those of the operator.
    function _admitsOperation(Step memory step, uint8 opcode) private pure returns (bool) {
        uint256 inputs = step.inputs.length;
        if (opcode == MAP) return inputs > 0 && _isMap(step);
        if (opcode == JOIN) return inputs > 1 && _isJoin(step);
        if (opcode == DOT) return (inputs == 1 || inputs == 2) && _isDot(step);
        if (opcode == TAKE) return inputs == 2 && _isTake(step);
        if (opcode == ROWS) return inputs == 2 && _isRows(step);
        if (inputs != 1) return false;
        if (opcode == MOVE) return _isMove(step);
        return opcode == SUM ? _isSum(step) : opcode == ARGMAX && _isArgMax(step);
    }

    function _isDot(Step memory step) private pure returns (bool) {
        (uint32[] memory made, uint32[] memory read) = (step.shape, step.inputs[0].shape);
        (uint256 rank, int64[] memory attrs) = (read.length, step.attrs);
        if (attrs.length != 2 || uint64(attrs[0]) > 255 || uint64(attrs[1]) > 255) return false;
        if (step.dtype != INT32 || step.inputs[0].dtype != UINT8 || read.last() > MOST_PRODUCTS) return false;
        if (rank < 2 || made.length != rank || !_startEqual(made, read, rank - 1)) return false;
        if (step.inputs.length == 1) return true;
        uint32[] memory columns = step.inputs[1].shape;
        if (step.inputs[1].dtype != UINT8 || columns.length != rank || columns.last() != read.last()) return false;
        return columns[rank - 2] == made[rank - 1] && _startEqual(columns, read, rank - 2);
    }

    /// @dev Operands that are tensors, operands that are constants, tables; each operand can be repeated to the shape of what
    /// is made.
    function _isMap(Step memory step) private pure returns (bool) {
        unchecked {
            Ref[] memory inputs = step.inputs;
            uint256 operands = step.attrs.length == 0 ? 0 : uint64(step.attrs[0]);
            if (operands == 0 || operands > inputs.length) return false;
            bool isConstant;
            for (uint256 i; i < inputs.length; ++i) {
                Ref memory input = inputs[i];
                if (input.from == CONSTANT) isConstant = true;
                else if (isConstant || i >= operands) return false;
                if (i < operands ? !_broadcasts(input.shape, step.shape) : input.shape.length != 1) return false;
            }
            return ProgramLib.admits(step.attrs, operands, inputs.length);
        }
    }

    function _broadcasts(uint32[] memory read, uint32[] memory made) private pure returns (bool) {
        if (read.equal(made)) return true;
        unchecked {
            if (read.length > made.length) return false;
            uint256 missing = made.length - read.length;
            for (uint256 i; i < read.length; ++i) if (read[i] != 1 && read[i] != made[missing + i]) return false;
            return true;
        }
    }

    function _isSum(Step memory step) private pure returns (bool) {
        if (step.attrs.length != 1 || uint64(step.attrs[0]) > 1 || !_isOf(INDICES, step.dtype)) return false;
        if (!_isPerRow(step)) return false;
        Ref memory input = step.inputs[0];
        uint256 length = input.shape.last();
        return length <= MOST_SUMMANDS && length * LayoutLib.elementSize(input.dtype) <= MOST_ROW_BYTES;
    }

    function _isArgMax(Step memory step) private pure returns (bool) {
        return step.attrs.length == 0 && step.dtype == INT64 && _isPerRow(step);
    }

    /// @dev Whether a number is made of each row of numbers.
    function _isPerRow(Step memory step) private pure returns (bool) {
        return step.inputs[0].dtype != BOOL && step.shape.hasElementPerRow(step.inputs[0].shape);
    }

    function _isTake(Step memory step) private pure returns (bool) {
        (Ref memory from, Ref memory chosen) = (step.inputs[0], step.inputs[1]);
        if (step.attrs.length != 0 || step.dtype != from.dtype || !_isOf(INDICES, chosen.dtype)) return false;
        if (!step.shape.equal(chosen.shape)) return false;
        uint256 rank = from.shape.length;
        return chosen.shape.length == rank && _startEqual(chosen.shape, from.shape, rank - 1);
    }

    /// @dev What is made has the axes of the indices, and then those of the constant but its first.
    function _isRows(Step memory step) private pure returns (bool) {
        unchecked {
            (Ref memory chosen, Ref memory from) = (step.inputs[0], step.inputs[1]);
            uint256 rank = chosen.shape.length;
            if (step.attrs.length != 0 || step.dtype != from.dtype || !_isOf(INDICES, chosen.dtype)) return false;
            if (from.from != CONSTANT || step.shape.length != rank + from.shape.length - 1) return false;
            for (uint256 i = 1; i < from.shape.length; ++i) {
                if (step.shape[rank + i - 1] != from.shape[i]) return false;
            }
            return _startEqual(step.shape, chosen.shape, rank);
        }
    }

    /// @dev Attributes: how many digits, their radices, which make as many numbers as there are elements, the base, the strides.
    function _isMove(Step memory step) private pure returns (bool) {
        unchecked {
            int64[] memory attrs = step.attrs;
            uint256 digits = attrs.length == 0 ? 0 : uint64(attrs[0]);
            if (step.dtype != step.inputs[0].dtype || digits > MOST_ATTRS || attrs.length != 2 * digits + 2)
                return false;
            uint256 count = LayoutLib.countOf(step.shape);
            uint256 numbers = 1;
            for (uint256 i = 1; i <= digits; ++i) {
                if (attrs[i] < 1) return false;
                numbers *= uint64(attrs[i]);
                if (numbers > count) return false;
            }
            return numbers == count;
        }
    }

    function _isJoin(Step memory step) private pure returns (bool) {
        for (uint256 i; i < step.inputs.length; ++i) if (step.inputs[i].dtype != step.dtype) return false;
        return step.attrs.length == 1 && JoinLib.admits(step, uint64(step.attrs[0]));
    }

    /// @dev Whether the first dimensions are the same.
    function _startEqual(uint32[] memory a, uint32[] memory b, uint256 count) private pure returns (bool) {
        for (uint256 i; i < count; ++i) if (a[i] != b[i]) return false;
        return true;
    }
}
