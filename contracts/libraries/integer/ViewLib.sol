// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {NO_VALUE} from "../../types/OnnxTypes.sol";
import {Case, Ref, Step} from "../../types/RefereeTypes.sol";
import {ElementLib} from "../onnx/ElementLib.sol";
import {InputLib} from "../onnx/InputLib.sol";
import {JoinLib} from "../onnx/JoinLib.sol";
import {LayoutLib} from "../onnx/LayoutLib.sol";
import {ShapeLib} from "../onnx/ShapeLib.sol";
import {ConstantLib} from "./ConstantLib.sol";
import {StatedLib} from "./StatedLib.sol";

/// @title Operators that copy elements: which one follows from the place of what is made, or from an index that is opened
/// @dev Each function gives the bytes of the element as a number; `index` is in row-major order. Unchecked:
/// `IntegerProfileLib` bounds everything.
library ViewLib {
    using ConstantLib for Step;
    using InputLib for Case;
    using ShapeLib for uint32[];

    /// @dev MOVE: digits of the index, each by its stride. There may be no such element.
    function move(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            int64[] memory attrs = step.attrs;
            uint256 digits = uint64(attrs[0]);
            int256 found = attrs[digits + 1];
            for (uint256 i = digits; i > 0; --i) {
                uint256 radix = uint64(attrs[i]);
                found += int256(index % radix) * attrs[digits + 1 + i];
                index /= radix;
            }
            Ref memory input = step.inputs[0];
            if (found < 0 || uint256(found) >= LayoutLib.countOf(input.shape)) return NO_VALUE;
            c.requireCount(1);
            return StatedLib.openElement(c, 0, input, uint256(found));
        }
    }

    /// @dev JOIN: the element of the input in which it lies.
    function join(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        (uint256 which, uint256 part) = JoinLib.partAt(step, uint64(step.attrs[0]), index);
        c.requireCount(1);
        return c.openElement(0, step.inputs[which], part);
    }

    /// @dev TAKE: the element of a row that an index chooses.
    function take(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            c.requireCount(2);
            (Ref memory from, Ref memory chosen) = (step.inputs[0], step.inputs[1]);
            (bool isThere, uint256 column) = _chosen(c, 1, chosen, index, from.shape.last());
            if (!isThere) return NO_VALUE;
            return c.openElement(0, from, (index / chosen.shape.last()) * from.shape.last() + column);
        }
    }

    /// @dev ROWS: an element of the part of a constant that an index chooses.
    function rows(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            c.requireCount(1);
            uint32[] memory shape = step.inputs[1].shape;
            uint256 size = LayoutLib.countOf(shape) / shape[0];
            (bool isThere, uint256 row) = _chosen(c, 0, step.inputs[0], index / size, shape[0]);
            if (!isThere) return NO_VALUE;
            return step.elementOf(1, row * size + (index % size), c.constants);
        }
    }

    /// @dev What an index says, if it is below `count`.
    function _chosen(
        Case calldata c,
        uint256 slot,
        Ref memory indices,
        uint256 index,
        uint256 count
    ) private pure returns (bool isThere, uint256 chosen) {
        int256 found = ElementLib.integerOf(c.openElement(slot, indices, index), indices.dtype);
        isThere = found >= 0 && uint256(found) < count;
        chosen = uint256(found);
    }
}
