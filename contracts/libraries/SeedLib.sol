// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Round} from "../types/CommitmentTypes.sol";
import {JobRecord} from "../types/JobTypes.sol";
import {JobRecordLib} from "./JobRecordLib.sol";
import {RoundLib} from "./RoundLib.sol";

/// @title Block hashes that seed draws
/// @notice A seed is the hash of a block that is fixed before anybody can know it. The chain forgets it after 256 blocks;
/// then there is none, and never another one in its place.
library SeedLib {
    using JobRecordLib for JobRecord;
    using RoundLib for Round;

    /// @dev Blocks from the one that fixes a seed's block to that block.
    uint256 internal constant DELAY = 2;

    enum Seeding {
        Missed,
        BlockNotFixed,
        BlockNotMined,
        Known
    }

    /// @dev The seed of a job's first draw; its block is fixed by the request.
    function first(JobRecord record, uint256 requestedAt, uint256 seedPeriod) internal view returns (Seeding, bytes32) {
        if (block.timestamp >= requestedAt + seedPeriod) return (Seeding.Missed, 0);
        return _at(record.seedBlock());
    }

    /// @dev The seed of the draw after `round`, which is over. If all have revealed, its block follows the last reveal;
    /// otherwise somebody must fix one, soon after the time to reveal.
    function next(JobRecord record, Round round, uint256 seedPeriod) internal view returns (Seeding, bytes32) {
        if (round.revealedCount() == round.sealedCount()) return _at(round.lastRevealBlock() + DELAY);
        if (record.seedBlockFixed()) return _at(record.seedBlock());
        bool late = block.timestamp >= round.revealEndsAt() + seedPeriod;
        return (late ? Seeding.Missed : Seeding.BlockNotFixed, 0);
    }

    function _at(uint256 seedBlock) private view returns (Seeding, bytes32) {
        if (block.number <= seedBlock) return (Seeding.BlockNotMined, 0);
        bytes32 hash = blockhash(seedBlock);
        return (hash == 0 ? Seeding.Missed : Seeding.Known, hash);
    }
}
