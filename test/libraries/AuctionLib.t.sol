// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AuctionLib} from "../../contracts/libraries/AuctionLib.sol";
import {UnitLib} from "../../contracts/libraries/UnitLib.sol";
import {bound} from "../support/Fuzz.sol";

contract AuctionLibTest {
    /// @dev Whatever the order, the price starts at the lowest, never falls, and ends at the highest [T086 I37].
    function testFuzz_priceAt_risesFromTheLowestToTheHighest(
        uint40 floorUnits,
        uint40 riseUnits,
        uint16 delay,
        uint24 ramp,
        uint32 elapsed
    ) external pure {
        uint256 floor = uint256(floorUnits) * UnitLib.UNIT;
        uint256 ceiling = floor + uint256(riseUnits) * UnitLib.UNIT;
        uint256 price = AuctionLib.priceAt(floor, ceiling, delay, ramp, elapsed);
        uint256 later = AuctionLib.priceAt(floor, ceiling, delay, ramp, uint256(elapsed) + 1);
        require(floor <= price && price <= later && later <= ceiling, "monotone");
        require(price % UnitLib.UNIT == 0, "whole");
        require(AuctionLib.priceAt(floor, ceiling, delay, ramp, delay) == floor, "lowest");
        require(AuctionLib.priceAt(floor, ceiling, delay, ramp, uint256(delay) + ramp + 1) == ceiling, "highest");
    }

    /// @dev A second moves the price by its part of the rise, and one unit of rounding at most: there is no jump.
    function testFuzz_priceAt_hasNoJump(uint40 riseUnits, uint24 ramp, uint24 elapsed) external pure {
        uint256 period = bound(ramp, 5, 1 days);
        uint256 ceiling = uint256(riseUnits) * UnitLib.UNIT;
        uint256 price = AuctionLib.priceAt(0, ceiling, 0, period, elapsed);
        uint256 later = AuctionLib.priceAt(0, ceiling, 0, period, uint256(elapsed) + 1);
        require(later - price <= ceiling / period + 2 * UnitLib.UNIT, "jump");
    }
}
