// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {MarketAccounts} from "./base/MarketAccounts.sol";
import {MarketJobs} from "./base/MarketJobs.sol";
import {MarketServing} from "./base/MarketServing.sol";
import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IOptimisticMarketplace} from "./interfaces/IOptimisticMarketplace.sol";
import {IOptimisticPolicy} from "./interfaces/IOptimisticPolicy.sol";
import {IStatementKeeper} from "./interfaces/IStatementKeeper.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {OptimisticJobLib} from "./libraries/OptimisticJobLib.sol";
import {OptimisticOrderLib} from "./libraries/OptimisticOrderLib.sol";
import {OptimisticRecordLib} from "./libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "./libraries/OptimisticRulesLib.sol";
import {OrderLib} from "./libraries/OrderLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {UnitLib} from "./libraries/UnitLib.sol";
import {Round, RoundId, StatementId} from "./types/CommitmentTypes.sol";
import {Verdict} from "./types/DisputeTypes.sol";
import {AccountAmount, JobId} from "./types/JobTypes.sol";
import {SignedOrder} from "./types/MandateTypes.sol";
import {PayloadBounds, Payment} from "./types/MarketTypes.sol";
import {VersionId} from "./types/ModelTypes.sol";
import {
    AuditOutcome,
    Conduct,
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState,
    Punishment
} from "./types/OptimisticTypes.sol";
import {PayloadError} from "./types/PayloadTypes.sol";
import {Slashing} from "./types/StakingTypes.sol";

