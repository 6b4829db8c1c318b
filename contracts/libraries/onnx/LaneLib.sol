// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Sums of products of bytes, 32 at a time
/// @dev A word is eight groups of four bytes. Byte s of each group makes a vector of eight lanes of 32 bits. Of the product of
/// two such vectors, seen as numbers, the top lane is the sum of the products of lanes i and 7 - i: so one multiplication
/// makes eight products if one of the words has its groups in reverse order. No lane carries into the next: it is at most
/// 8 · 255^2 < 2^32. Sums of lanes are at most 255 for each of 32,768 bytes, below 2^23.
library LaneLib {
    uint256 private constant LANES = 0x000000ff_000000ff_000000ff_000000ff_000000ff_000000ff_000000ff_000000ff;
    uint256 private constant ONES = 0x00000001_00000001_00000001_00000001_00000001_00000001_00000001_00000001;
    uint256 private constant LOW_64 = 0x0000000000000000ffffffffffffffff_0000000000000000ffffffffffffffff;
    uint256 private constant LOW_32 = 0x00000000ffffffff_00000000ffffffff_00000000ffffffff_00000000ffffffff;
    uint256 private constant WORD = 32;

    struct Sums {
        uint256 products; // of a and w
        uint256 a; // eight lanes
        uint256 w; // eight lanes
        // In memory, because the optimiser would rebuild a constant in every turn of a loop.
        uint256 mask; // of the lanes
        uint256 low64; // of each half of a word
        uint256 low32; // of each quarter
    }

    function none() internal pure returns (Sums memory sums) {
        (sums.mask, sums.low64, sums.low32) = (LANES, LOW_64, LOW_32);
    }

    /// @dev Adds the products of two runs of words in calldata. The same as `_add` for each pair of words, in a third of its
    /// gas: this loop is most of what a long row costs to judge.
    /// @param w Its words have their groups in reverse order, unless they are turned here.
    /// @param count Words.
    function addWords(Sums memory sums, uint256 a, uint256 w, uint256 count, bool turned) internal pure {
        assembly ("memory-safe") {
            let products := mload(sums)
            let lanesOfA := mload(add(sums, 0x20))
            let lanesOfW := mload(add(sums, 0x40))
            let lanes := mload(add(sums, 0x60))
            for {
                let end := add(a, shl(5, count))
            } lt(a, end) {
                a := add(a, 0x20)
            } {
                let x := calldataload(a)
                let y := calldataload(w)
                if turned {
                    // As `_reverse` does.
                    y := or(shr(128, y), shl(128, y))
                    let low := mload(add(sums, 0x80))
                    y := or(and(shr(64, y), low), shl(64, and(y, low)))
                    low := mload(add(sums, 0xa0))
                    y := or(and(shr(32, y), low), shl(32, and(y, low)))
                }
                w := add(w, 0x20)
                let p := and(x, lanes)
                let q := and(y, lanes)
                products := add(products, shr(224, mul(p, q)))
                lanesOfA := add(lanesOfA, p)
                lanesOfW := add(lanesOfW, q)
                p := and(shr(8, x), lanes)
                q := and(shr(8, y), lanes)
                products := add(products, shr(224, mul(p, q)))
                lanesOfA := add(lanesOfA, p)
                lanesOfW := add(lanesOfW, q)
                p := and(shr(16, x), lanes)
                q := and(shr(16, y), lanes)
                products := add(products, shr(224, mul(p, q)))
                lanesOfA := add(lanesOfA, p)
                lanesOfW := add(lanesOfW, q)
                p := and(shr(24, x), lanes)
                q := and(shr(24, y), lanes)
                products := add(products, shr(224, mul(p, q)))
                lanesOfA := add(lanesOfA, p)
                lanesOfW := add(lanesOfW, q)
            }
            mstore(sums, products)
            mstore(add(sums, 0x20), lanesOfA)
            mstore(add(sums, 0x40), lanesOfW)
        }
    }

    /// @dev Adds the products of two strings of bytes in calldata that begin anywhere.
    /// @param count Bytes.
    function addBytes(Sums memory sums, uint256 a, uint256 w, uint256 count) internal pure {
        unchecked {
            // A depthwise convolution has one byte of each pixel; that needs no lanes but the lowest.
            if (count == 1) {
                (uint256 p, uint256 q) = (_load(a) >> 248, _load(w) >> 248);
                sums.products += p * q;
                sums.a += p;
                sums.w += q;
                return;
            }
            while (count > 0) {
                uint256 taken = count < WORD ? count : WORD;
                // A shift by 256 would give zero, too, but there is none: at least one byte is taken.
                uint256 mask = type(uint256).max << (8 * (WORD - taken));
                _add(sums, _load(a) & mask, _reverse(_load(w) & mask));
                a += taken;
                w += taken;
                count -= taken;
            }
        }
    }

    /// @dev `Σ (a - za)(w - zw)`.
    /// @param count Products in the sum.
    function centred(Sums memory sums, uint256 count, uint256 za, uint256 zw) internal pure returns (int256) {
        unchecked {
            return int256(sums.products + count * za * zw) - int256(zw * total(sums.a) + za * total(sums.w));
        }
    }

    /// @dev Sum of eight lanes, below 2^32.
    function total(uint256 lanes) internal pure returns (uint256) {
        unchecked {
            return (lanes * ONES) >> 224;
        }
    }

    function _add(Sums memory sums, uint256 a, uint256 w) private pure {
        unchecked {
            for (uint256 s; s < 32; s += 8) {
                (uint256 p, uint256 q) = ((a >> s) & LANES, (w >> s) & LANES);
                sums.products += (p * q) >> 224;
                sums.a += p;
                sums.w += q;
            }
        }
    }

    /// @dev The eight groups of four bytes in reverse order.
    function _reverse(uint256 word) private pure returns (uint256) {
        word = (word >> 128) | (word << 128);
        word = ((word >> 64) & LOW_64) | ((word & LOW_64) << 64);
        return ((word >> 32) & LOW_32) | ((word & LOW_32) << 32);
    }

    function _load(uint256 pointer) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(pointer)
        }
    }
}
