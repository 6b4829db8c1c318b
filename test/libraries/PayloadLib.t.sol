// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract PayloadLibTest {
    uint8 private constant UINT8 = 2;
    uint256 private constant MOST_LENGTH = 300;

    /// @dev The entries of the table that the library packs into a word, as ONNX numbers them.
    function test_elementSize_isThatOfOnnx() external pure {
        uint8[17] memory sizes = [0, 4, 1, 1, 2, 2, 4, 8, 0, 1, 2, 8, 4, 8, 0, 0, 2];
        for (uint256 dtype; dtype < 256; ++dtype) {
            uint256 size = dtype < sizes.length ? sizes[dtype] : 0;
            require(PayloadLib.elementSize(uint8(dtype)) == size, "size");
        }
    }

    function testFuzz_byteLength_isTheProduct(uint8 dtype, uint16 a, uint16 b, uint16 c) external pure {
        uint32[] memory shape = new uint32[](3);
        (shape[0], shape[1], shape[2]) = (a, b, c);
        uint256 expected = PayloadLib.elementSize(dtype) * a * b * c;
        require(PayloadLib.byteLength(dtype, shape) == expected, "length");
    }

    function testFuzz_byteLength_ofNoDimensionsIsZero(uint8 dtype) external pure {
        require(PayloadLib.byteLength(dtype, new uint32[](0)) == 0, "length");
    }

    /// @dev A product that wraps could come back to the length of the data.
    function test_byteLength_revertsWhereTheProductOverflows() external {
        uint32[] memory shape = new uint32[](9);
        for (uint256 i; i < shape.length; ++i) shape[i] = 1 << 31;
        VM.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        this.byteLengthOf(Tensor(UINT8, shape, ""));
    }

    /// @dev Data of another length, at any place among good tensors, is refused with its place and both lengths.
    function testFuzz_root_revertsOnAWrongLength(uint256 count, uint256 place, uint256 length, uint256 given) external {
        count = bound(count, 1, 5);
        place = bound(place, 0, count - 1);
        length = bound(length, 1, MOST_LENGTH);
        given = bound(given, 0, MOST_LENGTH);
        VM.assume(given != length);
        Tensor[] memory tensors = new Tensor[](count);
        for (uint256 i; i < count; ++i) tensors[i] = _raw(3, 3);
        tensors[place] = _raw(length, given);

        VM.expectRevert(abi.encodeWithSelector(PayloadLib.PayloadWrongLength.selector, place, given, length));
        this.rootOf(tensors);
    }

    /// @dev Without a length that is asked for, there is no data that fits, not even none.
    function testFuzz_root_revertsOnAnUnknownType(uint8 dtype, uint256 length) external {
        VM.assume(PayloadLib.elementSize(dtype) == 0);
        length = bound(length, 0, MOST_LENGTH);
        Tensor[] memory tensors = new Tensor[](1);
        tensors[0] = _raw(length == 0 ? 1 : length, length);
        tensors[0].dtype = dtype;

        VM.expectRevert(abi.encodeWithSelector(PayloadLib.PayloadWrongLength.selector, 0, length, 0));
        this.rootOf(tensors);
    }

    /// @dev Equal bytes under another type or shape are another payload [T071].
    function testFuzz_root_bindsTypeAndShape(uint8 rows, uint8 columns) external pure {
        uint256 n = bound(rows, 1, 16);
        uint256 m = bound(columns, 1, 16);
        bytes memory data = new bytes(n * m);
        bytes32 flat = _rootOf(UINT8, _shape(uint32(n * m)), data);
        bytes32 square = _rootOf(UINT8, _shape(uint32(n), uint32(m)), data);
        bytes32 turned = _rootOf(UINT8, _shape(uint32(m), uint32(n)), data);
        bytes32 signed = _rootOf(3, _shape(uint32(n * m)), data);
        require(flat != square && flat != turned && flat != signed && (square != turned || n == m), "root");
    }

    function test_errorRoot_isWhatTheConstantsSay() external pure {
        require(PayloadLib.errorRoot(PayloadError.InputMissing) == PayloadLib.INPUT_MISSING, "missing");
        require(PayloadLib.errorRoot(PayloadError.InputMalformed) == PayloadLib.INPUT_MALFORMED, "malformed");
        require(PayloadLib.errorRoot(PayloadError.RefusedByModel) == PayloadLib.REFUSED_BY_MODEL, "refused");
    }

    function test_isError_holdsForEveryFaultAndNotForNone() external pure {
        require(!PayloadLib.isError(PayloadLib.errorRoot(PayloadError.None)), "none");
        for (uint256 fault = 1; fault <= uint256(type(PayloadError).max); ++fault) {
            require(PayloadLib.isError(PayloadLib.errorRoot(PayloadError(fault))), "fault");
        }
    }

    /// @dev No output is an error, nor is anything else [T058].
    function testFuzz_isError_holdsForNothingElse(bytes32 root, bytes calldata data) external pure {
        VM.assume(data.length > 0);
        require(!PayloadLib.isError(root), "root");
        require(!PayloadLib.isError(_rootOf(UINT8, _shape(uint32(data.length)), data)), "payload");
    }

    function rootOf(Tensor[] memory tensors) external pure returns (bytes32) {
        return PayloadLib.root(tensors);
    }

    function byteLengthOf(Tensor memory tensor) external pure returns (uint256) {
        return PayloadLib.byteLength(tensor.dtype, tensor.shape);
    }

    function _rootOf(uint8 dtype, uint32[] memory shape, bytes memory data) private pure returns (bytes32) {
        Tensor[] memory tensors = new Tensor[](1);
        tensors[0] = Tensor(dtype, shape, data);
        return PayloadLib.root(tensors);
    }

    /// @dev A tensor that asks for `length` bytes and has `given`.
    function _raw(uint256 length, uint256 given) private pure returns (Tensor memory) {
        return Tensor(UINT8, _shape(uint32(length)), new bytes(given));
    }

    function _shape(uint32 a) private pure returns (uint32[] memory shape) {
        shape = new uint32[](1);
        shape[0] = a;
    }

    function _shape(uint32 a, uint32 b) private pure returns (uint32[] memory shape) {
        shape = new uint32[](2);
        (shape[0], shape[1]) = (a, b);
    }
}
