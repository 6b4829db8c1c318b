// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {NumberLib} from "../../contracts/libraries/NumberLib.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract NumberLibTest {
    uint8 private constant FLOAT32 = 1;
    uint8 private constant DOUBLE = 11;
    int256 private constant WAD = 1e18;
    /// @dev Below it, a float32 is finite as a wad.
    int256 private constant MOST = 3e56;

    /// @dev The set of whole types that the library packs into a word, as ONNX numbers them.
    function testFuzz_isWhole_isThatOfOnnx(uint8 dtype) external pure {
        bool whole = (dtype >= 2 && dtype <= 7) || dtype == 9 || dtype == 12 || dtype == 13;
        require(NumberLib.isWhole(dtype) == whole, "whole");
    }

    /// @dev What was rounded to a float32 is read back within half a unit of its last place, which is 2^-24 of it.
    function testFuzz_float32Of_isNear(int256 wad) external pure {
        wad = int256(bound(uint256(wad), 0, uint256(2 * MOST))) - MOST;
        int256 back = NumberLib.wadOf(FLOAT32, NumberLib.float32Of(wad));
        int256 off = back > wad ? back - wad : wad - back;
        int256 size = wad < 0 ? -wad : wad;
        require(off <= size / (1 << 24) + 1, "off");
        require((back < 0) == (wad < 0) || back == 0, "sign");
    }

    /// @dev A float32 with few enough decimals is itself again.
    function testFuzz_float32Of_keepsWholeNumbers(int32 value) external pure {
        int256 wad = int256(value >> 8) * WAD;
        require(NumberLib.wadOf(FLOAT32, NumberLib.float32Of(wad)) == wad, "wad");
    }

    function test_float32Of_takesTheLeastNumber() external {
        VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberBeyondFloat32.selector, type(int256).min));
        this.float32Of(type(int256).min);
    }

    /// @dev Ranks are in the order of the numbers; what is no number has none.
    function testFuzz_rankOf_ordersFloats(uint32 a, uint32 b) external {
        if (_isNaN(a)) {
            VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberNotFinite.selector, FLOAT32, a));
            this.rankOf(FLOAT32, a);
            return;
        }
        VM.assume(!_isNaN(b));
        int256 ranks = _sign(NumberLib.rankOf(FLOAT32, a) - NumberLib.rankOf(FLOAT32, b));
        VM.assume(_isFinite(a) && _isFinite(b));
        int256 wads = _sign(NumberLib.wadOf(FLOAT32, a) - NumberLib.wadOf(FLOAT32, b));
        // Tiny numbers differ in rank and not as wads.
        require(wads == 0 || ranks == wads, "order");
    }

    function test_rankOf_placesInfinitiesAndZeros() external pure {
        int256 most = NumberLib.rankOf(FLOAT32, 0x7f7fffff);
        require(NumberLib.rankOf(FLOAT32, 0x7f800000) > most, "infinity");
        require(NumberLib.rankOf(FLOAT32, 0xff800000) < -most, "minus infinity");
        require(NumberLib.rankOf(FLOAT32, 0x80000000) == NumberLib.rankOf(FLOAT32, 0), "zeros");
    }

    /// @dev One, minus a half, the least number above zero and what is none, in each format.
    function test_wadOf_readsEveryFormat() external {
        uint8[4] memory dtypes = [1, 10, 11, 16];
        uint256[4] memory ones = [uint256(0x3f800000), 0x3c00, 0x3ff0000000000000, 0x3f80];
        uint256[4] memory halves = [uint256(0xbf000000), 0xb800, 0xbfe0000000000000, 0xbf00];
        int256[4] memory least = [int256(0), 59604644775, 0, 0];
        uint256[4] memory infinities = [uint256(0x7f800000), 0x7c00, 0x7ff0000000000000, 0x7f80];
        for (uint256 i; i < 4; ++i) {
            require(NumberLib.wadOf(dtypes[i], ones[i]) == WAD, "one");
            require(NumberLib.wadOf(dtypes[i], halves[i]) == -WAD / 2, "half");
            require(NumberLib.wadOf(dtypes[i], 1) == least[i], "least");
            VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberNotFinite.selector, dtypes[i], infinities[i]));
            this.wadOf(dtypes[i], infinities[i]);
        }
    }

    /// @dev The largest power of two that 256 bits hold with 18 decimals, and the next one.
    function test_wadOf_endsWhereWordsDo() external {
        require(NumberLib.wadOf(DOUBLE, 0x4c20000000000000) == int256(2 ** 195 * 1e18), "2^195");
        VM.expectRevert(
            abi.encodeWithSelector(NumberLib.NumberNotFinite.selector, DOUBLE, uint256(0x4c30000000000000))
        );
        this.wadOf(DOUBLE, 0x4c30000000000000);
    }

    /// @dev Numbers of two's complement have their sign, all others have none.
    function testFuzz_whole_hasTheSignOfItsType(uint64 bits) external pure {
        require(NumberLib.whole(2, uint8(bits)) == int256(uint256(uint8(bits))), "uint8");
        require(NumberLib.whole(3, uint8(bits)) == int8(uint8(bits)), "int8");
        require(NumberLib.whole(5, uint16(bits)) == int16(uint16(bits)), "int16");
        require(NumberLib.whole(6, uint32(bits)) == int32(uint32(bits)), "int32");
        require(NumberLib.whole(7, bits) == int64(bits), "int64");
        require(NumberLib.wadOf(13, bits) == int256(uint256(bits)) * WAD, "uint64");
    }

    /// @dev Strings, complex numbers and unknown types are not guessed at.
    function testFuzz_wadOf_refusesOtherTypes(uint8 dtype, uint256 bits) external {
        bool float = dtype == 1 || dtype == 10 || dtype == 11 || dtype == 16;
        VM.assume(!float && !NumberLib.isWhole(dtype));
        VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberWrongType.selector, dtype));
        this.wadOf(dtype, bits);
        VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberWrongType.selector, dtype));
        this.rankOf(dtype, bits);
    }

    function testFuzz_dequantise_isTheLineThroughZero(uint8 q, uint8 zero, uint64 scale) external pure {
        int256 expected = (int256(uint256(q)) - int256(uint256(zero))) * int256(uint256(scale));
        require(
            NumberLib.dequantise(int256(uint256(q)), int256(uint256(zero)), int256(uint256(scale))) == expected,
            "q"
        );
    }

    function test_divWad_refusesZero() external {
        VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberDividedByZero.selector, int256(-7)));
        this.divWad(-7, 0);
    }

    /// @dev Towards zero on both sides of it.
    function testFuzz_wads_roundTowardsZero(int128 a, int128 b) external {
        int256 product = NumberLib.mulWad(a, b);
        int256 rest = int256(a) * b - product * WAD;
        require(rest > -WAD && rest < WAD && (rest == 0 || (rest > 0) == (int256(a) * b > 0)), "product");
        if (b == 0) {
            VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberDividedByZero.selector, int256(a)));
            this.divWad(a, b);
            return;
        }
        int256 quotient = NumberLib.divWad(a, b);
        rest = int256(a) * WAD - quotient * b;
        int256 size = b < 0 ? -int256(b) : int256(b);
        require(rest > -size && rest < size && (rest == 0 || (rest > 0) == (a > 0)), "quotient");
    }

    function testFuzz_clamp_staysBetween(int256 x, int256 a, int256 b) external pure {
        (int256 least, int256 most) = a < b ? (a, b) : (b, a);
        int256 clamped = NumberLib.clamp(x, least, most);
        require(clamped >= least && clamped <= most, "bounds");
        require(clamped == x || x < least || x > most, "changed");
    }

    function testFuzz_store_isWhatIsLoaded(uint64 bits, uint8 start, uint8 width) external pure {
        uint256 size = bound(width, 1, 8);
        uint256 offset = bound(start, 0, 32);
        bytes memory data = new bytes(offset + size);
        NumberLib.store(data, offset, size, bits);
        require(NumberLib.load(data, offset, size) == bits & ((1 << (8 * size)) - 1), "bits");
    }

    function float32Of(int256 wad) external pure returns (uint256) {
        return NumberLib.float32Of(wad);
    }

    function wadOf(uint8 dtype, uint256 bits) external pure returns (int256) {
        return NumberLib.wadOf(dtype, bits);
    }

    function rankOf(uint8 dtype, uint256 bits) external pure returns (int256) {
        return NumberLib.rankOf(dtype, bits);
    }

    function divWad(int256 a, int256 b) external pure returns (int256) {
        return NumberLib.divWad(a, b);
    }

    function _isNaN(uint256 bits) private pure returns (bool) {
        return bits & 0x7fffffff > 0x7f800000;
    }

    function _isFinite(uint256 bits) private pure returns (bool) {
        return bits & 0x7fffffff < 0x7f800000;
    }

    function _sign(int256 x) private pure returns (int256) {
        if (x == 0) return 0;
        return x > 0 ? int256(1) : -1;
    }
}
