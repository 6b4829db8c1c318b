// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

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
    /// otherwise somebody must fix one, soon after the time to reveal. Each step has one seed period, however many blocks
    /// the chain remembers: a job must not outlast the locks that answer for it.
    function next(JobRecord record, Round round, uint256 seedPeriod) internal view returns (Seeding, bytes32) {
        uint256 lateAt = round.revealEndsAt() + seedPeriod;
        if (round.revealedCount() == round.sealedCount()) return _atBefore(lateAt, round.lastRevealBlock() + DELAY);
        if (record.seedBlockFixed()) return _atBefore(lateAt + seedPeriod, record.seedBlock());
        return (block.timestamp >= lateAt ? Seeding.Missed : Seeding.BlockNotFixed, 0);
    }

    function _atBefore(uint256 lateAt, uint256 seedBlock) private view returns (Seeding, bytes32) {
        return block.timestamp >= lateAt ? (Seeding.Missed, bytes32(0)) : _at(seedBlock);
    }

    function _at(uint256 seedBlock) private view returns (Seeding, bytes32) {
        if (block.number <= seedBlock) return (Seeding.BlockNotMined, 0);
        bytes32 hash = blockhash(seedBlock);
        return (hash == 0 ? Seeding.Missed : Seeding.Known, hash);
    }
}
