// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title IEEE 754 binary32 in integers
/// @notice The few float operations of quantised operators, each rounded half to even as processors do, bit for bit.
/// @dev A number is `m · 2^e`. Two roundings, to 24 bits and then to an integer, are not one: both are always made. Scales
/// are in [2^-32, 2^8), so their exponents are -55 to -16, and no result is subnormal or infinite except where it says so.
/// Arithmetic is unchecked: the bounds beside each function are far from 256 bits.
library Float32Lib {
    uint256 private constant HIDDEN_BIT = 1 << 23;
    uint256 private constant FRACTION = HIDDEN_BIT - 1;
    uint256 private constant EXPONENT = 0xff;
    uint256 private constant SIGN = 1 << 31;
    /// @dev Exponent of the last bit of a number whose exponent field is zero.
    int256 private constant LEAST_EXPONENT = -150;

    uint256 private constant LEAST_SCALE = (127 - 32) << 23;
    uint256 private constant SCALE_END = (127 + 8) << 23;
    /// @dev A sum of products of scales and bytes is below 2^17 and a multiple of 2^-55.
    uint256 private constant LEAST_OFFSET = (127 - 55) << 23;
    uint256 private constant OFFSET_END = (127 + 17) << 23;

    /// @dev Whether these are the bits of a scale that the profile admits: positive, normal, in [2^-32, 2^8).
    function isScale(uint256 bits) internal pure returns (bool) {
        return bits >= LEAST_SCALE && bits < SCALE_END;
    }

    /// @dev Whether these are the bits of what `add` can be offset by: zero, or a magnitude in [2^-55, 2^17).
    function isOffset(uint256 bits) internal pure returns (bool) {
        uint256 magnitude = bits & ~SIGN;
        return bits <= type(uint32).max && (magnitude == 0 || (magnitude >= LEAST_OFFSET && magnitude < OFFSET_END));
    }

    function isNaN(uint256 bits) internal pure returns (bool) {
        return bits & ~SIGN > EXPONENT << 23;
    }

    /// @dev `sat(rte(f(f(acc) · scale)) + zero)`.
    /// @param acc Magnitude below 2^31.
    function requant(int256 acc, uint256 scale, uint256 zero) internal pure returns (uint256) {
        unchecked {
            (uint256 m, int256 e) = round24(_magnitude(acc), 0);
            (uint256 ms, int256 es) = _parts(scale);
            (m, e) = round24(m * ms, e + es);
            return _saturate(_integer(m, e), acc < 0, zero);
        }
    }

    /// @dev `sat(rte(fma(a, ra, fma(b, rb, t))))`, one rounding per fma.
    /// @param a A byte; so is `b`.
    /// @param ra Bits of a scale; so is `rb`.
    /// @param t Bits for which `isOffset` holds.
    function add(uint256 a, uint256 ra, uint256 b, uint256 rb, uint256 t) internal pure returns (uint256) {
        unchecked {
            int256 m;
            int256 e;
            if (t & ~SIGN != 0) {
                uint256 mt;
                (mt, e) = _parts(t & ~SIGN);
                m = t & SIGN == 0 ? int256(mt) : -int256(mt);
            }
            (m, e) = fma(b, rb, m, e);
            (m, e) = fma(a, ra, m, e);
            return _saturate(_integer(_magnitude(m), e), m < 0, 0);
        }
    }

    /// @dev `f(a · r + mt · 2^et)`. The exponents are in -79 to -7, so a shift has at most 72 bits and a sum fewer than 120.
    function fma(uint256 a, uint256 r, int256 mt, int256 et) internal pure returns (int256 m, int256 e) {
        unchecked {
            if (a == 0) return (mt, et);
            (uint256 mr, int256 er) = _parts(r);
            m = int256(a * mr);
            e = er;
            if (mt != 0) {
                if (et < er) e = et;
                m = (m << uint256(er - e)) + (mt << uint256(et - e));
            }
            uint256 rounded;
            (rounded, e) = round24(_magnitude(m), e);
            m = m < 0 ? -int256(rounded) : int256(rounded);
        }
    }

    /// @dev `sat(rte(f(x / scale)) + zero)` of any number, infinities too. What is too small to be normal, x or the quotient,
    /// comes to zero, whether a processor flushes it or not.
    /// @param x Bits, not of a NaN.
    function quantise(uint256 x, uint256 scale, uint256 zero) internal pure returns (uint256) {
        unchecked {
            uint256 magnitude = x & ~SIGN;
            if (magnitude < HIDDEN_BIT) return zero;
            // An infinity has the parts of a number of 2^128, whose quotient is beyond every byte.
            (uint256 m, int256 e) = _divide(magnitude, scale);
            return _saturate(_integer(m, e), x & SIGN != 0, zero);
        }
    }

    /// @dev Bits of `f((q - zero) · scale)`; zero is +0.
    /// @param q A byte; so is `zero`.
    function dequantise(uint256 q, uint256 scale, uint256 zero) internal pure returns (uint256 bits) {
        unchecked {
            if (q == zero) return 0;
            (uint256 ms, int256 es) = _parts(scale);
            (uint256 m, int256 e) = round24((q > zero ? q - zero : zero - q) * ms, es);
            // 2^23 <= m <= 2^24. The hidden bit is added to the exponent, and so is the carry of a rounding to 2^24.
            bits = (uint256(e - LEAST_EXPONENT - 1) << 23) + m;
            if (q < zero) bits |= SIGN;
        }
    }

    /// @dev To 24 bits, or 2^24 where rounding carries.
    /// @custom:rounds Half to even.
    function round24(uint256 m, int256 e) internal pure returns (uint256, int256) {
        unchecked {
            if (m < 1 << 24) return (m, e);
            uint256 excess = Math.log2(m) - 23;
            return (shiftRight(m, excess), e + int256(excess));
        }
    }

    /// @dev `x / 2^k`. Up if the rest is above a half, or is a half and the quotient odd.
    /// @custom:rounds Half to even.
    /// @param x Below 2^255.
    /// @param k 1 to 254.
    function shiftRight(uint256 x, uint256 k) internal pure returns (uint256) {
        unchecked {
            return (x + (1 << (k - 1)) - 1 + ((x >> k) & 1)) >> k;
        }
    }

    /// @dev To an integer, of which only that it is above 510 matters if it is.
    /// @param m At most 2^24.
    /// @custom:rounds Half to even.
    function _integer(uint256 m, int256 e) private pure returns (uint256) {
        unchecked {
            if (e > 16) return m << 17;
            if (e >= 0) return m << uint256(e);
            return e < -60 ? 0 : shiftRight(m, uint256(-e));
        }
    }

    /// @dev `f(x / scale)`, of the bits of two positive normal numbers.
    function _divide(uint256 x, uint256 scale) private pure returns (uint256, int256) {
        unchecked {
            (uint256 mx, int256 ex) = _parts(x);
            (uint256 ms, int256 es) = _parts(scale);
            uint256 dividend = mx << 60;
            uint256 quotient = dividend / ms;
            // At least 35 bits will be rounded away, so the lowest one can stand for all that follow it.
            if (quotient * ms != dividend) quotient |= 1;
            return round24(quotient, ex - es - 60);
        }
    }

    function _saturate(uint256 q, bool negative, uint256 zero) private pure returns (uint256) {
        unchecked {
            if (negative) return q < zero ? zero - q : 0;
            return q < 255 - zero ? zero + q : 255;
        }
    }

    /// @param bits Of a positive normal number.
    function _parts(uint256 bits) private pure returns (uint256 m, int256 e) {
        unchecked {
            m = (bits & FRACTION) | HIDDEN_BIT;
            e = int256(bits >> 23) + LEAST_EXPONENT;
        }
    }

    function _magnitude(int256 x) private pure returns (uint256) {
        unchecked {
            return uint256(x < 0 ? -x : x);
        }
    }
}
