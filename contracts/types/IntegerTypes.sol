// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev What a step of the profile `onnx-int8/2` does. The numbers are part of every graph root.
enum IntegerOpcode {
    None,
    Dot,
    Map,
    Sum,
    ArgMax,
    Take,
    Rows,
    Move,
    Join
}

/// @dev Instructions of a MAP. In an attribute: `op | a << 8 | b << 16 | c << 24`, where a, b and c number earlier values.
enum MapOp {
    Const, // the attribute behind it is the value
    Add,
    Sub,
    Mul,
    Div, // towards zero
    Abs,
    Wrap8, // the lowest 8 bits, unsigned
    Wrap32, // the lowest 32 bits, signed
    Clip, // min(max(a, b), c)
    Where, // a ? b : c
    Greater,
    Less,
    GreaterOrEqual,
    Equal,
    Table // element a of the table that is input b of the step
}

bytes32 constant INTEGER_PROFILE = "onnx-int8/2";
bytes32 constant INTEGER_STEP_TAG = keccak256("onnx-int8/2/step");
bytes32 constant INTEGER_GRAPH_TAG = keccak256("onnx-int8/2/graph");
