// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {IJobPolicy} from "./interfaces/IJobPolicy.sol";
import {IRefereedPolicy} from "./interfaces/IRefereedPolicy.sol";
import {IReplicationPolicy} from "./interfaces/IReplicationPolicy.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {IVerdictPolicy} from "./interfaces/IVerdictPolicy.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {HearingLib} from "./libraries/HearingLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {JobRecordLib} from "./libraries/JobRecordLib.sol";
import {OrderLib} from "./libraries/OrderLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {RoundLib} from "./libraries/RoundLib.sol";
import {RulesLib} from "./libraries/RulesLib.sol";
import {SealingLib} from "./libraries/SealingLib.sol";
import {Round, RoundId, StatementId} from "./types/CommitmentTypes.sol";
import {COLLATERAL_BONDS, Verdict} from "./types/DisputeTypes.sol";
import {AccountAmount, Job, JobId, JobRecord, JobRules, JobShape, JobState, Settlement} from "./types/JobTypes.sol";
import {VersionId} from "./types/ModelTypes.sol";

/// @title The policy `Replicated` for versions with a referee: whoever is not proven wrong is right
contract RefereedPolicy is IRefereedPolicy {
    using HearingLib for HearingLib.Hearing;
    using HearingLib for Settlement;
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobRecordLib for JobRecord;
    using RoundLib for Round;
    using RulesLib for JobRules;

    /// @dev A liar can make the requester whole.
    uint256 private constant LEAST_PRICES = 2;

    /// @inheritdoc IRefereedPolicy
    IReplicationPolicy public immutable POLICY;
    /// @inheritdoc IVerdictPolicy
    IDisputeGame public immutable GAME;
    /// @inheritdoc IJobPolicy
    IResultCommitments public immutable COMMITMENTS;
    /// @inheritdoc IJobPolicy
    uint48 public immutable SEED_PERIOD;
    /// @inheritdoc IRefereedPolicy
    uint256 public immutable LEAST_WINDOW_PERIOD;
    /// @inheritdoc IRefereedPolicy
    uint256 public immutable MOST_WINDOW_PERIOD;
    /// @dev The longest game, and the time in which others who were right can say so.
    uint256 private immutable GAME_PERIOD;

    /// @param policy The policy for versions without a referee: one market has one set of numbers and one clock of seeds.
    /// @param game Says whether a reveal is false; knows where rounds are kept.
    /// @param mostWindowPeriod Seconds; from the least that the game takes to 14 days.
    constructor(IReplicationPolicy policy, IDisputeGame game, uint256 mostWindowPeriod) {
        POLICY = policy;
        GAME = game;
        COMMITMENTS = game.COMMITMENTS();
        SEED_PERIOD = policy.SEED_PERIOD();
        LEAST_WINDOW_PERIOD = game.LEAST_WINDOW_PERIOD();
        GAME_PERIOD = game.MOST_GAME_PERIOD() + game.MONEY_CLOCK_FLOOR();
        if (mostWindowPeriod < LEAST_WINDOW_PERIOD || mostWindowPeriod > 14 days) {
            revert PolicyOutOfBounds("mostWindowPeriod", mostWindowPeriod, LEAST_WINDOW_PERIOD, 14 days);
        }
        MOST_WINDOW_PERIOD = mostWindowPeriod;
    }

    /// @inheritdoc IJobPolicy
    function settlementOf(
        address consumer,
        JobId jobId,
        Job calldata job,
        JobRecord record,
        address[] calldata seats
    ) external view returns (Settlement memory settlement) {
        RoundId roundId = HashLib.roundId(
            address(COMMITMENTS),
            consumer,
            JobId.unwrap(jobId),
            JobLib.FIRST,
            job.versionId,
            job.inputRoot
        );
        (Round round, bytes32 leader) = COMMITMENTS.roundOf(roundId);
        settlement.state = _conclude(job, record, round);
        if (settlement.state == record.state()) revert PolicyNotFinal(jobId, record.state(), record.state());
        if (seats.length != round.sealedCount()) revert PolicyWrongSeats(jobId, seats.length, round.sealedCount());

        // Where too few have sealed, what others revealed is for nobody, and everybody goes at once.
        bool judged = settlement.state != JobState.Unanswered;
        HearingLib.Hearing memory hearing = _hear(jobId, roundId, round.disputableUntil(), seats, judged);
        if (settlement.state == JobState.Undecided) {
            bool agreed = round.leaderCount() == hearing.reveals && hearing.standing == hearing.reveals;
            if (agreed && PayloadLib.isError(leader)) hearing.fault = leader;
            (settlement.state, settlement.outputRoot) = hearing.endOf();
            settlement.hasOutput = settlement.outputRoot != 0 && hearing.fault == 0;
        }
        settlement.plan(job, hearing);
    }

    /// @inheritdoc IRefereedPolicy
    function checkOrder(VersionId versionId, AccountAmount requester, JobShape shape) external view {
        if (!GAME.isAdmitted(versionId)) revert PolicyVersionNotAdmitted(versionId);
        uint256 leastFactor = LEAST_PRICES + Math.ceilDiv(COLLATERAL_BONDS * GAME.bond(), requester.amount());
        OrderLib.within("auditBps", shape.auditBps(), 0, 0);
        OrderLib.within("windowPeriod", shape.windowPeriod(), LEAST_WINDOW_PERIOD, MOST_WINDOW_PERIOD);
        OrderLib.within("collateralFactor", shape.collateralFactor(), leastFactor, type(uint16).max);
    }

    /// @inheritdoc IRefereedPolicy
    function complete(JobRules rules, uint256 marginPeriod, uint256 thawPeriod) external view returns (JobRules) {
        rules = POLICY.complete(rules, marginPeriod, thawPeriod);
        uint256 sealing = (1 + rules.widenSteps()) * rules.maxSealPeriod();
        uint256 horizon =
            SEED_PERIOD + sealing + rules.revealPeriod() + MOST_WINDOW_PERIOD + GAME_PERIOD + marginPeriod;
        if (horizon >= thawPeriod) revert PolicyDeadlinesDoNotNest(horizon, thawPeriod);
        // Stake thaws for at most 60 days, which is less than 2^24 seconds.
        return rules.withHorizon(Math.max(horizon, rules.horizonPeriod()));
    }

    /// @dev Where a job can go by its clocks and counts; `Undecided` where verdicts decide.
    function _conclude(Job calldata job, JobRecord record, Round round) private view returns (JobState) {
        (bool over, JobState next) = SealingLib.conclude(job, record, round, SEED_PERIOD);
        if (!over) return next;
        if (round.revealedCount() > 0 && block.timestamp < round.disputableUntil()) return record.state();
        return round.revealedCount() < job.shape.quorum() ? JobState.Unrevealed : JobState.Undecided;
    }

    /// @dev Gathers the verdicts on what the seats, which must be exactly those who sealed, have revealed.
    /// @param endsAt When it can be disputed no more, unix seconds.
    /// @param judged Whether anything comes of it.
    function _hear(
        JobId jobId,
        RoundId roundId,
        uint256 endsAt,
        address[] calldata seats,
        bool judged
    ) private view returns (HearingLib.Hearing memory hearing) {
        uint256 revealed;
        (revealed, , hearing.reveals) = COMMITMENTS.tallyOf(roundId, seats, 0);
        hearing.stands = new bytes32[](seats.length);
        hearing.challengers = new address[][](seats.length);
        for (uint256 i; i < seats.length; ++i) {
            if (!judged || (revealed >> i) & 1 == 0) continue;
            bytes32 outputRoot = COMMITMENTS.outputOf(roundId, seats[i]);
            StatementId statementId = HashLib.statementId(roundId, seats[i], outputRoot);
            Verdict verdict = GAME.verdictOf(statementId, endsAt);
            if (verdict == Verdict.Open) revert PolicyStillDisputable(jobId, seats[i]);
            if (verdict == Verdict.Upheld) hearing.uphold(i, outputRoot);
            else hearing.challengers[i] = GAME.finalSharersOf(statementId);
        }
    }
}
