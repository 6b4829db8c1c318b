// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {UnitLib} from "./UnitLib.sol";

/// @title The price of an open job over time
library AuctionLib {
    /// @dev The lowest price until `delay` seconds have passed, the highest from `delay + ramp` on, and a straight line
    /// between. The caller has checked that `floor <= ceiling`, both whole units below 2^96.
    /// @custom:rounds Down to a whole unit, in favour of the requester.
    function priceAt(
        uint256 floor,
        uint256 ceiling,
        uint256 delay,
        uint256 ramp,
        uint256 elapsed
    ) internal pure returns (uint256) {
        if (elapsed <= delay) return floor;
        uint256 risen = elapsed - delay;
        if (risen >= ramp) return ceiling;
        return UnitLib.inUnits(floor + ((ceiling - floor) * risen) / ramp);
    }
}
