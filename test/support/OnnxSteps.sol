// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LayoutLib} from "../../contracts/libraries/onnx/LayoutLib.sol";
import {ProfileLib} from "../../contracts/libraries/onnx/ProfileLib.sol";
import {FLOAT32, GRAPH_INPUT, INT32, INT64, Opcode, Order, UINT8} from "../../contracts/types/OnnxTypes.sol";
import {Ref, Step} from "../../contracts/types/RefereeTypes.sol";
import {Trees} from "./Trees.sol";

/// @title A small step of each opcode that the profile admits as step 2, reading steps 0 and 1
library OnnxSteps {
    uint8 internal constant INDEX = 2;
    /// @dev Bits of 1.0.
    int64 internal constant ONE = 127 << 23;
    /// @dev Bits of 2^-15: brings sums of some hundred products among the bytes.
    int64 internal constant SMALL = (127 - 15) << 23;

    /// @dev Four floats of the first input of the graph.
    function quant() internal pure returns (Step memory step) {
        step = _made(Opcode.Quant, hex"0104", given(FLOAT32, hex"0104"));
        step.attrs = _scaled(hex"0000");
    }

    /// @dev A kernel of 2x2 over an image of 3x3 that is padded on top and on the left; 33 channels to 2.
    function conv() internal pure returns (Step memory step) {
        step = _made(Opcode.Conv, hex"01020303", tensor(0, hex"01210303"));
        step.attrs = numbers(hex"0102020101010101010305");
        commit(step);
    }

    /// @dev Two channels, each from its own two, by a kernel of 2x1 over 2x2.
    function grouped() internal pure returns (Step memory step) {
        step = _made(Opcode.Conv, hex"01020102", tensor(0, hex"01040202"));
        step.attrs = numbers(hex"0202010101010100000305");
        commit(step);
    }

    /// @dev 32 channels of 5x4 pixels to one of 7x7, by kernels up to 3x3, strides and dilations up to 3 and pads up to 8.
    function window(uint64 salt) internal pure returns (Step memory step) {
        step = _made(Opcode.Conv, hex"01010707", tensor(0, hex"01200504"));
        step.attrs = numbers(hex"0100000000000000000305");
        for (uint256 i = 1; i < 9; ++i) {
            step.attrs[i] = (int64(salt & 0xff) % (i < 7 ? int64(3) : int64(9))) + (i < 7 ? int64(1) : int64(0));
            salt >>= 8;
        }
        commit(step);
    }

    /// @dev Two rows of 33 by three columns.
    function dot() internal pure returns (Step memory step) {
        step = _made(Opcode.Dot, hex"0203", tensor(0, hex"0221"));
        step.attrs = numbers(hex"0305");
        commit(step);
    }

    /// @dev Two rows of 40, twice.
    function add() internal pure returns (Step memory step) {
        step = _made(Opcode.Add, hex"0228", tensor(0, hex"0228"));
        step.inputs = _pair(step.inputs[0], tensor(1, hex"0228"));
        step.attrs = numbers(hex"000000");
        (step.attrs[0], step.attrs[1]) = (ONE, ONE);
    }

    /// @dev A row of constants added to each of two rows of 40.
    function addRow() internal pure returns (Step memory step) {
        step = add();
        step.inputs = _only(step.inputs[0]);
        commit(step);
    }

    /// @dev 40 channels of 2x2.
    function gap() internal pure returns (Step memory step) {
        step = _made(Opcode.Gap, hex"01280101", tensor(0, hex"01280202"));
        step.attrs = _scaled(hex"000305");
    }

    /// @dev A kernel of 2x2 over an image of 2x2 that is padded on top and on the left, in 40 channels.
    function maxPool() internal pure returns (Step memory step) {
        step = _made(Opcode.MaxPool, hex"01280202", tensor(0, hex"01280202"));
        step.attrs = numbers(hex"0202010101010101");
    }

    function lut() internal pure returns (Step memory step) {
        step = _made(Opcode.Lut, hex"0228", tensor(0, hex"0228"));
        commit(step);
    }

    /// @dev Two pairs and two triples to two quintuples, of rows of two.
    function concat() internal pure returns (Step memory step) {
        step = _made(Opcode.Concat, hex"020502", tensor(0, hex"020202"));
        step.inputs = _pair(step.inputs[0], tensor(1, hex"020302"));
        step.attrs = numbers(hex"01");
        commit(step);
    }

    function move() internal pure returns (Step memory) {
        return _made(Opcode.Move, hex"0302", tensor(0, hex"0203"));
    }

    /// @dev Swaps the first two of three axes.
    function permuted() internal pure returns (Step memory step) {
        step = _made(Opcode.Move, hex"030204", tensor(0, hex"020304"));
        step.attrs = numbers(hex"010002");
    }

    /// @dev Two rows of 40.
    function argMax() internal pure returns (Step memory step) {
        step = _made(Opcode.ArgMax, hex"02", tensor(0, hex"0228"));
        (step.order, step.dtype) = (uint8(Order.Packed), INT64);
    }

    function dequant() internal pure returns (Step memory step) {
        step = _made(Opcode.Dequant, hex"0104", tensor(0, hex"0104"));
        (step.order, step.dtype) = (uint8(Order.Packed), FLOAT32);
        step.attrs = _scaled(hex"0000");
    }

    /// @dev Step `which` of all of the above.
    function any(uint256 which) internal pure returns (Step memory) {
        function() internal pure returns (Step memory)[14] memory all = [
            quant,
            conv,
            grouped,
            dot,
            add,
            addRow,
            gap,
            maxPool,
            lut,
            concat,
            move,
            permuted,
            argMax,
            dequant
        ];
        return all[which % all.length]();
    }

    /// @dev What a step makes between others.
    function tensor(uint16 from, bytes memory shape) internal pure returns (Ref memory input) {
        (input.from, input.dtype, input.shape) = (from, UINT8, shapeOf(shape));
        input.order = LayoutLib.innerOrder(input.shape);
    }

    /// @dev The first input of the graph.
    function given(uint8 dtype, bytes memory shape) internal pure returns (Ref memory input) {
        (input.from, input.dtype, input.shape) = (uint16(GRAPH_INPUT), dtype, shapeOf(shape));
        input.order = uint8(Order.Packed);
    }

    /// @dev One dimension for each byte.
    function shapeOf(bytes memory dimensions) internal pure returns (uint32[] memory shape) {
        shape = new uint32[](dimensions.length);
        for (uint256 i; i < shape.length; ++i) shape[i] = uint8(dimensions[i]);
    }

    /// @dev One attribute for each byte.
    function numbers(bytes memory values) internal pure returns (int64[] memory attrs) {
        attrs = new int64[](values.length);
        for (uint256 i; i < attrs.length; ++i) attrs[i] = int64(uint64(uint8(values[i])));
    }

    /// @dev Bytes of an element.
    function sizeOf(uint8 dtype) internal pure returns (uint256) {
        if (dtype == FLOAT32 || dtype == INT32) return 4;
        return dtype == INT64 ? 8 : 1;
    }

    /// @dev Gives a step the depth that its constants have, and some root.
    function commit(Step memory step) internal pure {
        uint256 words = ProfileLib.constantWords(step);
        if (words == 0) return;
        (step.constDepth, step.constRoot) = (uint8(Trees.depthOf(words)), "constants");
    }

    function _made(Opcode opcode, bytes memory shape, Ref memory input) private pure returns (Step memory step) {
        (step.opcode, step.dtype, step.shape) = (uint8(opcode), UINT8, shapeOf(shape));
        step.order = LayoutLib.innerOrder(step.shape);
        step.inputs = _only(input);
    }

    /// @dev Attributes of which the first is a scale of 1.
    function _scaled(bytes memory values) private pure returns (int64[] memory attrs) {
        attrs = numbers(values);
        attrs[0] = ONE;
    }

    function _only(Ref memory input) private pure returns (Ref[] memory inputs) {
        inputs = new Ref[](1);
        inputs[0] = input;
    }

    function _pair(Ref memory a, Ref memory b) private pure returns (Ref[] memory inputs) {
        inputs = new Ref[](2);
        (inputs[0], inputs[1]) = (a, b);
    }
}
