// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {SeatBook, ServedWeight, Serving} from "../types/MarketTypes.sol";
import {HistoryLib} from "./HistoryLib.sol";

/// @title What nodes serve, what answers for their seats, and what weighs in draws
library ServingLib {
    using HistoryLib for Checkpoints.Trace208;

    uint256 private constant EARNED_SHIFT = 96;
    uint256 private constant ENDS_AT_SHIFT = 192;
    uint256 private constant FREE_MASK = (1 << EARNED_SHIFT) - 1;
    uint256 private constant EARNED_MASK = ((1 << 96) - 1) << EARNED_SHIFT;

    function free(SeatBook self) internal pure returns (uint256) {
        return uint96(SeatBook.unwrap(self));
    }

    function earned(SeatBook self) internal pure returns (uint256) {
        return uint96(SeatBook.unwrap(self) >> EARNED_SHIFT);
    }

    function endsAt(SeatBook self) internal pure returns (uint256) {
        return SeatBook.unwrap(self) >> ENDS_AT_SHIFT;
    }

    /// @dev One more seat. The caller has checked that so much is free.
    function seated(SeatBook self, uint256 collateral) internal pure returns (SeatBook) {
        return SeatBook.wrap(SeatBook.unwrap(self) - collateral);
    }

    /// @dev A seat that had taken `collateral` is over and has earned `pay`. What is free stays within a lock, which is OPG and
    /// fits, and earnings are OPG that the market holds.
    function vacated(SeatBook self, uint256 collateral, uint256 pay) internal pure returns (SeatBook) {
        return SeatBook.wrap(SeatBook.unwrap(self) + collateral + (pay << EARNED_SHIFT));
    }

    function withFree(SeatBook self, uint96 amount) internal pure returns (SeatBook) {
        return SeatBook.wrap((SeatBook.unwrap(self) & ~FREE_MASK) | amount);
    }

    function claimed(SeatBook self) internal pure returns (SeatBook) {
        return SeatBook.wrap(SeatBook.unwrap(self) & ~EARNED_MASK);
    }

    function endingAt(SeatBook self, uint48 time) internal pure returns (SeatBook) {
        uint256 rest = SeatBook.unwrap(self) & ((1 << ENDS_AT_SHIFT) - 1);
        return SeatBook.wrap(rest | (uint256(time) << ENDS_AT_SHIFT));
    }

    /// @dev OPG of the lock that answer for seats.
    function used(Serving storage self) internal view returns (uint256) {
        return self.maxLock - free(self.book);
    }

    /// @dev Sets a node's weight and moves the version's sum with it. The caller has checked that `weight` is backed by
    /// stake and so fits.
    function setWeight(Serving storage self, ServedWeight storage total, uint256 weight) internal {
        uint96 before = self.weight;
        if (weight == before) return; // a renewal leaves no trace
        self.weights.retire(self.since, before);
        self.weight = uint96(weight);
        self.since = uint48(block.timestamp);

        become(total, total.weight - before + weight); // stale weights included, far below 2^96 in all
    }

    /// @dev Sets one of the weights, or their sum. The caller vouches that it fits.
    function become(ServedWeight storage self, uint256 weight) internal {
        self.weights.retire(self.since, self.weight);
        self.weight = uint96(weight);
        self.since = uint48(block.timestamp);
    }

    function weightAt(Serving storage self, uint256 time) internal view returns (uint256) {
        return self.weights.valueAt(self.since, self.weight, time);
    }

    function weightAt(ServedWeight storage self, uint256 time) internal view returns (uint256) {
        return self.weights.valueAt(self.since, self.weight, time);
    }
}