/// @title Where one node answers, and anyone who recomputes it can prove it wrong
contract OptimisticMarketplace is MarketJobs, IOptimisticMarketplace {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticJob;
    using OptimisticJobLib for OptimisticRecord;
    using OptimisticJobLib for OptimisticRules;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;

    /// @inheritdoc IOptimisticMarketplace
    IOptimisticPolicy public immutable POLICY;
    IDisputeGame private immutable GAME;
    uint256 private immutable LEAST_WINDOW_PERIOD;

    mapping(JobId jobId => OptimisticRecord) private _jobs;

    /// @param authority The access manager.
    /// @param registry Where versions are found.
    /// @param policy Says what becomes of a job that may be audited; knows whose verdicts count, where stake is locked and
    /// slashed, and where statements are kept.
    /// @param bounds Most bytes of inputs and outputs, at most 24,576 and 8,192.
    /// @param numbers The governed numbers at first.
    /// @param marginPeriod Seconds to settle in after the last clock.
    /// @param mandates Who may use the balance of somebody else.
    /// @param treasury_ Where fees go at first.
    constructor(
        address authority,
        IModelRegistry registry,
        IOptimisticPolicy policy,
        PayloadBounds memory bounds,
        OptimisticNumbers memory numbers,
        uint256 marginPeriod,
        IMandates mandates,
        address treasury_
    )
        AccessManaged(authority)
        MarketAccounts(mandates)
        MarketServing(policy.GAME().STAKING())
        MarketJobs(registry, policy.GAME().COMMITMENTS(), bounds)
    {
        POLICY = policy;
        GAME = policy.GAME();
        LEAST_WINDOW_PERIOD = GAME.LEAST_WINDOW_PERIOD();
        _setTreasury(treasury_);
        _setRules(OptimisticRulesLib.pack(numbers), marginPeriod);
    }

    /// @inheritdoc IOptimisticMarketplace
    function serve(address node, VersionId versionId, uint256 maxLock, uint256 endsAt) external {
        if (!GAME.isAdmitted(versionId)) revert MarketVersionNotAdmitted(versionId);
        _serve(node, versionId, 0, maxLock, endsAt);
    }

    /// @inheritdoc IOptimisticMarketplace
    function request(OptimisticJob calldata order, bytes calldata input) external returns (JobId jobId) {
        uint256 escrow;
        (jobId, escrow) = _request(order, input);
        _checkSpender(order.requester.account(), escrow);
    }

    /// @inheritdoc IOptimisticMarketplace
    function requestWithAuthorization(
        OptimisticJob calldata order,
        bytes calldata input,
        Payment calldata payment
    ) external nonReentrant returns (JobId jobId) {
        address requester = order.requester.account();
        _receive(requester, requester, HashLib.optimisticOrderSubject(order, input), payment);
        (jobId, ) = _request(order, input);
    }

    /// @inheritdoc IOptimisticMarketplace
    function requestFor(
        OptimisticJob calldata order,
        bytes calldata input,
        SignedOrder calldata signed,
        uint256 repay
    ) external returns (JobId jobId) {
        uint256 escrow;
        (jobId, escrow) = _request(order, input);
        _useOrder(order.requester.account(), HashLib.optimisticOrderSubject(order, input), escrow, repay, signed);
    }

    /// @inheritdoc IOptimisticMarketplace
    function cancel(OptimisticJob calldata job) external {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        address requester = job.requester.account();
        _checkRequester(requester);
        // What waits for a second node came out of the first one's stake.
        _checkPhase(id, record, record.state() == OptimisticState.Open && record.attempt() == 0);
        uint256 refund = job.escrow();
        _credit(requester, refund);
        _close(id, record, OptimisticState.Cancelled, address(0), refund);
    }

    /// @inheritdoc IOptimisticMarketplace
    function reserve(OptimisticJob calldata job, address node) external {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        _checkPhase(id, record, record.state() == OptimisticState.Open);
        _checkInTime(job, id, record);
        if (record.attempt() > 0 && record.node() == node) revert MarketNodeHasFailed(id, node);
        _checkSeatable(node, msg.sender, block.timestamp);
        uint256 price = job.priceOf(record);
        _takeSeat(job.versionId, node, job.rules.collateral(job.shape, record, price), job.rules.horizonPeriod());

        _jobs[id] = record.entered(OptimisticState.Reserved).held(node, price);
        emit JobReserved(id, node, price, block.timestamp + job.shape.answerPeriod());
    }

    /// @inheritdoc IOptimisticMarketplace
    function answer(OptimisticJob calldata job, address node, bytes32 outputRoot) external {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        if (job.shape.isAudited(record)) revert MarketAudited(id);
        if (outputRoot == 0) revert MarketZeroOutput(id);
        _checkAnswering(job, id, record, node);

        uint256 endsAt = block.timestamp + job.shape.windowPeriod();
        RoundId roundId = _roundIdOf(job, id, record);
        _jobs[id] = record.stated(HashLib.statementId(roundId, node, outputRoot), job.priceOf(record), endsAt);
        emit JobAnswered(id, roundId, node, record.attempt(), outputRoot, endsAt);
    }

    /// @inheritdoc IOptimisticMarketplace
    function seal(OptimisticJob calldata job, address node, bytes32 commitment) external {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _loadAudited(job);
        _checkAnswering(job, id, record, node);
        _seal(job, id, node, commitment, POLICY.openingOf(job));
    }

    /// @inheritdoc IOptimisticMarketplace
    function sealAudit(OptimisticJob calldata job, address node, bytes32 commitment) external {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _loadAudited(job);
        Round round = POLICY.drawOf(address(this), id, job, _holderOf(job, id, record), node);
        _checkSeatable(node, msg.sender, block.timestamp);
        uint256 collateral = job.auditCollateral(job.priceOf(record));
        _takeSeat(job.versionId, node, collateral, job.rules.horizonPeriod());
        _seal(job, id, node, commitment, round);
    }

    /// @inheritdoc IOptimisticMarketplace
    function settle(OptimisticJob calldata job, address node, bytes32 outputRoot) external nonReentrant {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        _checkPhase(id, record, record.state() == OptimisticState.Stated);
        StatementId statementId = HashLib.statementId(_roundIdOf(job, id, record), node, outputRoot);
        uint256 endsAt = record.disputableUntil(statementId);
        if (endsAt == 0) revert IOptimisticPolicy.MarketNotStated(id, node, outputRoot);
        Verdict verdict = GAME.verdictOf(statementId, endsAt);
        if (verdict == Verdict.Open) revert MarketStillDisputable(id);
        if (verdict == Verdict.False) {
            address[] memory challengers = GAME.finalSharersOf(statementId);
            _punishNode(job, id, record, node, OptimisticState.Falsified, challengers, 0);
        } else {
            _accept(job, id, record, node, outputRoot, 0);
        }
    }

    /// @inheritdoc IOptimisticMarketplace
    function settleAudited(OptimisticJob calldata job, address auditor) external nonReentrant {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _loadAudited(job);
        address node = _holderOf(job, id, record);
        record = record.held(node, job.priceOf(record));
        AuditOutcome memory outcome = POLICY.outcomeOf(address(this), id, job, node, auditor);
        uint256 spent = auditor == address(0) ? 0 : _settleAuditor(job, id, record, auditor, outcome);
        OptimisticState end = outcome.state;
        if (end.hasResult()) {
            // The policy has it from the round, which is over.
            StatementId statementId = HashLib.statementId(_roundIdOf(job, id, record), node, outcome.outputRoot);
            record = record.stated(statementId, record.price(), block.timestamp);
            _accept(job, id, record, node, outcome.outputRoot, spent);
        } else if (end == OptimisticState.Undecided) {
            _punishUseless(job, id, record, node);
        } else {
            _punishNode(job, id, record, node, end, outcome.challengers, spent);
        }
    }

    /// @inheritdoc IOptimisticMarketplace
    function expire(OptimisticJob calldata job) external nonReentrant {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        _checkPhase(id, record, record.state().isUnanswered());
        uint256 deadline = job.deadline(record);
        if (block.timestamp < deadline || _isSealed(job, id, record)) revert MarketNotExpired(id, deadline);

        uint256 prize = record.state() == OptimisticState.Reserved ? _punishSilence(job, id, record) : 0;
        _fail(job, id, record, job.nodeOf(record), OptimisticState.Unanswered, prize, 0);
    }

    /// @inheritdoc IOptimisticMarketplace
    function deliver(
        OptimisticJob calldata job,
        address node,
        PayloadError fault,
        bytes calldata payload
    ) external nonReentrant returns (bool success) {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        if (job.callback.account() == address(0) || record.delivered()) revert MarketNothingToDeliver(id);
        _checkOutputSize(id, payload);
        bytes memory data = POLICY.deliveryOf(address(this), id, job, record, node, fault, payload);

        _jobs[id] = record.withDelivered();
        success = _handOver(id, job.callback, job.shape.callbackGas(), data, !record.tipGone());
        if (!success) _jobs[id] = record;
    }

    /// @inheritdoc IOptimisticMarketplace
    function reclaimTip(OptimisticJob calldata job) external {
        JobId id;
        OptimisticRecord record;
        (job, id, record) = _load(job);
        bool kept = record.state().hasResult() && !record.tipGone();
        _jobs[id] = record.withTipGone();
        _returnTip(id, job.requester.account(), job.callback.amount(), kept, record.since());
    }

    /// @inheritdoc IOptimisticMarketplace
    function setRules(OptimisticRules rules, uint256 marginPeriod) external restricted {
        _setRules(rules, marginPeriod);
    }

    /// @inheritdoc IOptimisticMarketplace
    function jobOf(JobId jobId) external view returns (OptimisticRecord) {
        return _jobs[jobId];
    }

    /// @inheritdoc IStatementKeeper
    function disputableUntil(bytes32 jobId, StatementId statementId) external view returns (uint256) {
        return _jobs[JobId.wrap(jobId)].disputableUntil(statementId);
    }

    /// @inheritdoc IOptimisticMarketplace
    function governed() external view returns (OptimisticRules rules, address treasury) {
        return (OptimisticRules.wrap(_keptRules()), _treasury);
    }

    function _request(OptimisticJob memory job, bytes calldata input) private returns (JobId id, uint256 escrow) {
        OrderLib.checkInput(input, MOST_INPUT_BYTES);
        address requester = job.requester.account();
        _fillIn(job, requester);
        escrow = job.escrow();
        _debit(requester, escrow);

        id = HashLib.optimisticJobIdOfMemory(job);
        if (!_jobs[id].isUnknown()) revert MarketJobExists(id);
        bool open = job.node.account() == address(0);
        _jobs[id] = OptimisticRecordLib.begun(open ? OptimisticState.Open : OptimisticState.Named);
        emit JobOffered(id, requester, job.versionId, job, input);
    }

    /// @dev Turns an order into the job that it becomes here and now.
    function _fillIn(OptimisticJob memory job, address requester) private {
        job.rules = OptimisticRules.wrap(_openRules());
        job.shape = job.shape.stamped();
        OptimisticOrderLib.check(job, LEAST_WINDOW_PERIOD);
        (uint256 asked, address payee, bool refereed) = REGISTRY.quote(job.versionId, requester);
        if (!refereed) revert MarketVersionNotRefereed(job.versionId);
        uint256 price = job.requester.amount();
        uint256 royalty = OrderLib.cappedRoyalty(asked, price, job.rules.royaltyCapBps(), job.royalty.amount());
        job.royalty = JobLib.pair(payee, royalty);
    }

    /// @dev Gives the job back, too: if the compiler knew where in the calldata it is, it would write the functions that take it
    /// a second time for that place.
    function _load(
        OptimisticJob calldata given
    ) private view returns (OptimisticJob calldata job, JobId id, OptimisticRecord record) {
        job = given;
        id = HashLib.optimisticJobId(job);
        record = _jobs[id];
        if (record.isUnknown()) revert MarketUnknownJob(id);
    }

    /// @dev A job whose running attempt may be audited.
    function _loadAudited(
        OptimisticJob calldata given
    ) private view returns (OptimisticJob calldata job, JobId id, OptimisticRecord record) {
        (job, id, record) = _load(given);
        if (!job.shape.isAudited(record)) revert MarketNotAudited(id);
    }

    /// @dev Reverts unless the caller may answer for the node now. A named node lets collateral answer for it here.
    function _checkAnswering(OptimisticJob calldata job, JobId id, OptimisticRecord record, address node) private {
        address expected = _holderOf(job, id, record);
        if (node != expected) revert MarketNotForNode(id, node, expected);
        _checkInTime(job, id, record);
        if (record.state() == OptimisticState.Named) {
            _checkSeatable(node, msg.sender, block.timestamp);
            _takeSeat(
                job.versionId,
                node,
                job.rules.collateral(job.shape, record, job.priceOf(record)),
                job.rules.horizonPeriod()
            );
        } else {
            _checkSigner(node, msg.sender, block.timestamp);
        }
    }

    function _seal(OptimisticJob calldata job, JobId id, address node, bytes32 commitment, Round round) private {
        COMMITMENTS.seal(JobId.unwrap(id), 0, job.versionId, job.inputRoot, node, commitment, round);
    }

    function _roundIdOf(OptimisticJob calldata job, JobId id, OptimisticRecord record) private view returns (RoundId) {
        return _roundIdOf(id, record.attempt(), job.versionId, job.inputRoot);
    }

    function _isSealed(OptimisticJob calldata job, JobId id, OptimisticRecord record) private view returns (bool) {
        if (!job.shape.isAudited(record)) return false;
        RoundId roundId = _roundIdOf(job, id, record);
        return COMMITMENTS.entryOf(roundId, job.nodeOf(record)) != 0;
    }

    /// @dev Who may answer, or has sealed what is not settled yet.
    function _holderOf(OptimisticJob calldata job, JobId id, OptimisticRecord record) private pure returns (address) {
        _checkPhase(id, record, record.state().isHeld());
        return job.nodeOf(record);
    }

    /// @dev Reverted in one place: the check stands in several functions.
    function _checkPhase(JobId id, OptimisticRecord record, bool isRight) private pure {
        if (!isRight) revert IOptimisticPolicy.MarketWrongPhase(id, record.state());
    }

    function _checkInTime(OptimisticJob calldata job, JobId id, OptimisticRecord record) private view {
        uint256 deadline = job.deadline(record);
        if (block.timestamp >= deadline) revert MarketTooLate(id, deadline);
    }

    /// @dev What was stated stands: the node, the model's owner and the treasury are paid. A second node's prize is its own. An
    /// error that one node states alone earns nothing, and costs nothing.
    /// @param spent OPG of the escrow that an audit has cost.
    function _accept(
        OptimisticJob calldata job,
        JobId id,
        OptimisticRecord record,
        address node,
        bytes32 outputRoot,
        uint256 spent
    ) private {
        OptimisticState end = PayloadLib.isError(outputRoot) ? OptimisticState.Refused : OptimisticState.Answered;
        uint256 pay = end == OptimisticState.Answered ? record.price() : 0;
        _vacateSeat(job.versionId, node, job.rules.collateral(job.shape, record, record.price()), pay);
        _jobs[id] = record.entered(end);

        uint256 refund;
        uint256 fee;
        uint256 royalty;
        if (record.attempt() == 0) (refund, fee, royalty) = _divideEscrow(job, pay, spent);
        else if (pay == 0) _burn(record.price());
        emit JobClosed(id, end, node, outputRoot, refund, fee, royalty, pay);
    }

    /// @dev Pays the model's owner and the treasury if the node is paid, and gives the requester the rest.
    function _divideEscrow(
        OptimisticJob calldata job,
        uint256 pay,
        uint256 spent
    ) private returns (uint256 refund, uint256 fee, uint256 royalty) {
        fee = job.rules.fee(pay);
        if (pay > 0) royalty = job.royalty.amount();
        // All parts of it. A tip that is gone was paid out of the same escrow.
        unchecked {
            refund = job.escrow() - pay - fee - royalty - job.callback.amount() - spent;
        }
        if (royalty > 0) _credit(job.royalty.account(), royalty);
        _refund(job.requester.account(), refund, fee);
    }

    /// @dev Takes the penalty of a node that has reserved and not answered.
    /// @return prize What of it waits for a second node, OPG that came in.
    function _punishSilence(
        OptimisticJob calldata job,
        JobId id,
        OptimisticRecord record
    ) private returns (uint256 prize) {
        address node = record.node();
        uint256 price = record.price();
        _vacateSeat(job.versionId, node, job.rules.collateral(job.shape, record, price), 0);
        uint256 wanted = record.attempt() == 0 ? job.rules.prizeAfterSilence(price) : 0;
        prize = _slash(id, job.versionId, node, job.rules.latePenalty(price), 0, wanted).rewarded;
    }

    /// @dev Ends an auditor's seat.
    /// @return spent OPG of the escrow that it costs.
    function _settleAuditor(
        OptimisticJob calldata job,
        JobId id,
        OptimisticRecord record,
        address auditor,
        AuditOutcome memory outcome
    ) private returns (uint256 spent) {
        uint256 price = record.price();
        uint256 collateral = job.auditCollateral(price);
        if (outcome.auditor == Conduct.False) {
            Punishment memory punishment = Punishment(collateral, price, 0, outcome.auditChallengers);
            _punish(job, id, auditor, punishment);
        } else if (outcome.auditor == Conduct.Silent || outcome.state == OptimisticState.Undecided) {
            _penalise(job, id, auditor, collateral, price);
        } else {
            uint256 pay = outcome.auditPaid ? price : 0;
            uint256 fee = job.rules.fee(pay);
            _vacateSeat(job.versionId, auditor, collateral, pay);
            _refund(job.requester.account(), 0, fee);
            emit AuditClosed(id, auditor, pay, fee);
            spent = pay + fee;
        }
    }

    /// @dev The job's node has sealed, and what came of it helps nobody.
    function _punishUseless(OptimisticJob calldata job, JobId id, OptimisticRecord record, address node) private {
        uint256 price = record.price();
        _penalise(job, id, node, job.rules.collateral(job.shape, record, price), price);
        _fail(job, id, record, node, OptimisticState.Undecided, 0, 0);
    }

    /// @dev The job's node has lied, or has sealed and not revealed.
    /// @param spent OPG that the requester has paid to an auditor, for which the node answers, too.
    function _punishNode(
        OptimisticJob calldata job,
        JobId id,
        OptimisticRecord record,
        address node,
        OptimisticState end,
        address[] memory challengers,
        uint256 spent
    ) private {
        uint256 price = record.price();
        Punishment memory punishment;
        punishment.collateral = job.rules.collateral(job.shape, record, price);
        // OPG, below 2^96 each.
        unchecked {
            punishment.harm = job.shape.gainOf(price) + spent;
        }
        punishment.prize = record.prizeAfterLie(price);
        punishment.challengers = challengers;
        uint256 prize = _punish(job, id, node, punishment);
        _fail(job, id, record, node, end, prize, spent);
    }

    /// @dev Takes the whole collateral of a node, pays those whom it harmed and those who proved it, and burns the rest.
    /// How much of it is own stake shows only now, so this asks for as much as all of it would pay out.
    /// @return prize What of it waits for a second node, at most what was to; OPG that came in.
    function _punish(
        OptimisticJob calldata job,
        JobId id,
        address node,
        Punishment memory self
    ) private returns (uint256 prize) {
        _vacateSeat(job.versionId, node, self.collateral, 0);
        Slashing memory slashing = _slash(id, job.versionId, node, self.collateral, 0, self.collateral);
        uint256 compensation;
        uint256 share;
        (compensation, prize, share) = job.rules.divide(self.harm, self.prize, slashing);
        share = self.challengers.length == 0 ? 0 : _reward(self.challengers, share);
        _credit(job.requester.account(), compensation);
        emit LiePaid(id, node, compensation, self.challengers, share);
        // What is left of the parts that `divide` made.
        unchecked {
            _burn(slashing.rewarded - compensation - prize - share * self.challengers.length);
        }
    }

    /// @dev Takes the part of a collateral that a seat costs which was of no use; the requester gets a price of it at most.
    function _penalise(OptimisticJob calldata job, JobId id, address node, uint256 collateral, uint256 price) private {
        _vacateSeat(job.versionId, node, collateral, 0);
        uint256 compensation = _slash(id, job.versionId, node, job.rules.absence(collateral), 0, price).rewarded;
        _credit(job.requester.account(), compensation);
        emit AbsencePaid(id, node, compensation);
    }

    /// @dev Ends an attempt without a result. After the first one the requester's money is free, and if `prize` (OPG that
    /// came in) is worth a record the job opens for a second node; what nobody can earn any more is burned.
    /// @param spent OPG of the escrow that an audit has cost.
    function _fail(
        OptimisticJob calldata job,
        JobId id,
        OptimisticRecord record,
        address node,
        OptimisticState end,
        uint256 prize,
        uint256 spent
    ) private {
        if (record.attempt() > 0) {
            _close(id, record, end, node, 0);
            return _burn(record.price());
        }
        uint256 refund;
        // Both are parts of the escrow, and not the same ones.
        unchecked {
            refund = job.escrow() - spent;
            if (record.tipGone()) refund -= job.callback.amount();
        }
        _credit(job.requester.account(), refund);
        uint256 kept = UnitLib.inUnits(prize);
        if (kept == 0) {
            _close(id, record, end, node, refund);
        } else {
            _jobs[id] = record.reopened(node, kept);
            emit JobReopened(id, node, kept, refund);
        }
        // Rounded down.
        unchecked {
            _burn(prize - kept);
        }
    }

    function _close(JobId id, OptimisticRecord record, OptimisticState end, address node, uint256 refund) private {
        _jobs[id] = record.entered(end);
        emit JobClosed(id, end, node, 0, refund, 0, 0, 0);
    }

    function _setRules(OptimisticRules rules, uint256 marginPeriod) private {
        OptimisticRules completed = POLICY.complete(rules, marginPeriod);
        emit OptimisticRulesSet(completed, marginPeriod);
        _keepRules(OptimisticRules.unwrap(completed));
    }
}
