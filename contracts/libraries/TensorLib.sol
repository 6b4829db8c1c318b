// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Tensor} from "../types/PayloadTypes.sol";
import {NumberLib} from "./NumberLib.sol";
import {PayloadLib} from "./PayloadLib.sol";

/// @title Tensors, for contracts that make and read them
/// @notice Inputs are made by `of…`; outputs are read element by element. Whatever is read is checked against the bounds of the
/// tensor: no index and no shape leads to a number that is not there.
/// @dev Element types are numbered as in ONNX: 1 float32, 2 uint8, 3 int8, 4 uint16, 5 int16, 6 int32, 7 int64, 9 bool,
/// 10 float16, 11 double, 12 uint32, 13 uint64, 16 bfloat16.
library TensorLib {
    uint8 internal constant FLOAT32 = 1;
    uint8 internal constant UINT8 = 2;
    uint8 internal constant INT8 = 3;
    uint8 internal constant INT32 = 6;
    uint8 internal constant INT64 = 7;

    /// @notice The bytes of a tensor are not as many as its element type and shape say.
    /// @custom:fix Give exactly `expected` bytes; zero means an unknown element type, no dimension, or one of zero.
    error TensorWrongLength(uint8 dtype, uint256 given, uint256 expected);

    /// @notice The tensor has no such element.
    /// @custom:fix Give an index below `length`; of several dimensions, one for each, below it.
    error TensorOutOfBounds(uint256 index, uint256 length);

    /// @notice As many indices are needed as the tensor has dimensions.
    /// @custom:fix Give `rank` indices.
    error TensorWrongRank(uint256 given, uint256 rank);

    /// @dev Any tensor, of bytes that are in place already: row-major, little-endian.
    function raw(uint8 dtype, uint32[] memory shape, bytes memory data) internal pure returns (Tensor memory tensor) {
        tensor = Tensor(dtype, shape, data);
        length(tensor);
    }

    /// @dev Text, pictures, and whatever else is bytes: one dimension of uint8.
    function ofBytes(bytes memory data) internal pure returns (Tensor memory) {
        return raw(UINT8, vector(data.length), data);
    }

    /// @dev Whole numbers of 32 bits.
    function ofInt32(int32[] memory values, uint32[] memory shape) internal pure returns (Tensor memory) {
        bytes memory data = new bytes(4 * values.length);
        for (uint256 i; i < values.length; ++i) NumberLib.store(data, 4 * i, 4, uint32(values[i]));
        return raw(INT32, shape, data);
    }

    /// @dev Whole numbers of 64 bits.
    function ofInt64(int64[] memory values, uint32[] memory shape) internal pure returns (Tensor memory) {
        bytes memory data = new bytes(8 * values.length);
        for (uint256 i; i < values.length; ++i) NumberLib.store(data, 8 * i, 8, uint64(values[i]));
        return raw(INT64, shape, data);
    }

    /// @dev Fixed-point numbers (1e18 is 1) as float32.
    /// @custom:rounds Half to even, to the 24 bits that a float32 has.
    function ofWads(int256[] memory wads, uint32[] memory shape) internal pure returns (Tensor memory) {
        bytes memory data = new bytes(4 * wads.length);
        for (uint256 i; i < wads.length; ++i) NumberLib.store(data, 4 * i, 4, NumberLib.float32Of(wads[i]));
        return raw(FLOAT32, shape, data);
    }

    /// @dev A shape of one dimension.
    function vector(uint256 count) internal pure returns (uint32[] memory shape) {
        if (count > type(uint32).max) revert TensorOutOfBounds(count, type(uint32).max);
        shape = new uint32[](1);
        shape[0] = uint32(count);
    }

    /// @dev Tensors as they travel, each checked.
    /// @custom:shape `abi.encode(tensors)`
    function encode(Tensor[] memory tensors) internal pure returns (bytes memory) {
        for (uint256 i; i < tensors.length; ++i) length(tensors[i]);
        return abi.encode(tensors);
    }

    /// @dev Tensors from bytes that anybody may have made, each checked. What commits to them is `PayloadLib.rootOfEncoded`.
    function decode(bytes memory payload) internal pure returns (Tensor[] memory tensors) {
        tensors = abi.decode(payload, (Tensor[]));
        for (uint256 i; i < tensors.length; ++i) length(tensors[i]);
    }

    /// @dev Number of elements. Reverts unless the tensor has exactly the bytes that its type and shape say.
    function length(Tensor memory self) internal pure returns (uint256 count) {
        (count, ) = _elementsOf(self);
    }

    /// @dev Where an element is that is named by its place in each dimension.
    function indexOf(Tensor memory self, uint256[] memory places) internal pure returns (uint256 index) {
        uint32[] memory shape = self.shape;
        if (places.length != shape.length) revert TensorWrongRank(places.length, shape.length);
        for (uint256 i; i < shape.length; ++i) {
            if (places[i] >= shape[i]) revert TensorOutOfBounds(places[i], shape[i]);
            index = index * shape[i] + places[i];
        }
    }

    /// @dev An element of a tensor of whole numbers, bools among them.
    function intAt(Tensor memory self, uint256 index) internal pure returns (int256) {
        if (!NumberLib.isWhole(self.dtype)) revert NumberLib.NumberWrongType(self.dtype);
        return NumberLib.whole(self.dtype, _bitsAt(self, index));
    }

    /// @dev An element of any tensor, as a fixed-point number (1e18 is 1).
    /// @custom:rounds Floats towards zero, to 18 decimals.
    function wadAt(Tensor memory self, uint256 index) internal pure returns (int256) {
        return NumberLib.wadOf(self.dtype, _bitsAt(self, index));
    }

    /// @dev All elements as fixed-point numbers.
    function toWads(Tensor memory self) internal pure returns (int256[] memory wads) {
        (uint256 count, uint256 size) = _elementsOf(self);
        wads = new int256[](count);
        for (uint256 i; i < count; ++i)
            wads[i] = NumberLib.wadOf(self.dtype, NumberLib.load(self.data, i * size, size));
    }

    /// @dev Where the largest element is; the first of those that are equal. Floats are compared exactly.
    function argMax(Tensor memory self) internal pure returns (uint256 best) {
        (uint256 count, uint256 size) = _elementsOf(self);
        int256 most = type(int256).min;
        for (uint256 i; i < count; ++i) {
            int256 rank = NumberLib.rankOf(self.dtype, NumberLib.load(self.data, i * size, size));
            if (rank > most) (most, best) = (rank, i);
        }
    }

    function _bitsAt(Tensor memory self, uint256 index) private pure returns (uint256) {
        (uint256 count, uint256 size) = _elementsOf(self);
        if (index >= count) revert TensorOutOfBounds(index, count);
        return NumberLib.load(self.data, index * size, size);
    }

    function _elementsOf(Tensor memory self) private pure returns (uint256 count, uint256 size) {
        uint256 expected = PayloadLib.byteLength(self.dtype, self.shape);
        if (expected == 0 || self.data.length != expected) {
            revert TensorWrongLength(self.dtype, self.data.length, expected);
        }
        size = PayloadLib.elementSize(self.dtype);
        count = expected / size;
    }
}
