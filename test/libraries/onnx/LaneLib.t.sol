// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LaneLib} from "../../../contracts/libraries/onnx/LaneLib.sol";

contract LaneLibTest {
    using LaneLib for LaneLib.Sums;

    function testFuzz_addBytes_addsByteByByte(bytes calldata a, bytes calldata w, uint256 shift) external pure {
        uint256 count = a.length < w.length ? a.length : w.length;
        shift = count == 0 ? 0 : shift % count;
        count -= shift;
        LaneLib.Sums memory sums = LaneLib.none();
        sums.addBytes(_pointer(a) + shift, _pointer(w), count);
        _check(sums, a[shift:shift + count], w[:count]);
    }

    /// @dev One at a time comes to the same.
    function testFuzz_addBytes_addsSingleBytes(bytes calldata a, bytes calldata w) external pure {
        uint256 count = a.length < w.length ? a.length : w.length;
        LaneLib.Sums memory sums = LaneLib.none();
        for (uint256 i; i < count; ++i) sums.addBytes(_pointer(a) + i, _pointer(w) + i, 1);
        _check(sums, a[:count], w[:count]);
    }

    /// @dev The groups of one of the words are in reverse order, or are turned.
    function testFuzz_addWords_addsByteByByte(
        bytes32[] calldata a,
        bytes32[] calldata given,
        bool turned
    ) external pure {
        uint256 count = a.length < given.length ? a.length : given.length;
        LaneLib.Sums memory sums = LaneLib.none();
        sums.addWords(_pointerTo(a), _pointerTo(given), count, turned);
        bytes memory w = new bytes(32 * count);
        for (uint256 i; i < w.length; ++i) w[i] = given[i / 32][(i % 32) ^ (turned ? 0 : 28)];
        _check(sums, abi.encodePacked(a[:count]), w);
    }

    /// @dev The sum of products of what remains of bytes when a zero point is taken from each.
    function testFuzz_centred_takesZeroPointsAway(
        bytes32[] calldata a,
        bytes32[] calldata w,
        uint8 za,
        uint8 zw
    ) external pure {
        uint256 count = a.length < w.length ? a.length : w.length;
        LaneLib.Sums memory sums = LaneLib.none();
        sums.addWords(_pointerTo(a), _pointerTo(w), count, true);
        int256 expected;
        for (uint256 i; i < 32 * count; ++i) {
            (int256 x, int256 y) = (
                int256(uint256(uint8(a[i / 32][i % 32]))),
                int256(uint256(uint8(w[i / 32][i % 32])))
            );
            expected += (x - int256(uint256(za))) * (y - int256(uint256(zw)));
        }
        require(sums.centred(32 * count, za, zw) == expected, "centred");
    }

    /// @dev The longest row of the largest bytes carries nowhere [T072].
    function test_addWords_holds32768LargestBytes() external view {
        bytes32[] memory words = new bytes32[](1024);
        for (uint256 i; i < words.length; ++i) words[i] = bytes32(type(uint256).max);
        LaneLib.Sums memory sums = this.sumsOf(words);
        require(sums.products == 32_768 * 255 * 255, "products");
        require(LaneLib.total(sums.a) == 32_768 * 255 && LaneLib.total(sums.w) == 32_768 * 255, "sums");
    }

    function sumsOf(bytes32[] calldata words) external pure returns (LaneLib.Sums memory sums) {
        sums = LaneLib.none();
        sums.addWords(_pointerTo(words), _pointerTo(words), words.length, false);
    }

    function _check(LaneLib.Sums memory sums, bytes memory a, bytes memory w) private pure {
        uint256 products;
        uint256 sumOfA;
        uint256 sumOfW;
        for (uint256 i; i < a.length; ++i) {
            products += uint256(uint8(a[i])) * uint8(w[i]);
            sumOfA += uint8(a[i]);
            sumOfW += uint8(w[i]);
        }
        require(sums.products == products, "products");
        require(LaneLib.total(sums.a) == sumOfA, "a");
        require(LaneLib.total(sums.w) == sumOfW, "w");
    }

    function _pointer(bytes calldata data) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := data.offset
        }
    }

    function _pointerTo(bytes32[] calldata words) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := words.offset
        }
    }
}
