// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {NumberLib} from "../../contracts/libraries/NumberLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {TensorLib} from "../../contracts/libraries/TensorLib.sol";
import {Tensor} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

contract TensorLibTest {
    using TensorLib for Tensor;

    struct PayloadCase {
        string name;
        uint8 fault;
        bytes encoded;
        bytes32 root;
    }

    /// @dev Every payload of vectors/payload.json is decoded to what encodes to it again.
    function test_decode_readsTheVectors() external view {
        string memory caseType = "PayloadCase(string name,uint8 fault,bytes encoded,bytes32 root)";
        PayloadCase[] memory cases = abi.decode(Vectors.casesOf("payload.json", caseType), (PayloadCase[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            if (cases[i].fault != 0) continue;
            Tensor[] memory tensors = TensorLib.decode(cases[i].encoded);
            require(keccak256(TensorLib.encode(tensors)) == keccak256(cases[i].encoded), cases[i].name);
            require(PayloadLib.root(tensors) == cases[i].root, cases[i].name);
        }
    }

    /// @dev Bytes that decode to tensors of another length than their shapes say are refused, whoever made them.
    function testFuzz_decode_checksLengths(uint8 given, uint8 expected) external {
        uint256 count = bound(expected, 1, 255);
        Tensor[] memory tensors = new Tensor[](2);
        tensors[0] = TensorLib.ofBytes("fits");
        tensors[1] = Tensor(TensorLib.UINT8, TensorLib.vector(count), new bytes(given));
        if (given == count) {
            require(TensorLib.decode(TensorLib.encode(tensors)).length == 2, "tensors");
            return;
        }
        bytes memory reason = abi.encodeWithSelector(
            TensorLib.TensorWrongLength.selector,
            TensorLib.UINT8,
            given,
            count
        );
        VM.expectRevert(reason);
        this.decode(abi.encode(tensors));
        VM.expectRevert(reason);
        this.encode(tensors);
    }

    function testFuzz_ofBytes_isTheBytes(bytes calldata data) external {
        if (data.length == 0) {
            VM.expectRevert(abi.encodeWithSelector(TensorLib.TensorWrongLength.selector, TensorLib.UINT8, 0, 0));
            this.ofBytes(data);
            return;
        }
        Tensor memory tensor = TensorLib.ofBytes(data);
        require(tensor.length() == data.length, "length");
        for (uint256 i; i < data.length; ++i) require(tensor.intAt(i) == int256(uint256(uint8(data[i]))), "byte");
    }

    function testFuzz_ofInt_isTheNumbers(int32[5] calldata small, int64[3] calldata large) external pure {
        int32[] memory a = new int32[](5);
        int64[] memory b = new int64[](3);
        for (uint256 i; i < 5; ++i) a[i] = small[i];
        for (uint256 i; i < 3; ++i) b[i] = large[i];
        Tensor memory int32s = TensorLib.ofInt32(a, TensorLib.vector(5));
        Tensor memory int64s = TensorLib.ofInt64(b, TensorLib.vector(3));
        require(int32s.dtype == TensorLib.INT32 && int64s.dtype == TensorLib.INT64, "dtype");
        for (uint256 i; i < 5; ++i) require(int32s.intAt(i) == small[i], "int32");
        for (uint256 i; i < 3; ++i) require(int64s.intAt(i) == large[i], "int64");
    }

    /// @dev Floats are read as they are written, and cannot be read as whole numbers.
    function testFuzz_ofWads_areFloats(int128[4] calldata values) external {
        int256[] memory wads = new int256[](4);
        for (uint256 i; i < 4; ++i) wads[i] = values[i];
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (2, 2);
        Tensor memory tensor = TensorLib.ofWads(wads, shape);
        int256[] memory back = tensor.toWads();
        for (uint256 i; i < 4; ++i) {
            require(back[i] == NumberLib.wadOf(TensorLib.FLOAT32, NumberLib.float32Of(wads[i])), "wad");
        }
        VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberWrongType.selector, TensorLib.FLOAT32));
        this.intAt(tensor, 0);
    }

    function testFuzz_raw_needsFittingBytes(uint8 dtype, uint8 count, uint16 given) external {
        uint32[] memory shape = TensorLib.vector(count);
        uint256 expected = PayloadLib.elementSize(dtype) * count;
        VM.assume(expected == 0 || given != expected);
        VM.expectRevert(abi.encodeWithSelector(TensorLib.TensorWrongLength.selector, dtype, given, expected));
        this.raw(dtype, shape, new bytes(given));
    }

    function test_vector_isBounded() external {
        uint256 most = type(uint32).max;
        require(TensorLib.vector(most)[0] == most, "most");
        VM.expectRevert(abi.encodeWithSelector(TensorLib.TensorOutOfBounds.selector, most + 1, most));
        this.vector(most + 1);
    }

    /// @dev There is no element at or behind the length, and every one before it can be read.
    function testFuzz_intAt_isInBounds(uint8 count, uint256 index) external {
        uint256 length = bound(count, 1, 64);
        Tensor memory tensor = TensorLib.ofBytes(new bytes(length));
        if (index < length) {
            require(tensor.intAt(index) == 0 && tensor.wadAt(index) == 0, "zero");
            return;
        }
        VM.expectRevert(abi.encodeWithSelector(TensorLib.TensorOutOfBounds.selector, index, length));
        this.intAt(tensor, index);
    }

    /// @dev Row-major, and each place below its own dimension.
    function testFuzz_indexOf_countsRowMajor(uint8 rows, uint8 columns, uint8 row, uint8 column) external {
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (uint32(bound(rows, 1, 9)), uint32(bound(columns, 1, 9)));
        Tensor memory tensor = TensorLib.raw(TensorLib.INT8, shape, new bytes(uint256(shape[0]) * shape[1]));
        uint256[] memory places = new uint256[](2);
        (places[0], places[1]) = (bound(row, 0, 12), bound(column, 0, 12));
        for (uint256 i; i < 2; ++i) {
            if (places[i] < shape[i]) continue;
            VM.expectRevert(abi.encodeWithSelector(TensorLib.TensorOutOfBounds.selector, places[i], shape[i]));
            this.indexOf(tensor, places);
            return;
        }
        require(tensor.indexOf(places) == places[0] * shape[1] + places[1], "index");
        VM.expectRevert(abi.encodeWithSelector(TensorLib.TensorWrongRank.selector, 1, 2));
        this.indexOf(tensor, new uint256[](1));
    }

    /// @dev The first of the largest, by a search written anew.
    function testFuzz_argMax_isTheFirstOfTheLargest(int8[6] calldata values) external pure {
        bytes memory data = new bytes(6);
        uint256 expected;
        for (uint256 i; i < 6; ++i) {
            data[i] = bytes1(uint8(values[i]));
            if (values[i] > values[expected]) expected = i;
        }
        require(TensorLib.raw(TensorLib.INT8, TensorLib.vector(6), data).argMax() == expected, "argMax");
    }

    /// @dev Of floats, too; less than a wad can tell apart is told apart.
    function test_argMax_ofFloatsIsExact() external {
        // 1e-40, 2e-40 and -1, little-endian.
        bytes memory data = hex"c2160100842d0200000080bf";
        Tensor memory tensor = TensorLib.raw(TensorLib.FLOAT32, TensorLib.vector(3), data);
        require(tensor.wadAt(0) == 0 && tensor.wadAt(1) == 0 && tensor.argMax() == 1, "tiny");
        (data[8], data[9], data[10], data[11]) = (0x00, 0x00, 0xc0, 0x7f);
        VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberNotFinite.selector, TensorLib.FLOAT32, 0x7fc00000));
        this.argMax(tensor);
    }

    function decode(bytes memory payload) external pure returns (Tensor[] memory) {
        return TensorLib.decode(payload);
    }

    function encode(Tensor[] memory tensors) external pure returns (bytes memory) {
        return TensorLib.encode(tensors);
    }

    function ofBytes(bytes memory data) external pure returns (Tensor memory) {
        return TensorLib.ofBytes(data);
    }

    function raw(uint8 dtype, uint32[] memory shape, bytes memory data) external pure returns (Tensor memory) {
        return TensorLib.raw(dtype, shape, data);
    }

    function vector(uint256 count) external pure returns (uint32[] memory) {
        return TensorLib.vector(count);
    }

    function intAt(Tensor memory tensor, uint256 index) external pure returns (int256) {
        return tensor.intAt(index);
    }

    function indexOf(Tensor memory tensor, uint256[] memory places) external pure returns (uint256) {
        return tensor.indexOf(places);
    }

    function argMax(Tensor memory tensor) external pure returns (uint256) {
        return tensor.argMax();
    }
}
