// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Round} from "../types/CommitmentTypes.sol";

/// @title The slot of a round, and its phases
/// @notice Phases are half-open intervals of time without gap or overlap: sealing, revealing, over.
library RoundLib {
    uint256 private constant WINDOW_SHIFT = 216;
    uint256 private constant WINDOW_MASK = uint256(type(uint32).max) << WINDOW_SHIFT;
    uint256 private constant LAST_BLOCK_MASK = uint256(type(uint48).max) << LAST_BLOCK_SHIFT;
    uint256 private constant TERMS_MASK = ((1 << 144) - 1) | LAST_BLOCK_MASK | WINDOW_MASK;
    uint256 private constant SEAL_ENDS_MASK = (1 << 48) - 1;
    uint256 private constant SEALED_SHIFT = 144;
    uint256 private constant REVEALED_SHIFT = 152;
    uint256 private constant ONE_SEALED = 1 << SEALED_SHIFT;
    uint256 private constant ONE_REVEALED = 1 << REVEALED_SHIFT;
    uint256 private constant LEADER_SHIFT = 160;
    uint256 private constant LAST_BLOCK_SHIFT = 168;
    /// @dev Above everything that a round has in its slot.
    uint256 private constant PACKED = 1 << 248;

    /// @dev The terms of a round, without counts. The caller has checked that every value fits its field.
    function terms(
        uint256 sealEndsAt_,
        uint256 lastSealEndsAt_,
        uint256 revealPeriod_,
        uint256 least_,
        uint256 most_,
        uint256 windowPeriod_
    ) internal pure returns (Round) {
        uint256 clock = sealEndsAt_ | (lastSealEndsAt_ << 48) | (revealPeriod_ << 96);
        return Round.wrap(clock | (least_ << 128) | (most_ << 136) | (windowPeriod_ << WINDOW_SHIFT));
    }

    /// @dev The same terms with the block that seeds who may take the seats that the first seal leaves free.
    function withSeedBlock(Round self, uint256 seedBlock_) internal pure returns (Round) {
        return Round.wrap((Round.unwrap(self) & ~LAST_BLOCK_MASK) | (seedBlock_ << LAST_BLOCK_SHIFT));
    }

    /// @dev The same round in a step that ends at `sealEndsAt_`.
    function endingAt(Round self, uint256 sealEndsAt_) internal pure returns (Round) {
        return Round.wrap((Round.unwrap(self) & ~SEAL_ENDS_MASK) | sealEndsAt_);
    }

    /// @dev The round after its first seal, whatever counts `self` came with.
    function opened(Round self) internal pure returns (Round) {
        return Round.wrap((Round.unwrap(self) & TERMS_MASK) | ONE_SEALED);
    }

    /// @dev The round after one more seal, in a step that ends at `sealEndsAt_`. The caller has checked the bound.
    function sealedAgain(Round self, uint256 sealEndsAt_) internal pure returns (Round) {
        return Round.wrap(Round.unwrap(endingAt(self, sealEndsAt_)) + ONE_SEALED);
    }

    /// @dev The round after one more reveal. There are never more reveals than seals.
    function revealedAgain(Round self, uint256 leaderCount_) internal view returns (Round) {
        uint256 counts = (Round.unwrap(self) & (((1 << LEADER_SHIFT) - 1) | WINDOW_MASK)) + ONE_REVEALED;
        return Round.wrap(counts | (leaderCount_ << LEADER_SHIFT) | (block.number << LAST_BLOCK_SHIFT));
    }

    /// @dev The round after `count` seals that are kept as one hash, whatever counts `self` came with.
    function packed(Round self, uint256 count) internal pure returns (Round) {
        return Round.wrap((Round.unwrap(self) & TERMS_MASK) | (count << SEALED_SHIFT) | PACKED);
    }

    /// @dev The same round, of which every seal has an entry.
    function unpacked(Round self) internal pure returns (Round) {
        return Round.wrap(Round.unwrap(self) & ~PACKED);
    }

    /// @dev The same round after all who sealed in it have revealed one and the same output now.
    function revealedByAll(Round self) internal view returns (Round) {
        uint256 count = sealedCount(self);
        uint256 kept = Round.unwrap(self) & ~(PACKED | LAST_BLOCK_MASK);
        uint256 counts = (count << REVEALED_SHIFT) | (count << LEADER_SHIFT);
        return Round.wrap(kept | counts | (block.number << LAST_BLOCK_SHIFT));
    }

    /// @dev What is kept of a packed round: the upper 248 bits of the hash of round and seals, below the mark.
    function ofPack(bytes32 pack) internal pure returns (Round) {
        return Round.wrap((uint256(pack) >> 8) | PACKED);
    }

    /// @dev Its seals are kept as one hash.
    function isPacked(Round self) internal pure returns (bool) {
        return Round.unwrap(self) & PACKED != 0;
    }

    function sealEndsAt(Round self) internal pure returns (uint256) {
        return Round.unwrap(self) & SEAL_ENDS_MASK;
    }

    function lastSealEndsAt(Round self) internal pure returns (uint256) {
        return (Round.unwrap(self) >> 48) & SEAL_ENDS_MASK;
    }

    function revealPeriod(Round self) internal pure returns (uint256) {
        return uint32(Round.unwrap(self) >> 96);
    }

    function least(Round self) internal pure returns (uint256) {
        return uint8(Round.unwrap(self) >> 128);
    }

    function most(Round self) internal pure returns (uint256) {
        return uint8(Round.unwrap(self) >> 136);
    }

    function sealedCount(Round self) internal pure returns (uint256) {
        return uint8(Round.unwrap(self) >> 144);
    }

    function revealedCount(Round self) internal pure returns (uint256) {
        return uint8(Round.unwrap(self) >> 152);
    }

    /// @dev Reveals of the output that has most of them.
    function leaderCount(Round self) internal pure returns (uint256) {
        return uint8(Round.unwrap(self) >> LEADER_SHIFT);
    }

    function lastRevealBlock(Round self) internal pure returns (uint256) {
        return uint48(Round.unwrap(self) >> LAST_BLOCK_SHIFT);
    }

    /// @dev What `withSeedBlock` has set; only until somebody reveals.
    function seedBlock(Round self) internal pure returns (uint256) {
        return lastRevealBlock(self);
    }

    /// @dev Seconds after the reveals in which a statement can be disputed; zero where it cannot.
    function windowPeriod(Round self) internal pure returns (uint256) {
        return uint32(Round.unwrap(self) >> WINDOW_SHIFT);
    }

    /// @dev When sealing ends, as far as is known now: with the running step, unless that has ended with too few seals.
    function sealingEndsAt(Round self) internal view returns (uint256) {
        uint256 stepEndsAt = sealEndsAt(self);
        bool goesOn = block.timestamp >= stepEndsAt && sealedCount(self) < least(self);
        return goesOn ? lastSealEndsAt(self) : stepEndsAt;
    }

    function isSealing(Round self) internal view returns (bool) {
        return block.timestamp < sealingEndsAt(self);
    }

    function revealEndsAt(Round self) internal view returns (uint256) {
        return sealingEndsAt(self) + revealPeriod(self);
    }

    /// @dev When what the round states can be disputed no more; zero where it never could. Fixed once somebody has revealed.
    function disputableUntil(Round self) internal view returns (uint256) {
        uint256 window = windowPeriod(self);
        return window == 0 ? 0 : revealEndsAt(self) + window;
    }

    /// @dev Nothing can change any more: everybody who sealed has revealed, or the time for it is over.
    function isOver(Round self) internal view returns (bool) {
        if (isSealing(self)) return false;
        return revealedCount(self) == sealedCount(self) || block.timestamp >= revealEndsAt(self);
    }
}
