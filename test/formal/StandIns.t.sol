// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title What the proofs take functions of OpenZeppelin for is what they do
contract StandInsTest {
    function testFuzz_log2IsThePlaceOfTheHighestBit(uint256 x, uint8 shift) external pure {
        x >>= shift;
        uint256 log = Math.log2(x);
        require(log < 256 && (x == 0 ? log == 0 : x >> log == 1), "log2");
    }

    function testFuzz_mulDivOfWhatFitsIsTheQuotient(uint128 x, uint128 y, uint256 denominator) external pure {
        if (denominator == 0) return;
        require(Math.mulDiv(x, y, denominator) == (uint256(x) * y) / denominator, "mulDiv");
    }

    function testFuzz_ternaryIsOneOfBoth(bool condition, uint256 a, uint256 b) external pure {
        require(Math.ternary(condition, a, b) == (condition ? a : b), "ternary");
    }

    function test_truthIsOne() external pure {
        require(SafeCast.toUint(true) == 1 && SafeCast.toUint(false) == 0, "toUint");
    }
}
