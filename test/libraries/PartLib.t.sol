// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {PartLib} from "../../contracts/libraries/PartLib.sol";

contract PartLibTest {
    uint256 private constant MOST_LEVELS = 8;

    /// @dev Up to 256 words are laid down as they are.
    function test_levelsOf_smallTensors() external pure {
        for (uint256 depth; depth <= MOST_LEVELS; ++depth) require(PartLib.levelsOf(depth) == depth, "whole");
    }

    /// @dev Of larger ones no other cut has fewer roots and words together, and there are at most 256 roots.
    function test_levelsOf_largeTensors() external pure {
        for (uint256 depth = MOST_LEVELS + 1; depth <= 32; ++depth) {
            uint256 levels = PartLib.levelsOf(depth);
            require(levels <= MOST_LEVELS, "roots");
            for (uint256 other; other <= MOST_LEVELS; ++other) {
                require(2 ** levels + 2 ** (depth - levels) <= 2 ** other + 2 ** (depth - other), "cut");
            }
        }
    }
}
