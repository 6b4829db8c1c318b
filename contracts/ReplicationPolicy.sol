// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobPolicy} from "./interfaces/IJobPolicy.sol";
import {IReplicationPolicy} from "./interfaces/IReplicationPolicy.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {DrawLib} from "./libraries/DrawLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {JobRecordLib} from "./libraries/JobRecordLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {RoundLib} from "./libraries/RoundLib.sol";
import {RulesLib} from "./libraries/RulesLib.sol";
import {SealingLib} from "./libraries/SealingLib.sol";
import {SeedLib} from "./libraries/SeedLib.sol";
import {SettlementLib} from "./libraries/SettlementLib.sol";
import {Round, RoundId} from "./types/CommitmentTypes.sol";
import {Job, JobId, JobRecord, JobRules, JobShape, JobState, Settlement} from "./types/JobTypes.sol";

/// @title The policy `Replicated`: several nodes answer, and unanimity or an appeal decides
contract ReplicationPolicy is IReplicationPolicy {
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using RoundLib for Round;
    using RulesLib for JobRules;
    using SettlementLib for Settlement;

    /// @dev The longest settlement, 105 slashed seats of 120, fits a transaction of 2^24 gas with a quarter to spare: one
    /// that does not fit would never end.
    /// @custom:source EIP-7825: no transaction has more gas.
    uint256 private constant MOST_APPEAL_SIZE = 33;

    /// @inheritdoc IJobPolicy
    IResultCommitments public immutable COMMITMENTS;
    /// @inheritdoc IJobPolicy
    uint48 public immutable SEED_PERIOD;
    /// @inheritdoc IReplicationPolicy
    uint48 public immutable LEAST_SEAL_PERIOD;
    /// @inheritdoc IReplicationPolicy
    uint48 public immutable MONEY_CLOCK_FLOOR;

    /// @dev A job and its rounds so far.
    struct Course {
        address consumer;
        JobId jobId;
        JobRecord record;
        uint256 draws;
        uint256[3] seated;
        Round round; // the last one
        bytes32 leader; // in the last one
        bytes32 firstLeader; // in the first one
        bool awaitsSeedBlock; // the next seed has no block yet
        bytes32 seedHash; // of the next seed
    }

    /// @param commitments Where rounds are read.
    /// @param seedPeriod Seconds, 2 to 6 hours, and at most what 256 blocks take.
    /// @param leastSealPeriod Seconds, 2 to 6 hours.
    /// @param moneyClockFloor Seconds, 5 to 48 hours.
    constructor(IResultCommitments commitments, uint48 seedPeriod, uint48 leastSealPeriod, uint48 moneyClockFloor) {
        _within("seedPeriod", seedPeriod, 2, 6 hours);
        _within("leastSealPeriod", leastSealPeriod, 2, 6 hours);
        _within("moneyClockFloor", moneyClockFloor, 5, 48 hours);
        COMMITMENTS = commitments;
        SEED_PERIOD = seedPeriod;
        LEAST_SEAL_PERIOD = leastSealPeriod;
        MONEY_CLOCK_FLOOR = moneyClockFloor;
    }

    /// @inheritdoc IReplicationPolicy
    function nextStateOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record
    ) external view returns (JobState next, bool awaitsSeedBlock, bytes32 seedHash) {
        Course memory course = _courseOf(consumer, jobId, job, record);
        next = _conclude(job, course);
        return (next, course.awaitsSeedBlock, course.seedHash);
    }

    /// @inheritdoc IReplicationPolicy
    function advanced(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view returns (JobRecord) {
        // Where a referee judges there is neither audit nor appeal.
        if (job.shape.windowPeriod() > 0) revert MarketNotDue(jobId, record.state(), record.state());
        Course memory course = _courseOf(consumer, jobId, job, record);
        JobState next = _conclude(job, course);
        if (course.awaitsSeedBlock) return record.withSeedBlockFixed(block.number + SeedLib.DELAY);
        if (next == record.state() || next.isFinal()) revert MarketNotDue(jobId, record.state(), next);
        _tally(job, course, 0, seats);
        return record.entered(next).withSeed(DrawLib.seed(course.seedHash, JobId.unwrap(jobId), uint256(next)));
    }

    /// @inheritdoc IJobPolicy
    function settlementOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view returns (Settlement memory settlement) {
        Course memory course = _courseOf(consumer, jobId, job, record);
        JobState next = _conclude(job, course);
        if (!next.isFinal()) revert PolicyNotFinal(jobId, record.state(), next);
        settlement.state = next;
        if (next.hasResult()) {
            settlement.outputRoot = next == JobState.Decided ? course.leader : course.firstLeader;
            settlement.hasOutput = !PayloadLib.isError(settlement.outputRoot);
        }
        // In a decided job only the winner is right, in any other every reveal is.
        bytes32 winner = next == JobState.Decided ? settlement.outputRoot : bytes32(0);
        settlement.plan(job, _tally(job, course, winner, seats));
    }

    /// @inheritdoc IReplicationPolicy
    function complete(JobRules rules, uint256 marginPeriod, uint256 thawPeriod) external view returns (JobRules) {
        _within("feeBps", rules.feeBps(), 0, 1_000);
        _within("seatFactorBps", rules.seatFactorBps(), 12_500, 30_000);
        _within("absenceBps", rules.absenceBps(), 500, 5_000);
        _within("noResultFeeBps", rules.noResultFeeBps(), 2_500, 7_500);
        _within("errorFeeBps", rules.errorFeeBps(), 500, 5_000);
        _within("royaltyCapBps", rules.royaltyCapBps(), 0, 5_000);
        _within("drawnValueCap", rules.drawnValueCap(), 1e18, 1e24);
        _within("maxSealPeriod", rules.maxSealPeriod(), LEAST_SEAL_PERIOD, 6 hours);
        _within("widenSteps", rules.widenSteps(), 1, 6);
        _within("appealWidenSteps", rules.appealWidenSteps(), 0, 3);
        _within("appealSize", rules.appealSize(), 3, MOST_APPEAL_SIZE);
        _within("activationPeriod", rules.activationPeriod(), 2, 7 days);
        _within("revealPeriod", rules.revealPeriod(), MONEY_CLOCK_FLOOR, 48 hours);
        _within("appealSealPeriod", rules.appealSealPeriod(), MONEY_CLOCK_FLOOR, 72 hours);
        _within("appealRevealPeriod", rules.appealRevealPeriod(), MONEY_CLOCK_FLOOR, 48 hours);
        _within("marginPeriod", marginPeriod, (MONEY_CLOCK_FLOOR + 1) / 2, 30 days);

        uint256 horizon = _horizon(rules) + marginPeriod;
        if (horizon >= thawPeriod) revert PolicyDeadlinesDoNotNest(horizon, thawPeriod);
        // Stake thaws for at most 60 days, which is less than 2^24 seconds.
        return rules.withHorizon(horizon);
    }

    /// @dev Reads all rounds of a job.
    function _courseOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record
    ) private view returns (Course memory course) {
        course.consumer = consumer;
        course.jobId = jobId;
        course.record = record;
        // Open, Audit and Appeal are the states of the first, second and third draw.
        course.draws = uint256(record.state());
        for (uint256 draw; draw < course.draws; ++draw) {
            (course.round, course.leader) = COMMITMENTS.roundOf(_roundIdOf(job, course, draw));
            if (draw == JobLib.FIRST) course.firstLeader = course.leader;
            course.seated[draw] = course.round.sealedCount();
        }
    }

    function _roundIdOf(Job calldata job, Course memory course, uint256 draw) private view returns (RoundId) {
        bytes32 id = JobId.unwrap(course.jobId);
        return HashLib.roundId(address(COMMITMENTS), course.consumer, id, draw, job.versionId, job.inputRoot);
    }

    /// @dev What became of the seats, which must be exactly those who sealed.
    /// @param winner The output that is right; zero if every reveal is.
    function _tally(
        Job calldata job,
        Course memory course,
        bytes32 winner,
        address[] calldata seats
    ) private view returns (SettlementLib.Tally[3] memory tallies) {
        uint256 from;
        for (uint256 draw; draw < course.draws; ++draw) {
            SettlementLib.Tally memory tally = tallies[draw];
            tally.seated = course.seated[draw];
            uint256 to = from + tally.seated;
            if (to > seats.length) revert PolicyWrongSeats(course.jobId, seats.length, to);
            RoundId roundId = _roundIdOf(job, course, draw);
            (tally.right, tally.silent, tally.rightCount) = COMMITMENTS.tallyOf(roundId, seats[from:to], winner);
            from = to;
        }
        if (from != seats.length) revert PolicyWrongSeats(course.jobId, seats.length, from);
    }

    /// @dev Where a job can go, by its clocks and reveals.
    function _conclude(Job calldata job, Course memory course) private view returns (JobState) {
        JobState state = course.record.state();
        (bool over, JobState next) = SealingLib.conclude(job, course.record, course.round, SEED_PERIOD);
        if (!over) return next;
        if (state == JobState.Appeal) {
            return _decides(job, course.round) ? JobState.Decided : JobState.Undecided;
        }
        return _compare(job, course);
    }

    /// @dev An appeal decides if two thirds of its size have revealed, and two thirds of those agree.
    function _decides(Job calldata job, Round round) private pure returns (bool) {
        bool enough = 3 * round.revealedCount() >= 2 * job.rules.appealSize();
        return enough && 3 * round.leaderCount() >= 2 * round.revealedCount();
    }

    /// @dev Where the reveals of a first draw or an audit lead.
    function _compare(Job calldata job, Course memory course) private view returns (JobState) {
        bool audit = course.record.state() == JobState.Audit;
        uint256 reveals = course.round.revealedCount();
        if (audit && reveals == 0) return JobState.Agreed;
        if (!audit && reveals < job.shape.quorum()) return JobState.Unrevealed;
        if (course.round.leaderCount() != reveals || course.leader != course.firstLeader) {
            return _seedNext(job, course, false);
        }
        if (PayloadLib.isError(course.leader)) return JobState.Refused;
        if (audit || job.shape.auditBps() == 0) return JobState.Agreed;
        return _seedNext(job, course, true);
    }

    /// @dev What depends on a seed: whether an agreement is audited, and the draw of an appeal. Without a seed an agreement
    /// stands, and a disagreement stays without a result.
    function _seedNext(Job calldata job, Course memory course, bool agreed) private view returns (JobState) {
        SeedLib.Seeding seeding;
        (seeding, course.seedHash) = SeedLib.next(course.record, course.round, SEED_PERIOD);
        if (seeding == SeedLib.Seeding.Missed) return agreed ? JobState.Agreed : JobState.Undecided;
        course.awaitsSeedBlock = seeding == SeedLib.Seeding.BlockNotFixed;
        if (seeding != SeedLib.Seeding.Known) return course.record.state();
        if (!agreed) return JobState.Appeal;
        uint128 toss = DrawLib.seed(course.seedHash, JobId.unwrap(course.jobId), uint256(JobState.Agreed));
        return DrawLib.coin(toss, job.shape.auditBps()) ? JobState.Audit : JobState.Agreed;
    }

    /// @dev Longest time from a seal to the last clock of its job: the seed, the first draw, then audit and appeal, each
    /// of which may need a seed block to be fixed and a seed to be had.
    function _horizon(JobRules rules) private view returns (uint256) {
        uint256 sealing = (1 + rules.widenSteps()) * rules.maxSealPeriod();
        uint256 appealSealing = (1 + rules.appealWidenSteps()) * rules.appealSealPeriod();
        uint256 appeal = 2 * uint256(SEED_PERIOD) + appealSealing + rules.appealRevealPeriod();
        return SEED_PERIOD + sealing + rules.revealPeriod() + 2 * appeal;
    }

    function _within(bytes32 parameter, uint256 given, uint256 least, uint256 most) private pure {
        if (given < least || given > most) revert PolicyOutOfBounds(parameter, given, least, most);
    }
}
