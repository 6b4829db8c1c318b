// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

bytes32 constant TENSOR_TAG = keccak256("OPG/tensor");
bytes32 constant PAYLOAD_TAG = keccak256("OPG/payload");
bytes32 constant ERROR_TAG = keccak256("OPG/error");

/// @dev One input or output of a model. Raw bytes (text, JSON) are one tensor of dtype 2 (uint8) and rank 1.
struct Tensor {
    uint8 dtype; // as in ONNX: 1 float32, 2 uint8, 3 int8, 6 int32, 7 int64 ...
    uint32[] shape;
    bytes data; // row-major, little-endian, without gaps
}

/// @dev What a tensor's root is the hash of.
struct TensorPreimage {
    uint8 dtype;
    uint32[] shape;
    bytes32 dataRoot;
}

/// @dev Outputs that stand for "there is no output". A bad input makes such a result, never a stuck job. Which of them is
/// stated matters: `InputMalformed` about an input that fits can be proven false, the others cannot.
enum PayloadError {
    None,
    InputMissing, // what the order carries is not the input that it commits to
    InputMalformed, // the tensors of that input are not of the number, types and shapes that the model takes
    RefusedByModel // they are, and the model does not run on their values; a float that is not a number is such a value
}
