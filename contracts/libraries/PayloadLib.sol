// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERROR_TAG, PAYLOAD_TAG, PayloadError, TENSOR_TAG, Tensor, TensorPreimage} from "../types/PayloadTypes.sol";
import {MerkleLib} from "./MerkleLib.sol";

/// @title Commitments to inputs and outputs
library PayloadLib {
    /// @dev `errorRoot` of each `PayloadError`, written out because they are compared in every settlement.
    bytes32 internal constant INPUT_MISSING = 0x417f81a3c0df45d110dd5776684f50d94a118fe446afb79c0525a432db408d21;
    bytes32 internal constant INPUT_MALFORMED = 0xbbf4c7fcc3fb039d59f884a2a6e83ab5fd04240b5c2feab9d9976e72ffbf2ba8;
    bytes32 internal constant REFUSED_BY_MODEL = 0xc10d022b879be10bbb5562c81cc244d121e7d680410862c8d357c3c111dae962;

    /// @notice The bytes of a tensor are not as many as its element type and shape say.
    /// @custom:fix Send exactly `expected` bytes; zero means an unknown element type or a rank of zero.
    error PayloadWrongLength(uint256 tensor, uint256 given, uint256 expected);

    /// @notice The bytes decode to tensors, but are not their encoding: who reads them at fixed places finds others.
    /// @custom:fix Send `abi.encode(Tensor[])` without gaps, aliases or trailing bytes; `expected` is its hash.
    error PayloadNotCanonical(bytes32 given, bytes32 expected);

    /// @dev The root of `abi.encode(tensors)`, and of no other bytes that decode to them.
    function rootOfEncoded(bytes calldata payload) internal pure returns (bytes32) {
        Tensor[] memory tensors = abi.decode(payload, (Tensor[]));
        bytes32 expected = keccak256(abi.encode(tensors));
        if (keccak256(payload) != expected) revert PayloadNotCanonical(keccak256(payload), expected);
        return root(tensors);
    }

    /// @dev Reverts unless every tensor has exactly the bytes that its type and shape say: shorter data with zeros at its
    /// end would have the same root.
    function root(Tensor[] memory tensors) internal pure returns (bytes32) {
        bytes32[] memory roots = new bytes32[](tensors.length);
        for (uint256 i; i < tensors.length; ++i) {
            Tensor memory tensor = tensors[i];
            uint256 expected = byteLength(tensor.dtype, tensor.shape);
            if (tensor.data.length != expected || expected == 0) {
                revert PayloadWrongLength(i, tensor.data.length, expected);
            }
            roots[i] = keccak256(abi.encode(TENSOR_TAG, tensor.dtype, tensor.shape, MerkleLib.root(tensor.data)));
        }
        return keccak256(abi.encode(PAYLOAD_TAG, roots));
    }

    /// @dev The root of a payload of which only types, shapes and data roots are at hand.
    function rootOfPreimages(TensorPreimage[] calldata tensors) internal pure returns (bytes32) {
        bytes32[] memory roots = new bytes32[](tensors.length);
        for (uint256 i; i < tensors.length; ++i) {
            roots[i] = keccak256(abi.encode(TENSOR_TAG, tensors[i].dtype, tensors[i].shape, tensors[i].dataRoot));
        }
        return keccak256(abi.encode(PAYLOAD_TAG, roots));
    }

    function errorRoot(PayloadError code) internal pure returns (bytes32) {
        return keccak256(abi.encode(ERROR_TAG, uint16(code)));
    }

    /// @dev Whether an output is one of the canonical errors.
    function isError(bytes32 outputRoot) internal pure returns (bool) {
        return outputRoot == INPUT_MISSING || outputRoot == INPUT_MALFORMED || outputRoot == REFUSED_BY_MODEL;
    }

    /// @dev Zero for an unknown element type, and for a shape without dimensions or with a dimension of zero.
    function byteLength(uint8 dtype, uint32[] memory shape) internal pure returns (uint256 length) {
        if (shape.length == 0) return 0;
        length = elementSize(dtype);
        // A product beyond 2^224 cannot come back to a length that data has: checked arithmetic reverts before.
        for (uint256 i; i < shape.length; ++i) length *= shape[i];
    }

    /// @dev Bytes of one element, by ONNX's numbering of types; zero for types that have no fixed size.
    /// @custom:source https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, TensorProto.DataType
    function elementSize(uint8 dtype) internal pure returns (uint256) {
        // One nibble per type, lowest first: undefined, float32, uint8, int8, uint16, int16, int32, int64, string, bool, float16,
        // double, uint32, uint64, complex64, complex128, bfloat16.
        uint256 sizes = 0x2_0_0_8_4_8_2_1_0_8_4_2_2_1_1_4_0;
        return dtype > 16 ? 0 : (sizes >> (4 * uint256(dtype))) & 0xf;
    }
}
