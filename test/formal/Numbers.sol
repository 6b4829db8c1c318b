// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {NumberLib} from "../../contracts/libraries/NumberLib.sol";

/// @title Numbers of models, as contracts read them
contract NumbersProofs {
    function clampStaysWithinItsBounds(int256 x, int256 least, int256 most) external pure {
        require(least <= most);
        int256 clamped = NumberLib.clamp(x, least, most);
        assert(least <= clamped && clamped <= most);
        assert(x < least || x > most || clamped == x);
    }

    function bytesAreSignedAsTheirTypeSays(uint256 bits) external pure {
        require(bits < 256);
        int256 signed = NumberLib.whole(3, bits);
        assert(signed >= -128 && signed < 128);
        assert(signed == (bits < 128 ? int256(bits) : int256(bits) - 256));
        assert(NumberLib.whole(2, bits) == int256(bits));
    }

    function integersAreSignedAsTheirTypeSays(uint256 bits) external pure {
        require(bits < 1 << 32);
        assert(NumberLib.whole(6, bits) == (bits < 1 << 31 ? int256(bits) : int256(bits) - (1 << 32)));
    }

    function productsRoundTowardsZero(int256 a, int256 b) external pure {
        require(a >= 0 && b >= 0 && a < 1 << 100 && b < 1 << 100);
        int256 product = NumberLib.mulWad(a, b);
        assert(product * 1e18 <= a * b);
        assert((product + 1) * 1e18 > a * b);
    }

    function oneChangesNothing(int256 a) external pure {
        require(a > -(1 << 120) && a < 1 << 120);
        assert(NumberLib.mulWad(a, NumberLib.WAD) == a);
        assert(NumberLib.divWad(a, NumberLib.WAD) == a);
    }

    function ranksOrderFloats(uint256 a, uint256 b) external pure {
        require(a < b && b <= 0x7f800000);
        assert(NumberLib.rankOf(1, a) < NumberLib.rankOf(1, b));
        assert(NumberLib.rankOf(1, a | (1 << 31)) > NumberLib.rankOf(1, b | (1 << 31)));
    }

    function zerosOfBothSignsRankAlike() external pure {
        assert(NumberLib.rankOf(1, 1 << 31) == NumberLib.rankOf(1, 0));
    }

    function dequantisedZeroPointIsNothing(int256 zero, int256 scale) external pure {
        assert(NumberLib.dequantise(zero, zero, scale) == 0);
    }
}
