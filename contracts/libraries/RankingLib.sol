// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SHARER_PLACES, Sharer} from "../types/DisputeTypes.sol";

/// @title The first three of those who share a reward beside the one who decided
library RankingLib {
    uint256 private constant RANK_SHIFT = 160;

    /// @dev Puts a challenger where its rank belongs; of equal ranks the one that came first stays before. Who drops out at
    /// the end shares no more.
    /// @return Whether it found a place.
    function enter(Sharer[SHARER_PLACES] storage self, address account_, uint256 rank_) internal returns (bool) {
        Sharer moving = Sharer.wrap(uint256(uint160(account_)) | (rank_ << RANK_SHIFT));
        bool placed;
        for (uint256 i; i < SHARER_PLACES; ++i) {
            Sharer here = self[i];
            // Behind the newcomer all move by one place, those of equal ranks, too.
            if (!placed && !isNone(here) && rank(here) <= rank_) continue;
            self[i] = moving;
            placed = true;
            if (isNone(here)) break;
            moving = here;
        }
        return placed;
    }

    function isNone(Sharer self) internal pure returns (bool) {
        return Sharer.unwrap(self) == 0;
    }

    function account(Sharer self) internal pure returns (address) {
        return address(uint160(Sharer.unwrap(self)));
    }

    function rank(Sharer self) internal pure returns (uint256) {
        return Sharer.unwrap(self) >> RANK_SHIFT;
    }
}
