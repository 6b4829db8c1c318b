// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CONSTANT} from "../../types/OnnxTypes.sol";
import {Opening, Ref, Step} from "../../types/RefereeTypes.sol";
import {IntegerOpcode} from "../../types/IntegerTypes.sol";
import {InputLib} from "../onnx/InputLib.sol";
import {LayoutLib} from "../onnx/LayoutLib.sol";
import {ShapeLib} from "../onnx/ShapeLib.sol";

/// @title Constants of a step
/// @dev Those that its inputs name lie in its tree one after the other, in the order of the inputs. Of a DOT the columns do.
library ConstantLib {
    using ShapeLib for uint32[];

    uint256 private constant WORD = 32;

    /// @dev Words of all constants of a step.
    function wordsOf(Step memory step) internal pure returns (uint256) {
        unchecked {
            bool hasColumns = step.opcode == uint8(IntegerOpcode.Dot) && step.inputs.length == 1;
            if (!hasColumns) return wordsBefore(step, step.inputs.length);
            return step.shape.last() * LayoutLib.wordsFor(step.inputs[0].shape.last());
        }
    }

    /// @dev Words of the constants that earlier inputs name.
    function wordsBefore(Step memory step, uint256 which) internal pure returns (uint256 words) {
        unchecked {
            for (uint256 i; i < which; ++i) {
                Ref memory input = step.inputs[i];
                if (input.from == CONSTANT) words += LayoutLib.wordsOf(input.order, input.dtype, input.shape);
            }
        }
    }

    /// @dev An element of the constant that an input names, as the number that its bytes are.
    /// @param index In row-major order.
    /// @param opening Of the case: its word.
    function elementOf(
        Step memory step,
        uint256 which,
        uint256 index,
        Opening calldata opening
    ) internal pure returns (uint256) {
        unchecked {
            Ref memory input = step.inputs[which];
            uint256 size = LayoutLib.elementSize(input.dtype);
            uint256 place = LayoutLib.placeOf(input.order, size, input.shape, index);
            return InputLib.openConstant(opening, step, wordsBefore(step, which) * WORD + place, size);
        }
    }
}
