// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SeatOutcome} from "../types/JobTypes.sol";

/// @title The word of a seat's outcome
library SeatOutcomeLib {
    uint256 private constant LOST_SHIFT = 96;
    uint256 private constant SHARES = 1 << 192;
    uint256 private constant LIED = 1 << 200;

    /// @dev The caller vouches that both amounts are OPG and so fit 96 bits.
    function outcome(uint256 earned_, uint256 lost_, bool shares_) internal pure returns (SeatOutcome) {
        return SeatOutcome.wrap(earned_ | (lost_ << LOST_SHIFT) | (shares_ ? SHARES : 0));
    }

    /// @dev What a seat loses whose answer was proven false. The caller vouches that it is OPG and so fits 96 bits.
    function lie(uint256 lost_) internal pure returns (SeatOutcome) {
        return SeatOutcome.wrap((lost_ << LOST_SHIFT) | LIED);
    }

    function earned(SeatOutcome self) internal pure returns (uint256) {
        return uint96(SeatOutcome.unwrap(self));
    }

    function lost(SeatOutcome self) internal pure returns (uint256) {
        return uint96(SeatOutcome.unwrap(self) >> LOST_SHIFT);
    }

    function shares(SeatOutcome self) internal pure returns (bool) {
        return SeatOutcome.unwrap(self) & SHARES != 0;
    }

    function lied(SeatOutcome self) internal pure returns (bool) {
        return SeatOutcome.unwrap(self) & LIED != 0;
    }
}
