// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

/// @title Numbers of models, as contracts can reckon with them
/// @notice A *wad* is a fixed-point number with 18 decimals: 1e18 is 1. Floats are IEEE 754, and bfloat16.
library NumberLib {
    int256 internal constant WAD = 1e18;

    /// @dev Set bits are the ONNX numbers of the whole types: 2 to 7, 9, 12, 13.
    uint256 private constant WHOLE_TYPES = 0x32fc;
    uint256 private constant SIGNED_TYPES = 0xe8; // 3, 5, 6, 7
    uint8 private constant FLOAT32 = 1;
    uint8 private constant FLOAT16 = 10;
    uint8 private constant DOUBLE = 11;
    uint8 private constant BFLOAT16 = 16;

    uint256 private constant FLOAT32_BIAS = 127;
    uint256 private constant FLOAT32_FRACTION_BITS = 23;
    uint256 private constant FLOAT32_SIGN = 1 << 31;
    uint256 private constant FLOAT32_INFINITY = 0xff << 23;
    /// @dev A dividend of so many bits and one more leaves 26 bits or more when it is divided by 1e18.
    uint256 private constant DIVIDEND_BITS = 86;
    uint256 private constant UNIT = 1e18;
    /// @dev A wad of so many bits has the sign besides.
    uint256 private constant MOST_BITS = 255;

    /// @notice A float is no number, infinite, or so large that 256 bits do not hold it with 18 decimals.
    /// @custom:fix Treat the output as unusable: `bits` are those of the element, of ONNX type `dtype`.
    error NumberNotFinite(uint8 dtype, uint256 bits);

    /// @notice A fixed-point number is beyond what a float32 can hold, about 3.4e38.
    /// @custom:fix Clamp or scale `wad` (1e18 is 1) before.
    error NumberBeyondFloat32(int256 wad);

    /// @notice The elements are not of a type that this reads.
    /// @custom:fix Read whole numbers by `intAt`, floats by `wadAt`; `dtype` is the ONNX type that was given.
    error NumberWrongType(uint8 dtype);

    /// @notice The quotient of something by nothing.
    /// @custom:fix Give a divisor other than zero.
    error NumberDividedByZero(int256 dividend);

    /// @dev Whether elements of this ONNX type are whole numbers; a bool is one.
    function isWhole(uint8 dtype) internal pure returns (bool) {
        return (WHOLE_TYPES >> dtype) & 1 == 1;
    }

    /// @dev A whole number from its bits.
    function whole(uint8 dtype, uint256 bits) internal pure returns (int256) {
        if ((SIGNED_TYPES >> dtype) & 1 == 0) return int256(bits);
        if (dtype == 3) return int8(uint8(bits));
        if (dtype == 5) return int16(uint16(bits));
        return dtype == 6 ? int256(int32(uint32(bits))) : int256(int64(uint64(bits)));
    }

    /// @dev A number of any type, from its bits, as a wad.
    /// @custom:rounds Floats towards zero.
    function wadOf(uint8 dtype, uint256 bits) internal pure returns (int256) {
        if (isWhole(dtype)) return whole(dtype, bits) * WAD;
        (bool negative, uint256 mantissa, int256 exponent) = _partsOf(dtype, bits);
        uint256 scaled = mantissa * UNIT; // below 2^113
        uint256 magnitude;
        if (exponent >= 0) {
            if (Math.log2(scaled) + uint256(exponent) >= MOST_BITS) revert NumberNotFinite(dtype, bits);
            magnitude = scaled << uint256(exponent);
        } else {
            magnitude = scaled >> uint256(-exponent);
        }
        return negative ? -int256(magnitude) : int256(magnitude);
    }

    /// @dev Bits of the float32 that is nearest to a wad.
    /// @custom:rounds Half to even.
    function float32Of(int256 wad) internal pure returns (uint256) {
        if (wad == 0) return 0;
        uint256 magnitude = SignedMath.abs(wad);
        uint256 log = Math.log2(magnitude);
        uint256 shift = log < DIVIDEND_BITS ? DIVIDEND_BITS - log : 0;
        uint256 quotient = (magnitude << shift) / UNIT;
        // At least three bits will be rounded away, so the lowest one can stand for all that follow it.
        if (quotient * UNIT != magnitude << shift) quotient |= 1;
        uint256 excess = Math.log2(quotient) - FLOAT32_FRACTION_BITS;
        uint256 mantissa = (quotient + (1 << (excess - 1)) - 1 + ((quotient >> excess) & 1)) >> excess;
        // The hidden bit is added to the exponent, and so is the carry of a rounding to 2^24.
        uint256 exponent = FLOAT32_BIAS + FLOAT32_FRACTION_BITS + excess - shift - 1;
        uint256 bits = (exponent << FLOAT32_FRACTION_BITS) + mantissa;
        if (bits >= FLOAT32_INFINITY) revert NumberBeyondFloat32(wad);
        return wad < 0 ? bits | FLOAT32_SIGN : bits;
    }

    /// @dev Orders numbers of one type: of two, the larger has the larger rank, and equal ones have the same, zeros of both signs
    /// too. Reverts for what is no number; an infinity has its place.
    function rankOf(uint8 dtype, uint256 bits) internal pure returns (int256) {
        if (isWhole(dtype)) return whole(dtype, bits);
        (uint256 width, uint256 fractionBits) = _formatOf(dtype);
        uint256 magnitude = bits & ((1 << (width - 1)) - 1);
        uint256 infinity = ((1 << (width - 1 - fractionBits)) - 1) << fractionBits;
        if (magnitude > infinity) revert NumberNotFinite(dtype, bits);
        return bits == magnitude ? int256(magnitude) : -int256(magnitude);
    }

    /// @dev What a quantised number stands for: `(q - zero) · scale`.
    /// @param scaleWad Wad; exact if the scale of the model has at most 18 decimals.
    function dequantise(int256 q, int256 zero, int256 scaleWad) internal pure returns (int256) {
        return (q - zero) * scaleWad;
    }

    /// @dev Product of two wads.
    /// @custom:rounds Towards zero.
    function mulWad(int256 a, int256 b) internal pure returns (int256) {
        return (a * b) / WAD;
    }

    /// @dev Quotient of two wads.
    /// @custom:rounds Towards zero.
    function divWad(int256 a, int256 b) internal pure returns (int256) {
        if (b == 0) revert NumberDividedByZero(a);
        return (a * WAD) / b;
    }

    /// @dev The nearest number that is neither below `least` nor above `most`: what a contract accepts of a model at most.
    function clamp(int256 x, int256 least, int256 most) internal pure returns (int256) {
        if (x < least) return least;
        return x > most ? most : x;
    }

    /// @dev Reads a little-endian number. The caller vouches that the bytes are there.
    /// @param size Bytes, 1 to 8.
    function load(bytes memory data, uint256 offset, uint256 size) internal pure returns (uint256 bits) {
        for (uint256 i = size; i > 0; --i) bits = (bits << 8) | uint8(data[offset + i - 1]);
    }

    /// @dev Writes a little-endian number.
    /// @param size Bytes, 1 to 8.
    function store(bytes memory data, uint256 offset, uint256 size, uint256 bits) internal pure {
        for (uint256 i; i < size; ++i) data[offset + i] = bytes1(uint8(bits >> (8 * i)));
    }

    /// @dev A finite float is `±mantissa · 2^exponent`.
    function _partsOf(
        uint8 dtype,
        uint256 bits
    ) private pure returns (bool negative, uint256 mantissa, int256 exponent) {
        (uint256 width, uint256 fractionBits) = _formatOf(dtype);
        uint256 exponentBits = width - 1 - fractionBits;
        uint256 top = (1 << exponentBits) - 1;
        uint256 biased = (bits >> fractionBits) & top;
        if (biased == top) revert NumberNotFinite(dtype, bits);
        negative = bits >> (width - 1) == 1;
        mantissa = bits & ((1 << fractionBits) - 1);
        // Subnormal numbers have no hidden bit, and the exponent of the least normal ones.
        if (biased == 0) biased = 1;
        else mantissa |= 1 << fractionBits;
        exponent = int256(biased) - int256((top >> 1) + fractionBits);
    }

    /// @dev Bits of a float, and of its fraction.
    function _formatOf(uint8 dtype) private pure returns (uint256 width, uint256 fractionBits) {
        if (dtype == FLOAT16) return (16, 10);
        if (dtype == BFLOAT16) return (16, 7);
        if (dtype == DOUBLE) return (64, 52);
        if (dtype != FLOAT32) revert NumberWrongType(dtype);
        return (32, FLOAT32_FRACTION_BITS);
    }
}
