// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {SeedLib} from "../../contracts/libraries/SeedLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {JobRecord} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract SeedLibTest {
    using JobRecordLib for JobRecord;
    using RoundLib for Round;

    uint256 private constant NOW = 1_800_000_000;
    uint256 private constant HEIGHT = 20_000_000;
    uint256 private constant SEED_PERIOD = 3_000;
    uint256 private constant REVEAL_PERIOD = 14_400;
    /// @dev As many blocks as the chain remembers.
    uint256 private constant MEMORY = 256;

    function testFuzz_first_isTheHashOfTheBlockThatTheRequestFixed(uint256 age) external {
        age = bound(age, 1, MEMORY);
        _at(NOW, HEIGHT);
        JobRecord record = JobRecordLib.open(HEIGHT - age, NOW);
        (SeedLib.Seeding seeding, bytes32 hash) = SeedLib.first(record, NOW, SEED_PERIOD);
        require(seeding == SeedLib.Seeding.Known, "known");
        require(hash != 0 && hash == blockhash(HEIGHT - age), "hash");
    }

    function testFuzz_first_waitsForTheBlockAfterIt(uint256 ahead) external {
        _at(NOW, HEIGHT);
        JobRecord record = JobRecordLib.open(HEIGHT + bound(ahead, 0, 1e6), NOW);
        _require(SeedLib.first, record, NOW, SeedLib.Seeding.BlockNotMined);
    }

    /// @dev There is no second block where the first is forgotten: nobody draws again by waiting [T048].
    function testFuzz_first_isMissedOnceTheChainForgets(uint256 age) external {
        _at(NOW, HEIGHT);
        JobRecord record = JobRecordLib.open(HEIGHT - bound(age, MEMORY + 1, HEIGHT - 1), NOW);
        _require(SeedLib.first, record, NOW, SeedLib.Seeding.Missed);
    }

    function testFuzz_first_isMissedAfterTheSeedPeriod(uint256 age, uint256 late) external {
        JobRecord record = JobRecordLib.open(HEIGHT - bound(age, 1, MEMORY), NOW);
        _at(NOW + SEED_PERIOD + bound(late, 0, 1e9), HEIGHT);
        _require(SeedLib.first, record, NOW, SeedLib.Seeding.Missed);
        _at(NOW + SEED_PERIOD - 1, HEIGHT);
        _require(SeedLib.first, record, NOW, SeedLib.Seeding.Known);
    }

    /// @dev Who reveals last does not know the seed: its block is two later [T047].
    function testFuzz_next_followsTheLastRevealWhereAllRevealed(uint256 age) external {
        age = bound(age, 1, MEMORY);
        _at(NOW, HEIGHT - age - SeedLib.DELAY);
        Round round = _round(2).revealedAgain(1).revealedAgain(2);
        _at(NOW, HEIGHT - age);
        (SeedLib.Seeding seeding, ) = SeedLib.next(JobRecord.wrap(0), round, SEED_PERIOD);
        require(seeding == SeedLib.Seeding.BlockNotMined, "too early");
        _at(NOW, HEIGHT);
        bytes32 hash;
        (seeding, hash) = SeedLib.next(JobRecord.wrap(0), round, SEED_PERIOD);
        require(seeding == SeedLib.Seeding.Known, "known");
        require(hash != 0 && hash == blockhash(HEIGHT - age), "hash");
    }

    function testFuzz_next_needsABlockWhereSomebodyWasSilent(uint256 time) external {
        Round round = _round(2).revealedAgain(1);
        uint256 deadline = NOW + REVEAL_PERIOD + SEED_PERIOD;
        _at(bound(time, NOW, deadline - 1), HEIGHT);
        (SeedLib.Seeding seeding, ) = SeedLib.next(JobRecord.wrap(0), round, SEED_PERIOD);
        require(seeding == SeedLib.Seeding.BlockNotFixed, "not fixed");
        _at(bound(time, deadline, type(uint40).max), HEIGHT);
        (seeding, ) = SeedLib.next(JobRecord.wrap(0), round, SEED_PERIOD);
        require(seeding == SeedLib.Seeding.Missed, "missed");
    }

    function testFuzz_next_isTheBlockThatWasFixed(uint256 age) external {
        age = bound(age, 1, MEMORY);
        _at(NOW + REVEAL_PERIOD, HEIGHT);
        JobRecord record = JobRecord.wrap(0).withSeedBlockFixed(HEIGHT - age);
        (SeedLib.Seeding seeding, bytes32 hash) = SeedLib.next(record, _round(2), SEED_PERIOD);
        require(seeding == SeedLib.Seeding.Known, "known");
        require(hash != 0 && hash == blockhash(HEIGHT - age), "hash");
    }

    /// @dev A round whose sealing has ended now, with so many seals.
    function _round(uint256 seals) private pure returns (Round round) {
        round = RoundLib.terms(NOW, NOW, REVEAL_PERIOD, 2, 9, 0).opened();
        for (uint256 i = 1; i < seals; ++i) round = round.sealedAgain(NOW);
    }

    function _at(uint256 time, uint256 number) private {
        VM.warp(time);
        VM.roll(number);
    }

    function _require(
        function(JobRecord, uint256, uint256) view returns (SeedLib.Seeding, bytes32) seedOf,
        JobRecord record,
        uint256 time,
        SeedLib.Seeding expected
    ) private view {
        (SeedLib.Seeding seeding, ) = seedOf(record, time, SEED_PERIOD);
        require(seeding == expected, "seeding");
    }
}
