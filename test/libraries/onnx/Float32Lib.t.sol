// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Float32Lib} from "../../../contracts/libraries/onnx/Float32Lib.sol";
import {bound} from "../../support/Fuzz.sol";

/// @dev Against definitions that know nothing of shifts: what is nearest, and even if two are.
contract Float32LibTest {
    function testFuzz_shiftRight_isTheNearestInteger(uint256 x, uint256 k) external pure {
        (x, k) = (bound(x, 0, 2 ** 255 - 1), bound(k, 1, 254));
        uint256 unit = 2 ** k;
        uint256 q = Float32Lib.shiftRight(x, k);
        uint256 product = q * unit; // at most x + unit / 2 < 2^256
        uint256 distance = product > x ? product - x : x - product;
        require(distance <= unit / 2, "nearest");
        if (distance == unit / 2) require(q % 2 == 0, "even");
    }

    function testFuzz_shiftRight_ofATieIsEven(uint256 q, uint256 k) external pure {
        k = bound(k, 1, 200);
        q = bound(q, 0, 2 ** (253 - k));
        uint256 made = Float32Lib.shiftRight(q * 2 ** k + 2 ** (k - 1), k);
        require(made == (q % 2 == 0 ? q : q + 1), "tie");
    }

    function testFuzz_round24_keeps24BitsAndTheValue(uint256 m, uint8 width, int16 e) external pure {
        m = bound(m, 0, 2 ** bound(width, 1, 200) - 1);
        (uint256 made, int256 exponent) = Float32Lib.round24(m, e);
        require(made <= 2 ** 24, "bits");
        uint256 excess = uint256(exponent - e);
        if (m < 2 ** 24) require(made == m && excess == 0, "exact");
        else require(made >= 2 ** 23, "normal");
        uint256 value = made * 2 ** excess;
        require((value > m ? value - m : m - value) * 2 <= 2 ** excess || excess == 0, "nearest");
    }

    /// @dev A byte within one unit of the exact value, and the right one where the exact value is no float's tie.
    function testFuzz_requant_isCloseToTheExactValue(int32 acc, uint256 bits, uint8 zero) external pure {
        if (acc == type(int32).min) return;
        bits = bound(bits, 95 << 23, (135 << 23) - 1);
        uint256 made = Float32Lib.requant(acc, bits, zero);
        uint256 magnitude = uint256(int256(acc < 0 ? -int256(acc) : int256(acc)));
        // In units of 2^-64: the exponent is -55 at least.
        uint256 exact = (magnitude * ((bits & 0x7fffff) | 0x800000)) << ((bits >> 23) + 64 - 150);
        uint256 slack = (exact >> 22) + (1 << 63);
        int256 low = int256(uint256(zero)) + (acc < 0 ? -_up(exact + slack) : _down(exact, slack));
        int256 high = int256(uint256(zero)) + (acc < 0 ? -_down(exact, slack) : _up(exact + slack));
        require(int256(made) >= _saturate(low) && int256(made) <= _saturate(high), "close");
    }

    /// @dev Factors and offset are multiples of 2^-8 so small that every sum is a float.
    function testFuzz_add_isTheNearestIntegerOfAnExactSum(
        uint8 a,
        uint8 shiftA,
        uint8 b,
        uint8 shiftB,
        int16 offset
    ) external pure {
        (shiftA, shiftB) = (shiftA % 9, shiftB % 9);
        int256 sum = int256(uint256(a) << shiftA) + int256(uint256(b) << shiftB) + offset;
        int256 expected = _saturate(sum < 0 ? -_nearest(uint256(-sum), 256) : _nearest(uint256(sum), 256));
        uint256 t =
            _bits(uint256(int256(offset < 0 ? -int256(offset) : int256(offset))), 8) | (offset < 0 ? 1 << 31 : 0);
        (uint256 ra, uint256 rb) = (_bits(1 << shiftA, 8), _bits(1 << shiftB, 8));
        require(int256(Float32Lib.add(a, ra, b, rb, t)) == expected, "sum");
        expected = _saturate(_nearest((uint256(a) << shiftA) + (uint256(b) << shiftB), 256));
        require(int256(Float32Lib.add(a, ra, b, rb, 0)) == expected, "no offset");
    }

    /// @dev Beyond 2^23 there are whole numbers alone, and no rounding.
    function test_quantise_saturatesWholeNumbers() external pure {
        (uint256 large, uint256 half) = (_bits(1 << 23, 0), _bits(1, 1));
        require(Float32Lib.quantise(large, half, 0) == 255, "most");
        require(Float32Lib.quantise(large | (1 << 31), half, 9) == 0, "least");
    }

    function testFuzz_dequantise_ofTheZeroPointIsZero(uint8 zero) external pure {
        require(Float32Lib.dequantise(zero, _bits(3, 1), zero) == 0, "zero");
    }

    /// @dev A multiple of half of the scale, exactly or by so few units in the last place more that only a half is rounded otherwise.
    function testFuzz_quantise_isTheNearestQuotient(
        uint16 halves,
        uint16 scale,
        uint8 zero,
        bool negative
    ) external pure {
        (halves, scale) = (halves % 600, (scale % 2 ** 14) + 1);
        uint256 sign = negative ? 1 << 31 : 0;
        uint256 x = _bits(uint256(halves) * scale, 9);
        int256 q = _nearest(halves, 2);
        int256 made = int256(Float32Lib.quantise(x | sign, _bits(scale, 8), zero));
        require(made == _saturate(int256(uint256(zero)) + (negative ? -q : q)), "quotient");
        if (halves == 0) return;
        q = int256(uint256(halves) + 1) / 2; // of a half, up
        made = int256(Float32Lib.quantise((x + 4) | sign, _bits(scale, 8), zero));
        require(made == _saturate(int256(uint256(zero)) + (negative ? -q : q)), "a little more");
    }

    function testFuzz_quantise_saturates(uint32 bits, uint16 scale, uint8 zero) external pure {
        bits = uint32(bound(bits, 200 << 23, 255 << 23)); // 2^73 to infinity
        if (scale == 0) scale = 1;
        require(Float32Lib.quantise(bits, _bits(scale, 8), zero) == 255, "large");
        require(Float32Lib.quantise(bits | (1 << 31), _bits(scale, 8), zero) == 0, "small");
        require(Float32Lib.quantise(bits % 2 ** 23, _bits(scale, 8), zero) == zero, "not normal");
    }

    /// @dev The product of 8 and 16 bits is a float.
    function testFuzz_dequantise_isAnExactProduct(uint8 q, uint16 scale, uint8 zero) external pure {
        uint256 expected = _bits(uint256(q > zero ? q - zero : zero - q) * (scale | 1), 20);
        if (q < zero) expected |= 1 << 31;
        require(Float32Lib.dequantise(q, _bits(scale | 1, 20), zero) == expected, "product");
    }

    function testFuzz_isScale_isARangeOfPositiveNormalNumbers(uint32 bits) external pure {
        uint256 exponent = bits >> 23; // with the sign as its highest bit
        require(Float32Lib.isScale(bits) == (exponent >= 127 - 32 && exponent < 127 + 8), "range");
    }

    /// @dev Either zero, and either sign of what lies in [2^-55, 2^17); nothing of more than 32 bits.
    function testFuzz_isOffset_isARangeOfNumbersOfEitherSign(uint32 bits, uint256 beyond) external pure {
        uint256 exponent = (bits >> 23) & 0xff;
        bool isZero = bits & 0x7fffffff == 0;
        bool expected = isZero || (exponent >= 127 - 55 && exponent < 127 + 17);
        require(Float32Lib.isOffset(bits) == expected, "range");
        require(Float32Lib.isOffset(0) && Float32Lib.isOffset(1 << 31), "zero");
        require(!Float32Lib.isOffset(1) && !Float32Lib.isOffset((127 + 17) << 23), "ends");
        beyond = bound(beyond, 1, type(uint224).max);
        require(!Float32Lib.isOffset((beyond << 32) | bits) && !Float32Lib.isOffset(beyond << 32), "too many bits");
    }

    function testFuzz_isNaN_dependsNotOnTheSign(uint32 bits) external pure {
        bool expected = (bits >> 23) & 0xff == 0xff && bits & 0x7fffff != 0;
        require(Float32Lib.isNaN(bits) == expected, "NaN");
    }

    /// @dev Half to even.
    function _nearest(uint256 x, uint256 unit) private pure returns (int256) {
        uint256 rest = x % unit;
        bool isUp = 2 * rest > unit || (2 * rest == unit && (x / unit) % 2 == 1);
        return int256(x / unit) + (isUp ? int256(1) : int256(0));
    }

    /// @dev Bits of `units / 2^k` for a number of units below 2^24.
    function _bits(uint256 units, uint256 k) private pure returns (uint256) {
        if (units == 0) return 0;
        uint256 width = Math.log2(units);
        return ((127 + width - k) << 23) | ((units << (23 - width)) & 0x7fffff);
    }

    function _up(uint256 units) private pure returns (int256) {
        return int256((units + 2 ** 64 - 1) >> 64);
    }

    function _down(uint256 units, uint256 slack) private pure returns (int256) {
        return units < slack ? int256(0) : int256((units - slack) >> 64);
    }

    function _saturate(int256 value) private pure returns (int256) {
        return
            value < 0
                ? int256(0)
                : value > 255
                    ? int256(255)
                    : value;
    }
}
