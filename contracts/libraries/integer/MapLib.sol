// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CONSTANT, NO_VALUE} from "../../types/OnnxTypes.sol";
import {Case, Opening, Ref, Step} from "../../types/RefereeTypes.sol";
import {ElementLib} from "../onnx/ElementLib.sol";
import {InputLib} from "../onnx/InputLib.sol";
import {LayoutLib} from "../onnx/LayoutLib.sol";
import {ShapeLib} from "../onnx/ShapeLib.sol";
import {ConstantLib} from "./ConstantLib.sol";
import {ProgramLib} from "./ProgramLib.sol";
import {StatedLib} from "./StatedLib.sol";

/// @title MAP: a program over the elements of its operands at one place
/// @dev A case has a root and a path of each tensor among the operands, an opening of each operand, and behind these one of each
/// entry that the program looks up, in the order of its instructions.
library MapLib {
    using ConstantLib for Step;
    using InputLib for Case;
    using ShapeLib for uint32[];

    /// @dev The lowest bytes of what the program makes; there is nothing right where it looks beside a table.
    /// @param index Of the element in row-major order.
    function value(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            uint256 operands = uint64(step.attrs[0]);
            uint256 lookups = step.inputs.length > operands ? ProgramLib.lookupsOf(step.attrs) : 0;
            c.requireCounts(_tensors(step, operands), operands + lookups);
            // Every instruction takes an attribute at least.
            int256[] memory values = new int256[](operands + step.attrs.length);
            for (uint256 i; i < operands; ++i) {
                uint256 bits = _operand(c, step, i, index);
                if (bits == NO_VALUE) return NO_VALUE;
                values[i] = ElementLib.integerOf(bits, step.inputs[i].dtype);
            }
            (bool isThere, int256 last) = _run(c, step, values, operands);
            return isThere ? ElementLib.bitsOf(last, LayoutLib.elementSize(step.dtype)) : NO_VALUE;
        }
    }

    /// @dev The last value of the program; none where it looks beside a table.
    /// @param values Of which the first `count` are there: the operands.
    function _run(
        Case calldata c,
        Step memory step,
        int256[] memory values,
        uint256 count
    ) private pure returns (bool isThere, int256 last) {
        unchecked {
            uint256 opening = count;
            uint256 attr = 1;
            while (true) {
                (attr, count) = ProgramLib.run(step.attrs, attr, values, count);
                if (attr == step.attrs.length) return (true, values[count - 1]);
                // A lookup.
                uint256 instruction = uint64(step.attrs[attr++]);
                int256 entry = values[uint8(instruction >> 8)];
                (isThere, values[count++]) = _entry(c.inputs[opening++], step, uint8(instruction >> 16), entry);
                if (!isThere) return (false, 0);
            }
        }
    }

    /// @dev An entry of the table that is an input.
    function _entry(
        Opening calldata opening,
        Step memory step,
        uint256 which,
        int256 entry
    ) private pure returns (bool isThere, int256) {
        Ref memory table = step.inputs[which];
        if (entry < 0 || uint256(entry) >= table.shape[0]) return (false, 0);
        return (true, ElementLib.integerOf(step.elementOf(which, uint256(entry), opening), table.dtype));
    }

    /// @dev How many of the operands are tensors; these come first.
    function _tensors(Step memory step, uint256 operands) private pure returns (uint256 count) {
        unchecked {
            while (count < operands && step.inputs[count].from != CONSTANT) ++count;
        }
    }

    /// @dev The element of an operand that stands where `index` is in what is made, as the number that its bytes are.
    function _operand(Case calldata c, Step memory step, uint256 which, uint256 index) private pure returns (uint256) {
        Ref memory input = step.inputs[which];
        index = _broadcast(step.shape, input.shape, index);
        if (input.from == CONSTANT) return step.elementOf(which, index, c.inputs[which]);
        return StatedLib.openElement(c, which, input, index);
    }

    /// @dev The index in `read` of what stands at an index of `made`: axes are aligned at their ends, and along one of length 1 there
    /// is the same everywhere.
    function _broadcast(
        uint32[] memory made,
        uint32[] memory read,
        uint256 index
    ) private pure returns (uint256 found) {
        if (made.equal(read)) return index;
        unchecked {
            uint256 stride = 1;
            uint256 missing = made.length - read.length;
            for (uint256 i = read.length; i > 0; --i) {
                uint256 length = made[missing + i - 1];
                if (read[i - 1] > 1) {
                    found += (index % length) * stride;
                    stride *= length;
                }
                index /= length;
            }
        }
    }
}
