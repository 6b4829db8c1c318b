// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StepReferee} from "../base/StepReferee.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {PointLib} from "../libraries/onnx/PointLib.sol";
import {ProfileLib} from "../libraries/onnx/ProfileLib.sol";
import {StepLib} from "../libraries/onnx/StepLib.sol";
import {SumLib} from "../libraries/onnx/SumLib.sol";
import {ONNX_GRAPH_TAG, ONNX_PROFILE, ONNX_STEP_TAG, Opcode} from "../types/OnnxTypes.sol";
import {Case, Step} from "../types/RefereeTypes.sol";

/// @title Judge of the profile `onnx-int8/1`: quantised ONNX models, bit for bit as ONNX Runtime computes them
contract OnnxReferee is StepReferee {
    /// @inheritdoc IReferee
    function profile() external pure returns (bytes32) {
        return ONNX_PROFILE;
    }

    function _graphTag() internal pure override returns (bytes32) {
        return ONNX_GRAPH_TAG;
    }

    function _decode(bytes calldata data) internal pure override returns (bool, uint256, Step memory) {
        return StepLib.decode(data, ONNX_STEP_TAG, ProfileLib.MOST_INPUTS, ProfileLib.MOST_ATTRS);
    }

    function _admits(Step memory step, uint256 index) internal pure override returns (bool) {
        return ProfileLib.admits(step, index);
    }

    function _valueOf(
        Case calldata c,
        Step memory step,
        uint256 element,
        uint256
    ) internal pure override returns (uint256) {
        Opcode opcode = Opcode(step.opcode);
        if (opcode == Opcode.Quant) return PointLib.quant(c, step, element);
        if (opcode == Opcode.Conv) return SumLib.conv(c, step, element);
        if (opcode == Opcode.Dot) return SumLib.dot(c, step, element);
        if (opcode == Opcode.Add) return PointLib.add(c, step, element);
        if (opcode == Opcode.Gap) return SumLib.gap(c, step, element);
        if (opcode == Opcode.MaxPool) return SumLib.maxPool(c, step, element);
        if (opcode == Opcode.Lut) return PointLib.lut(c, step, element);
        if (opcode == Opcode.Concat) return PointLib.concat(c, step, element);
        if (opcode == Opcode.Move) return PointLib.move(c, step, element);
        if (opcode == Opcode.ArgMax) return SumLib.argMax(c, step, element);
        return PointLib.dequant(c, step, element);
    }
}
