// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StepReferee} from "../base/StepReferee.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {IntegerProfileLib} from "../libraries/integer/IntegerProfileLib.sol";
import {MapLib} from "../libraries/integer/MapLib.sol";
import {RowLib} from "../libraries/integer/RowLib.sol";
import {ViewLib} from "../libraries/integer/ViewLib.sol";
import {StepLib} from "../libraries/onnx/StepLib.sol";
import {INTEGER_GRAPH_TAG, INTEGER_PROFILE, INTEGER_STEP_TAG, IntegerOpcode} from "../types/IntegerTypes.sol";
import {Case, Step} from "../types/RefereeTypes.sol";

/// @title Judge of the profile `onnx-int8/2`: models of integers alone
contract IntegerReferee is StepReferee {
    /// @inheritdoc IReferee
    function profile() external pure returns (bytes32) {
        return INTEGER_PROFILE;
    }

    function _graphTag() internal pure override returns (bytes32) {
        return INTEGER_GRAPH_TAG;
    }

    function _decode(bytes calldata data) internal pure override returns (bool, uint256, Step memory) {
        return StepLib.decode(data, INTEGER_STEP_TAG, IntegerProfileLib.MOST_INPUTS, IntegerProfileLib.MOST_ATTRS);
    }

    function _admits(Step memory step, uint256 index) internal pure override returns (bool) {
        return IntegerProfileLib.admits(step, index);
    }

    function _valueOf(
        Case calldata c,
        Step memory step,
        uint256 element,
        uint256 accused
    ) internal pure override returns (uint256) {
        uint8 opcode = step.opcode;
        if (opcode == uint8(IntegerOpcode.Map)) return MapLib.value(c, step, element);
        if (opcode == uint8(IntegerOpcode.Dot)) return RowLib.dot(c, step, element);
        if (opcode == uint8(IntegerOpcode.Sum)) return RowLib.sum(c, step, element);
        if (opcode == uint8(IntegerOpcode.ArgMax)) return RowLib.argMax(c, step, element, accused);
        if (opcode == uint8(IntegerOpcode.Take)) return ViewLib.take(c, step, element);
        if (opcode == uint8(IntegerOpcode.Rows)) return ViewLib.rows(c, step, element);
        if (opcode == uint8(IntegerOpcode.Move)) return ViewLib.move(c, step, element);
        return ViewLib.join(c, step, element);
    }
}
