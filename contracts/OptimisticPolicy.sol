// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuditRoster} from "./interfaces/IAuditRoster.sol";
import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {IInferenceCallback} from "./interfaces/IInferenceCallback.sol";
import {IOptimisticPolicy} from "./interfaces/IOptimisticPolicy.sol";
import {IProvisionalCallback} from "./interfaces/IProvisionalCallback.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {IVerdictPolicy} from "./interfaces/IVerdictPolicy.sol";
import {AuditLib} from "./libraries/AuditLib.sol";
import {DrawLib} from "./libraries/DrawLib.sol";
import {EntryLib} from "./libraries/EntryLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {OptimisticJobLib} from "./libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "./libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "./libraries/OptimisticRulesLib.sol";
import {OrderLib} from "./libraries/OrderLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {RoundLib} from "./libraries/RoundLib.sol";
import {SeedLib} from "./libraries/SeedLib.sol";
import {Round, RoundId, StatementId} from "./types/CommitmentTypes.sol";
import {Verdict} from "./types/DisputeTypes.sol";
import {JobId} from "./types/JobTypes.sol";
import {
    AuditOutcome,
    Conduct,
    OptimisticJob,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "./types/OptimisticTypes.sol";
import {PayloadError} from "./types/PayloadTypes.sol";

/// @title The policy `Optimistic`: one node answers, and the chance that another is paid to answer, too, keeps it honest
contract OptimisticPolicy is IOptimisticPolicy {
    using OptimisticJobLib for OptimisticJob;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;
    using RoundLib for Round;

    /// @dev The job's node and one auditor.
    uint256 private constant SEATS = 2;
    /// @dev The attempt that may be audited.
    uint256 private constant AUDITED_ATTEMPT = 0;
    /// @dev What seeds are for here: one of them tosses the coin and draws the auditor.
    uint256 private constant AUDIT = 0;

    /// @inheritdoc IVerdictPolicy
    IDisputeGame public immutable GAME;
    /// @inheritdoc IOptimisticPolicy
    IAuditRoster public immutable ROSTER;
    /// @inheritdoc IOptimisticPolicy
    uint256 public immutable SEED_DELAY_PERIOD;
    /// @inheritdoc IOptimisticPolicy
    uint256 public immutable SEED_PERIOD;
    IResultCommitments private immutable COMMITMENTS;

    /// @param game Whose verdicts count; knows where rounds are kept and stake is locked.
    /// @param roster Who can be drawn.
    /// @param seedDelayPeriod Seconds from a node's seal to an audit's draw, 1 to an hour.
    /// @param seedPeriod Seconds, 2 to 6 hours, and at most what 256 blocks take.
    constructor(IDisputeGame game, IAuditRoster roster, uint256 seedDelayPeriod, uint256 seedPeriod) {
        OrderLib.within("seedDelayPeriod", seedDelayPeriod, 1, 1 hours);
        OrderLib.within("seedPeriod", seedPeriod, 2, 6 hours);
        GAME = game;
        ROSTER = roster;
        COMMITMENTS = game.COMMITMENTS();
        SEED_DELAY_PERIOD = seedDelayPeriod;
        SEED_PERIOD = seedPeriod;
    }

    /// @inheritdoc IOptimisticPolicy
    function complete(OptimisticRules rules, uint256 marginPeriod) external view returns (OptimisticRules) {
        uint256 floor = GAME.MONEY_CLOCK_FLOOR();
        rules.check(GAME.LEAST_WINDOW_PERIOD());
        // A step lets nodes see the seed and compute; all of them fit the time in which the chain remembers its block, so
        // that nobody has to store it.
        OrderLib.within("auditSealPeriod", rules.auditSealPeriod(), SEED_DELAY_PERIOD, SEED_PERIOD);
        uint256 sealing = SEED_DELAY_PERIOD + rules.auditSealingPeriod();
        OrderLib.within("auditSealing", sealing, 0, SEED_PERIOD);
        OrderLib.within("auditRevealPeriod", rules.auditRevealPeriod(), floor, 48 hours);
        OrderLib.within("marginPeriod", marginPeriod, (floor + 1) / 2, 30 days);
        // An answer, an audit, the window, the longest game, and the time in which others who were right can say so.
        uint256 horizon = rules.maxAnswerPeriod() + sealing + rules.auditRevealPeriod() + rules.mostWindowPeriod();
        horizon += GAME.MOST_GAME_PERIOD() + floor + marginPeriod;
        uint256 thawPeriod = GAME.STAKING().THAW_PERIOD();
        if (horizon >= thawPeriod) revert MarketDeadlinesDoNotNest(horizon, thawPeriod);
        // Stake thaws for at most 60 days, which is less than 2^24 seconds.
        return rules.withHorizon(horizon);
    }

    /// @inheritdoc IOptimisticPolicy
    function openingOf(OptimisticJob calldata job) external view returns (Round) {
        OptimisticRules rules = job.rules;
        uint256 start = block.timestamp + SEED_DELAY_PERIOD;
        return
            RoundLib
                .terms(
                    start + rules.auditSealPeriod(),
                    start + rules.auditSealingPeriod(),
                    rules.auditRevealPeriod(),
                    SEATS,
                    SEATS,
                    job.shape.windowPeriod()
                )
                .withSeedBlock(block.number + SeedLib.DELAY);
    }

    /// @inheritdoc IOptimisticPolicy
    function drawOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        address node,
        address auditor
    ) external view returns (Round round) {
        (round, ) = COMMITMENTS.roundOf(_roundIdOf(consumer, jobId, job));
        if (round.sealedCount() != 1) revert PolicyNoFreeSeat(jobId);
        uint256 start = round.lastSealEndsAt() - job.rules.auditSealingPeriod();
        uint128 seed = _seedOf(jobId, round, start);
        if (!DrawLib.coin(seed, job.shape.auditBps())) revert PolicyNotAudited(jobId);
        uint256 period = job.rules.auditSealPeriod();
        uint256 step = (block.timestamp - start) / period;
        _checkDrawn(jobId, job, node, auditor, seed, step);
        return round.endingAt(start + (step + 1) * period);
    }

    /// @inheritdoc IOptimisticPolicy
    function deliveryOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        OptimisticRecord record,
        address node,
        PayloadError fault,
        bytes calldata payload
    ) external view returns (bytes memory) {
        OptimisticState state = record.state();
        bool provisional = !state.hasResult();
        bool isDue = state.isHeld() || state == OptimisticState.Stated;
        if (provisional && !(isDue && job.shape.takesProvisional())) revert MarketWrongPhase(jobId, state);
        bytes32 root = COMMITMENTS.rootOf(fault, payload);
        (StatementId statementId, uint256 endsAt) = _statedOf(consumer, jobId, job, record, node, root);
        if (!provisional) {
            return abi.encodeCall(IInferenceCallback.onInference, (jobId, job.versionId, fault, payload));
        }
        if (GAME.verdictOf(statementId, endsAt) == Verdict.False) revert MarketAnswerFalse(jobId);
        return
            abi.encodeCall(IProvisionalCallback.onProvisionalInference, (jobId, job.versionId, fault, payload, endsAt));
    }

    /// @inheritdoc IOptimisticPolicy
    function outcomeOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        address node,
        address auditor
    ) external view returns (AuditOutcome memory outcome) {
        RoundId roundId = _roundIdOf(consumer, jobId, job);
        (Round round, ) = COMMITMENTS.roundOf(roundId);
        if (!round.isOver() || round.sealedCount() == 0) revert PolicyRoundNotOver(jobId, round.revealEndsAt());

        uint256 endsAt = round.disputableUntil();
        Conduct conduct;
        bytes32 auditRoot;
        (conduct, outcome.outputRoot, outcome.challengers) = _hear(jobId, roundId, endsAt, node);
        if (round.sealedCount() == SEATS && auditor != node) {
            (outcome.auditor, auditRoot, outcome.auditChallengers) = _hear(jobId, roundId, endsAt, auditor);
        } else if (auditor != address(0)) {
            revert PolicyWrongAuditor(jobId, auditor);
        }
        outcome.state = AuditLib.endOf(conduct, outcome.auditor, outcome.outputRoot == auditRoot);
        outcome.auditPaid = AuditLib.isPaid(outcome.state, outcome.auditor);
    }

    function _seedOf(JobId jobId, Round round, uint256 start) private view returns (uint128) {
        uint256 seedBlock = round.seedBlock();
        uint256 endsAt = round.lastSealEndsAt();
        if (block.timestamp < start || block.number <= seedBlock) revert PolicySealingNotOpen(jobId, seedBlock, start);
        bytes32 hash = blockhash(seedBlock);
        if (block.timestamp >= endsAt || hash == 0) revert PolicySealingOver(jobId, endsAt);
        return DrawLib.seed(hash, JobId.unwrap(jobId), AUDIT);
    }

    function _checkDrawn(
        JobId jobId,
        OptimisticJob calldata job,
        address node,
        address auditor,
        uint128 seed,
        uint256 step
    ) private view {
        (uint256 weight, uint256 total) = _weightsOf(job, node, auditor);
        uint256 seatsBps = job.rules.auditSeatsBps() << step;
        if (!DrawLib.isDrawn(seed, auditor, weight, total, seatsBps)) revert PolicyNotDrawn(jobId, auditor, step);
    }

    /// @dev What weighs for an auditor, of all that weigh beside the node that it checks.
    function _weightsOf(
        OptimisticJob calldata job,
        address node,
        address auditor
    ) private view returns (uint256 weight, uint256 total) {
        uint256 time = job.shape.requestedAt() - 1;
        (weight, total) = ROSTER.weightsAt(auditor, job.versionId, time);
        (uint256 satWeight, ) = ROSTER.weightsAt(node, job.versionId, time);
        total -= satWeight;
    }

    /// @dev What a node has done that has sealed, what it has stated, and who proved that false.
    /// @param endsAt When that can be disputed no more, unix seconds.
    function _hear(
        JobId jobId,
        RoundId roundId,
        uint256 endsAt,
        address node
    ) private view returns (Conduct conduct, bytes32 outputRoot, address[] memory challengers) {
        bytes32 entry = COMMITMENTS.entryOf(roundId, node);
        if (entry == 0) revert PolicyWrongAuditor(jobId, node);
        if (EntryLib.isSealed(entry)) return (Conduct.Silent, 0, challengers);
        outputRoot = COMMITMENTS.outputOf(roundId, node);
        StatementId statementId = HashLib.statementId(roundId, node, outputRoot);
        Verdict verdict = GAME.verdictOf(statementId, endsAt);
        if (verdict == Verdict.Open) revert PolicyStillDisputable(jobId, node);
        if (verdict == Verdict.False) {
            return (Conduct.False, outputRoot, GAME.finalSharersOf(statementId));
        }
        return (PayloadLib.isError(outputRoot) ? Conduct.Error : Conduct.Upheld, outputRoot, challengers);
    }

    /// @dev What the job's node has stated, or revealed, and when that can be disputed no more; of a final job, a time that is
    /// past. Reverts if this is not what it was.
    function _statedOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        OptimisticRecord record,
        address node,
        bytes32 outputRoot
    ) private view returns (StatementId statementId, uint256 endsAt) {
        RoundId roundId = _roundIdOf(consumer, jobId, job, record.attempt());
        statementId = HashLib.statementId(roundId, node, outputRoot);
        if (!record.state().isHeld()) {
            endsAt = record.disputableUntil(statementId);
        } else if (node == job.nodeOf(record)) {
            endsAt = COMMITMENTS.disputableUntil(roundId, node, outputRoot);
        }
        if (endsAt == 0) revert MarketNotStated(jobId, node, outputRoot);
    }

    function _roundIdOf(address consumer, JobId jobId, OptimisticJob calldata job) private view returns (RoundId) {
        return _roundIdOf(consumer, jobId, job, AUDITED_ATTEMPT);
    }

    function _roundIdOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        uint256 attempt
    ) private view returns (RoundId) {
        bytes32 id = JobId.unwrap(jobId);
        return HashLib.roundId(address(COMMITMENTS), consumer, id, attempt, job.versionId, job.inputRoot);
    }
}
