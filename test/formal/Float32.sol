// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Float32Lib} from "../../contracts/libraries/onnx/Float32Lib.sol";

/// @title The float32 arithmetic of the referee
contract Float32Proofs {
    uint256 private constant SIGN = 1 << 31;
    uint256 private constant INFINITY = 0xff << 23;

    function shiftRoundsToTheNearest(uint256 x, uint256 k) external pure {
        require(x < 1 << 64 && 0 < k && k < 64);
        uint256 rounded = Float32Lib.shiftRight(x, k) << k;
        uint256 half = 1 << (k - 1);
        assert(rounded <= x + half);
        assert(x <= rounded + half);
    }

    function shiftRoundsAHalfToEven(uint256 x, uint256 k) external pure {
        require(x < 1 << 64 && 0 < k && k < 64 && x & ((1 << k) - 1) == 1 << (k - 1));
        assert(Float32Lib.shiftRight(x, k) & 1 == 0);
    }

    function shiftOfAMultipleIsExact(uint256 x, uint256 k) external pure {
        require(x < 1 << 64 && 0 < k && k < 64);
        assert(Float32Lib.shiftRight(x << k, k) == x);
    }

    function largerNumbersShiftToNoSmallerOnes(uint256 x, uint256 y, uint256 k) external pure {
        require(x <= y && y < 1 << 64 && 0 < k && k < 64);
        assert(Float32Lib.shiftRight(x, k) <= Float32Lib.shiftRight(y, k));
    }

    function smallNumbersNeedNoRounding(uint256 m, int256 e) external pure {
        require(m < 1 << 24 && e > -256 && e < 256);
        (uint256 rounded, int256 exponent) = Float32Lib.round24(m, e);
        assert(rounded == m && exponent == e);
    }

    function roundedNumbersAreNormal(uint256 m, int256 e) external pure {
        require(m >= 1 << 24 && m < 1 << 62 && e > -256 && e < 256);
        (uint256 rounded, int256 exponent) = Float32Lib.round24(m, e);
        assert(rounded >= 1 << 23 && rounded <= 1 << 24);
        assert(exponent > e && exponent <= e + 38);
    }

    function roundingIsWithinHalfAUnit(uint256 m) external pure {
        require(m >= 1 << 24 && m < 1 << 62);
        (uint256 rounded, int256 exponent) = Float32Lib.round24(m, 0);
        uint256 half = (1 << uint256(exponent)) >> 1;
        uint256 value = rounded << uint256(exponent);
        assert(value <= m + half);
        assert(m <= value + half);
    }

    function scalesArePositiveAndNormal(uint256 bits) external pure {
        require(Float32Lib.isScale(bits));
        assert(bits < SIGN && bits >> 23 > 0 && bits < INFINITY);
        assert(!Float32Lib.isNaN(bits));
    }

    function offsetsAreNumbers(uint256 bits) external pure {
        require(Float32Lib.isOffset(bits));
        assert(bits <= type(uint32).max);
        assert(!Float32Lib.isNaN(bits) && bits & (SIGN - 1) < INFINITY);
    }

    function signDoesNotMakeANaN(uint256 bits) external pure {
        require(bits < SIGN);
        assert(Float32Lib.isNaN(bits) == Float32Lib.isNaN(bits | SIGN));
        assert(Float32Lib.isNaN(bits) == (bits > INFINITY));
    }

    function requantOfNothingIsTheZeroPoint(uint256 scale, uint256 zero) external pure {
        require(Float32Lib.isScale(scale) && zero < 256);
        assert(Float32Lib.requant(0, scale, zero) == zero);
    }

    function dequantisedZeroPointIsZero(uint256 scale, uint256 zero) external pure {
        require(Float32Lib.isScale(scale) && zero < 256);
        assert(Float32Lib.dequantise(zero, scale, zero) == 0);
    }
}
