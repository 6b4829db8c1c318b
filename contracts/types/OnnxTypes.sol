// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev What a step of the profile `onnx-int8/1` does. The numbers are part of every graph root.
enum Opcode {
    None,
    Quant,
    Conv,
    Dot,
    Add,
    Gap,
    MaxPool,
    Lut,
    Concat,
    Move,
    ArgMax,
    Dequant
}

/// @dev In which order the bytes of a tensor are committed: row-major without gaps; each row of the last axis on new words;
/// each pixel's channels on new words, pixels in the order n, h, w.
enum Order {
    Packed,
    Rows,
    Image
}

bytes32 constant ONNX_PROFILE = "onnx-int8/1";
bytes32 constant ONNX_STEP_TAG = keccak256("onnx-int8/1/step");
bytes32 constant ONNX_GRAPH_TAG = keccak256("onnx-int8/1/graph");

/// @dev Element types by ONNX's numbers.
uint8 constant FLOAT32 = 1;
uint8 constant UINT8 = 2;
uint8 constant INT32 = 6;
uint8 constant INT64 = 7;
uint8 constant BOOL = 9;

/// @dev A reference to a constant of the step itself. References below this are steps.
uint256 constant CONSTANT = 0xfd00;
/// @dev References from this up to `GRAPH_INPUT` are outputs of the graph, as the statement states them.
uint256 constant STATED_OUTPUT = 0xfe00;
/// @dev References at or above this are inputs of the graph.
uint256 constant GRAPH_INPUT = 0xff00;

/// @dev Instead of the value of an element of which no value is right.
uint256 constant NO_VALUE = type(uint256).max;
