// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ConstantLib} from "../../contracts/libraries/integer/ConstantLib.sol";
import {IntegerOpcode, MapOp} from "../../contracts/types/IntegerTypes.sol";
import {CONSTANT, GRAPH_INPUT, INT32, INT64, Order, UINT8} from "../../contracts/types/OnnxTypes.sol";
import {Ref, Step} from "../../contracts/types/RefereeTypes.sol";
import {OnnxSteps} from "./OnnxSteps.sol";
import {Trees} from "./Trees.sol";

/// @title A small step of each opcode that the profile `onnx-int8/2` admits as step 2, reading steps 0 and 1
library IntegerSteps {
    uint8 internal constant INDEX = 2;
    uint256 internal constant COUNT = 12;

    /// @dev Two rows of 33 by three columns.
    function dot() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Dot, INT32, hex"0203", OnnxSteps.numbers(hex"0305"));
        _read(step, tensor(0, UINT8, hex"0221"));
        commit(step);
    }

    /// @dev Two rows of 33 by three others, twice.
    function dotOfTwo() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Dot, INT32, hex"020203", OnnxSteps.numbers(hex"0305"));
        _read(step, tensor(0, UINT8, hex"020221"), tensor(1, UINT8, hex"020321"));
    }

    /// @dev Two numbers and a constant row of three: the first by the second, plus an entry of a table that the constant chooses.
    function map() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Map, INT64, hex"0203", new int64[](4));
        _read(step, tensor(0, INT32, hex"0203"), tensor(1, INT32, hex"0201"));
        step.inputs = _with(step.inputs, constantOf(INT32, hex"03"));
        step.inputs = _with(step.inputs, constantOf(INT64, hex"04"));
        step.attrs[0] = 3;
        step.attrs[1] = instruction(MapOp.Mul, 0, 1, 0);
        step.attrs[2] = instruction(MapOp.Table, 2, 3, 0);
        step.attrs[3] = instruction(MapOp.Add, 3, 4, 0);
        commit(step);
    }

    /// @dev The same number, in another type.
    function cast() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Map, INT64, hex"0228", OnnxSteps.numbers(hex"01"));
        _read(step, tensor(0, INT32, hex"0228"));
    }

    /// @dev Two rows of 40 bytes.
    function sum() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Sum, INT32, hex"0201", OnnxSteps.numbers(hex"00"));
        _read(step, tensor(0, UINT8, hex"0228"));
    }

    /// @dev Squares of two rows of nine.
    function sumOfSquares() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Sum, INT64, hex"02", OnnxSteps.numbers(hex"01"));
        _read(step, tensor(0, INT32, hex"0209"));
    }

    /// @dev Two rows of 40.
    function argMax() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.ArgMax, INT64, hex"0201", new int64[](0));
        _read(step, tensor(0, INT32, hex"0228"));
    }

    /// @dev Three of each of two rows of 40.
    function take() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Take, INT32, hex"0203", new int64[](0));
        _read(step, tensor(0, INT32, hex"0228"), tensor(1, INT64, hex"0203"));
    }

    /// @dev Three of five rows of 40.
    function rows() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Rows, UINT8, hex"0328", new int64[](0));
        _read(step, tensor(0, INT32, hex"03"), constantOf(UINT8, hex"0528"));
        commit(step);
    }

    /// @dev Two rows of three with their axes swapped.
    function move() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Move, INT64, hex"0302", OnnxSteps.numbers(hex"020302000103"));
        _read(step, tensor(0, INT64, hex"0203"));
    }

    /// @dev An input of the graph, from its end to its beginning, packed.
    function reversed() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Move, UINT8, hex"28", OnnxSteps.numbers(hex"01282700"));
        step.attrs[3] = -1;
        step.order = uint8(Order.Packed);
        _read(step, given(0, UINT8, hex"28"));
    }

    /// @dev Rows of two and of three, twice.
    function join() internal pure returns (Step memory step) {
        step = made(IntegerOpcode.Join, INT32, hex"0205", OnnxSteps.numbers(hex"01"));
        _read(step, tensor(0, INT32, hex"0202"), tensor(1, INT32, hex"0203"));
    }

    /// @dev Step `which` of all of the above.
    function any(uint256 which) internal pure returns (Step memory) {
        function() internal pure returns (Step memory)[12] memory all = [
            dot,
            dotOfTwo,
            map,
            cast,
            sum,
            sumOfSquares,
            argMax,
            take,
            rows,
            move,
            reversed,
            join
        ];
        return all[which % COUNT]();
    }

    function instruction(MapOp op, uint256 a, uint256 b, uint256 c) internal pure returns (int64) {
        return int64(uint64(uint256(op) | (a << 8) | (b << 16) | (c << 24)));
    }

    /// @dev A step that makes rows and reads nothing yet.
    function made(
        IntegerOpcode opcode,
        uint8 dtype,
        bytes memory shape,
        int64[] memory attrs
    ) internal pure returns (Step memory step) {
        (step.opcode, step.order, step.dtype) = (uint8(opcode), uint8(Order.Rows), dtype);
        (step.shape, step.attrs) = (OnnxSteps.shapeOf(shape), attrs);
    }

    /// @dev What a step makes between others.
    function tensor(uint16 from, uint8 dtype, bytes memory shape) internal pure returns (Ref memory) {
        return Ref(from, uint8(Order.Rows), dtype, OnnxSteps.shapeOf(shape));
    }

    function constantOf(uint8 dtype, bytes memory shape) internal pure returns (Ref memory) {
        return tensor(uint16(CONSTANT), dtype, shape);
    }

    /// @dev An input of the graph.
    function given(uint16 k, uint8 dtype, bytes memory shape) internal pure returns (Ref memory) {
        return Ref(uint16(GRAPH_INPUT) + k, uint8(Order.Packed), dtype, OnnxSteps.shapeOf(shape));
    }

    /// @dev Gives a step the depth that its constants have, and some root.
    function commit(Step memory step) internal pure {
        uint256 words = ConstantLib.wordsOf(step);
        if (words == 0) return;
        (step.constDepth, step.constRoot) = (uint8(Trees.depthOf(words)), "constants");
    }

    function _read(Step memory step, Ref memory input) private pure {
        step.inputs = _with(step.inputs, input);
    }

    function _read(Step memory step, Ref memory a, Ref memory b) private pure {
        step.inputs = _with(_with(step.inputs, a), b);
    }

    function _with(Ref[] memory inputs, Ref memory input) private pure returns (Ref[] memory more) {
        more = new Ref[](inputs.length + 1);
        for (uint256 i; i < inputs.length; ++i) more[i] = inputs[i];
        more[inputs.length] = input;
    }
}
