// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MarketAccounts} from "./base/MarketAccounts.sol";
import {MarketJobs} from "./base/MarketJobs.sol";
import {MarketServing} from "./base/MarketServing.sol";
import {MarketWeights} from "./base/MarketWeights.sol";
import {IInferenceCallback} from "./interfaces/IInferenceCallback.sol";
import {IInferenceMarketplace} from "./interfaces/IInferenceMarketplace.sol";
import {IJobPolicy} from "./interfaces/IJobPolicy.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IRefereedPolicy} from "./interfaces/IRefereedPolicy.sol";
import {IReplicationPolicy} from "./interfaces/IReplicationPolicy.sol";
import {DrawLib} from "./libraries/DrawLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {JobRecordLib} from "./libraries/JobRecordLib.sol";
import {LieLib} from "./libraries/LieLib.sol";
import {OrderLib} from "./libraries/OrderLib.sol";
import {RoundLib} from "./libraries/RoundLib.sol";
import {RulesLib} from "./libraries/RulesLib.sol";
import {SeatOutcomeLib} from "./libraries/SeatOutcomeLib.sol";
import {SeedLib} from "./libraries/SeedLib.sol";
import {ServingLib} from "./libraries/ServingLib.sol";
import {Round, RoundId, SignedSeal} from "./types/CommitmentTypes.sol";
import {
    AccountAmount,
    Job,
    JobId,
    JobRecord,
    JobRules,
    JobShape,
    JobState,
    Rules,
    SeatOutcome,
    Settlement
} from "./types/JobTypes.sol";
import {SignedOrder} from "./types/MandateTypes.sol";
import {Payment, PayloadBounds, SeatBook, Serving} from "./types/MarketTypes.sol";
import {VersionId} from "./types/ModelTypes.sol";
import {PayloadError} from "./types/PayloadTypes.sol";
import {Slashing} from "./types/StakingTypes.sol";

/// @title Where inferences are ordered, drawn, settled and delivered
contract InferenceMarketplace is MarketWeights, IInferenceMarketplace {
    using JobLib for AccountAmount;
    using JobLib for Job;
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using LieLib for Slashing;
    using RoundLib for Round;
    using RulesLib for JobRules;
    using SeatOutcomeLib for SeatOutcome;
    using ServingLib for SeatBook;

    /// @dev Of what own stake has left of a lie; the rest burns, so that challenging oneself loses at least half.
    uint256 private constant CHALLENGER_SHARE_BPS = 5_000;

    IReplicationPolicy public immutable POLICY;
    IRefereedPolicy public immutable REFEREED_POLICY;
    /// @dev Seconds from a request to the start of sealing: the seed's block and one more.
    uint48 public immutable SEED_DELAY_PERIOD;
    uint256 private immutable LEAST_SEAL_PERIOD;
    uint256 private immutable SEED_PERIOD;
    uint256 private immutable THAW_PERIOD;

    mapping(JobId jobId => JobRecord) private _jobs;
    /// @dev Weight that sat in earlier draws of a job, kept only for jobs with an audit or appeal.
    mapping(JobId jobId => uint256) private _satWeights;

    /// @param authority The access manager.
    /// @param registry Where versions are found.
    /// @param policy Says what becomes of a job; knows where rounds are kept.
    /// @param refereedPolicy Says it where a referee can judge; knows where stake is locked and slashed.
    /// @param seedDelayPeriod Seconds from a request to the start of sealing, 1 to an hour.
    /// @param bounds Most bytes of inputs and outputs, at most 24,576 and 8,192.
    /// @param rules The governed numbers at first.
    /// @param marginPeriod Seconds to settle in after the last clock.
    /// @param mandates Who may use the balance of somebody else.
    /// @param treasury_ Where fees go at first.
    constructor(
        address authority,
        IModelRegistry registry,
        IReplicationPolicy policy,
        IRefereedPolicy refereedPolicy,
        uint48 seedDelayPeriod,
        PayloadBounds memory bounds,
        Rules memory rules,
        uint256 marginPeriod,
        IMandates mandates,
        address treasury_
    )
        AccessManaged(authority)
        MarketAccounts(mandates)
        MarketServing(refereedPolicy.GAME().STAKING())
        MarketJobs(registry, policy.COMMITMENTS(), bounds)
    {
        OrderLib.within("seedDelayPeriod", seedDelayPeriod, 1, 1 hours);
        POLICY = policy;
        REFEREED_POLICY = refereedPolicy;
        SEED_DELAY_PERIOD = seedDelayPeriod;
        LEAST_SEAL_PERIOD = policy.LEAST_SEAL_PERIOD();
        SEED_PERIOD = policy.SEED_PERIOD();
        THAW_PERIOD = STAKING.THAW_PERIOD();
        _setTreasury(treasury_);
        _setRules(RulesLib.pack(rules), marginPeriod);
    }

    /// @inheritdoc IInferenceMarketplace
    function request(Job calldata order, bytes calldata input) external returns (JobId jobId) {
        uint256 escrow;
        (jobId, escrow) = _request(order, input);
        _checkSpender(order.requester.account(), escrow);
    }

    /// @inheritdoc IInferenceMarketplace
    function requestWithAuthorization(
        Job calldata order,
        bytes calldata input,
        Payment calldata payment
    ) external nonReentrant returns (JobId jobId) {
        address requester = order.requester.account();
        _receive(requester, requester, HashLib.orderSubject(order, input), payment);
        (jobId, ) = _request(order, input);
    }

    /// @inheritdoc IInferenceMarketplace
    function requestFor(
        Job calldata order,
        bytes calldata input,
        SignedOrder calldata signed,
        uint256 repay
    ) external returns (JobId jobId) {
        uint256 escrow;
        (jobId, escrow) = _request(order, input);
        _useOrder(order.requester.account(), HashLib.orderSubject(order, input), escrow, repay, signed);
    }

    /// @inheritdoc IInferenceMarketplace
    function cancel(Job calldata job) external {
        (JobId id, JobRecord record) = _load(job);
        address requester = job.requester.account();
        _checkRequester(requester);
        if (record.state() != JobState.Open) _refuseState(id, record);
        // By the request's block: the record's seed block can be a later draw's, fixed when outputs are known already.
        uint256 lastBlock;
        // Blocks below 2^48.
        unchecked {
            lastBlock = job.shape.requestBlock() + SeedLib.DELAY;
        }
        if (block.number > lastBlock) revert MarketTooLateToCancel(id, lastBlock);

        _jobs[id] = JobRecordLib.settled(JobState.Cancelled, 0);
        uint256 escrow = JobLib.escrow(job.requester, job.callback, job.royalty.amount(), job.shape, job.rules);
        _credit(requester, escrow);
        emit JobSettled(id, JobState.Cancelled, 0, escrow, 0, 0, 0, 0);
    }

    /// @inheritdoc IInferenceMarketplace
    function commit(Job calldata job, address node, bytes32 commitment) external {
        (JobId id, JobRecord record, Round draw, uint256 step) = _loadDraw(job);
        _sit(id, record, job, draw, step, node, msg.sender);
        COMMITMENTS.seal(JobId.unwrap(id), record.attempt(), job.versionId, job.inputRoot, node, commitment, draw);
    }

    /// @inheritdoc IInferenceMarketplace
    function commitSigned(Job calldata job, SignedSeal[] calldata seals) external {
        (JobId id, JobRecord record, Round draw, uint256 step) = _loadDraw(job);
        address[] memory authors = COMMITMENTS.sealMany(
            JobId.unwrap(id),
            record.attempt(),
            job.versionId,
            job.inputRoot,
            seals,
            draw
        );
        for (uint256 i; i < seals.length; ++i) _sit(id, record, job, draw, step, seals[i].node, authors[i]);
    }

    /// @inheritdoc IInferenceMarketplace
    function advance(Job calldata job, address[] calldata seats) external {
        (JobId id, JobRecord record) = _loadOpen(job);
        if (record.seed() == 0) {
            _recordSeed(job, id, record);
            return;
        }
        JobRecord next = POLICY.advanced(address(this), id, job, record, seats);
        _jobs[id] = next;
        if (next.state() == record.state()) {
            emit SeedBlockFixed(id, next.seedBlock());
        } else {
            uint256 satWeight = _sumWeights(job, seats);
            _satWeights[id] = satWeight;
            emit DrawStarted(id, next.state(), next.seed(), satWeight);
        }
    }

    /// @inheritdoc IInferenceMarketplace
    function revealAndSettle(
        Job calldata job,
        address node,
        bytes32 outputRoot,
        bytes32 salt,
        address[] calldata seats
    ) external nonReentrant {
        (JobId id, JobRecord record) = _loadOpen(job);
        COMMITMENTS.reveal(_roundIdOf(job, id, record.attempt()), node, outputRoot, salt);
        _finish(job, id, record, seats);
    }

    /// @inheritdoc IInferenceMarketplace
    function settle(Job calldata job, address[] calldata seats) external {
        _end(job, seats, false);
    }

    /// @inheritdoc IInferenceMarketplace
    function expire(Job calldata job, address[] calldata seats) external {
        _end(job, seats, true);
    }

    /// @inheritdoc IInferenceMarketplace
    function deliver(
        Job calldata job,
        PayloadError fault,
        bytes calldata payload
    ) external nonReentrant returns (bool success) {
        (JobId id, JobRecord record) = _load(job);
        if (!record.state().hasResult()) _refuseState(id, record);
        if (job.callback.account() == address(0) || record.delivered()) revert MarketNothingToDeliver(id);
        _checkOutput(id, record, fault, payload);

        _jobs[id] = record.withDelivered();
        bytes memory data = abi.encodeCall(IInferenceCallback.onInference, (id, job.versionId, fault, payload));
        success = _handOver(id, job.callback, job.shape.callbackGas(), data, !record.tipReclaimed());
        if (!success) _jobs[id] = record;
    }

    /// @inheritdoc IInferenceMarketplace
    function reclaimTip(Job calldata job) external {
        (JobId id, JobRecord record) = _load(job);
        bool kept = record.state().hasResult() && !record.delivered() && !record.tipReclaimed();
        _jobs[id] = record.withTipReclaimed();
        _returnTip(id, job.requester.account(), job.callback.amount(), kept, record.startedAt());
    }

    /// @inheritdoc IInferenceMarketplace
    function setRules(JobRules rules, uint256 marginPeriod) external restricted {
        _setRules(rules, marginPeriod);
    }

    /// @inheritdoc IInferenceMarketplace
    function jobOf(JobId jobId) external view returns (JobRecord record, uint256 satWeight) {
        return (_jobs[jobId], _satWeights[jobId]);
    }

    /// @inheritdoc IInferenceMarketplace
    function governed() external view returns (JobRules rules, address treasury) {
        return (JobRules.wrap(_keptRules()), _treasury);
    }

    function _request(Job memory job, bytes calldata input) private returns (JobId id, uint256 escrow) {
        OrderLib.checkInput(input, MOST_INPUT_BYTES);
        address requester = job.requester.account();
        escrow = _fillIn(job, requester);
        _debit(requester, escrow);

        id = HashLib.jobIdOfMemory(job);
        if (!_jobs[id].isUnknown()) revert MarketJobExists(id);
        // Blocks and times below 2^48.
        unchecked {
            _jobs[id] = JobRecordLib.open(block.number + SeedLib.DELAY, block.timestamp + SEED_DELAY_PERIOD);
        }
        emit JobRequested(id, requester, job.versionId, job, input);
    }

    /// @dev Turns an order into the job that it becomes here and now, and gives its escrow.
    function _fillIn(Job memory job, address requester) private returns (uint256 escrow) {
        job.rules = JobRules.wrap(_openRules());
        job.shape = job.shape.stamped();
        OrderLib.check(job, LEAST_SEAL_PERIOD);
        (uint256 asked, address payee, bool refereed) = REGISTRY.quote(job.versionId, requester);
        if (refereed) REFEREED_POLICY.checkOrder(job.versionId, job.requester, job.shape);
        else OrderLib.checkUnrefereed(job);
        uint256 earned = job.requester.amount() * job.shape.quorum();
        uint256 royalty = OrderLib.cappedRoyalty(asked, earned, job.rules.royaltyCapBps(), job.royalty.amount());
        job.royalty = JobLib.pair(payee, royalty);
        escrow = JobLib.escrow(job.requester, job.callback, royalty, job.shape, job.rules);
        OrderLib.within("escrow", escrow, 0, job.rules.drawnValueCap());
    }

    function _load(Job calldata job) private view returns (JobId id, JobRecord record) {
        id = HashLib.jobId(job);
        record = _jobs[id];
        if (record.isUnknown()) revert MarketUnknownJob(id);
    }

    function _loadOpen(Job calldata job) private view returns (JobId id, JobRecord record) {
        (id, record) = _load(job);
        if (record.isFinal()) _refuseState(id, record);
    }

    /// @dev Refused in several places: in one function, the error's code is there once.
    function _refuseState(JobId id, JobRecord record) private pure {
        revert MarketWrongState(id, record.state());
    }

    function _refuseEarly(JobId id, JobRecord record) private pure {
        revert MarketSealingNotOpen(id, record.seedBlock(), record.startedAt());
    }

    function _recordSeed(Job calldata job, JobId id, JobRecord record) private returns (JobRecord seeded) {
        uint128 seed = _firstSeed(job, id, record);
        seeded = record.withSeed(seed);
        _jobs[id] = seeded;
        emit SeedRecorded(id, seed);
    }

    function _firstSeed(Job calldata job, JobId id, JobRecord record) private view returns (uint128) {
        (SeedLib.Seeding seeding, bytes32 hash) = SeedLib.first(record, job.shape.requestedAt(), SEED_PERIOD);
        if (seeding == SeedLib.Seeding.Missed) revert MarketSeedMissed(id, record.seedBlock());
        if (seeding != SeedLib.Seeding.Known) _refuseEarly(id, record);
        return DrawLib.seed(hash, JobId.unwrap(id), uint256(JobState.Open));
    }

    /// @dev A job in which nodes seal now, after its seed is recorded.
    function _loadDraw(Job calldata job) private returns (JobId id, JobRecord record, Round draw, uint256 step) {
        (id, record) = _loadOpen(job);
        if (record.seed() == 0) record = _recordSeed(job, id, record);
        (draw, step) = _drawOf(job, id, record);
    }

    /// @param author Who seals in the node's name.
    function _sit(
        JobId id,
        JobRecord record,
        Job calldata job,
        Round draw,
        uint256 step,
        address node,
        address author
    ) private {
        _checkDrawn(job, id, record, draw, node, step, author);
        _checkFresh(job, id, record.attempt(), node);
        _takeSeat(job.versionId, node, job.collateral(), job.rules.horizonPeriod());
    }

    /// @dev The running draw in its running step, and which step that is.
    function _drawOf(Job calldata job, JobId id, JobRecord record) private view returns (Round draw, uint256 step) {
        draw = job.drawOf(record);
        uint256 start = record.startedAt();
        uint256 lastEnd = draw.lastSealEndsAt();
        if (block.timestamp < start) _refuseEarly(id, record);
        if (block.timestamp >= lastEnd) revert MarketSealingOver(id, lastEnd);
        // The times are in order and fit 48 bits; a period is at least a second.
        unchecked {
            uint256 period = draw.sealEndsAt() - start;
            step = (block.timestamp - start) / period;
            draw = draw.endingAt(start + (step + 1) * period);
        }
    }

    function _checkDrawn(
        Job calldata job,
        JobId id,
        JobRecord record,
        Round draw,
        address node,
        uint256 step,
        address author
    ) private view {
        uint256 time = job.weighedAt();
        uint256 stake = _checkSeatable(node, author, time);
        (uint256 weight, uint256 total) = _weightsAt(node, job.versionId, time, stake);
        if (record.state() != JobState.Open) total -= _satWeights[id];
        uint256 seatsBps;
        // At most 255 seats, a factor below 2^16, and six steps.
        unchecked {
            seatsBps = (draw.least() * job.rules.seatFactorBps()) << step;
        }
        if (!DrawLib.isDrawn(record.seed(), node, weight, total, seatsBps)) revert MarketNotDrawn(id, node, step);
    }

    /// @dev Weight of all who sat so far, which leaves the next draw.
    function _sumWeights(Job calldata job, address[] calldata seats) private view returns (uint256 sum) {
        uint256 time = job.weighedAt();
        // Each is at most the stake of a node, and those that sat are different nodes.
        unchecked {
            for (uint256 i; i < seats.length; ++i) {
                (uint256 weight, ) = weightsAt(seats[i], job.versionId, time);
                sum += weight;
            }
        }
    }

    function _checkFresh(Job calldata job, JobId id, uint256 attempt, address node) private view {
        for (uint256 earlier; earlier < attempt; ++earlier) {
            if (COMMITMENTS.entryOf(_roundIdOf(job, id, earlier), node) != 0) revert MarketNotFresh(id, node);
        }
    }

    function _roundIdOf(Job calldata job, JobId id, uint256 attempt) private view returns (RoundId) {
        return _roundIdOf(id, attempt, job.versionId, job.inputRoot);
    }

    /// @param unanswered Whether it has to end for want of answers, or must not.
    function _end(Job calldata job, address[] calldata seats, bool unanswered) private nonReentrant {
        (JobId id, JobRecord record) = _loadOpen(job);
        JobState state = _finish(job, id, record, seats);
        if ((state == JobState.Unanswered) != unanswered) revert IJobPolicy.MarketNotDue(id, record.state(), state);
    }

    /// @dev Ends a job: every seat is let go, and what came in is paid, refunded or burned to the last unit.
    function _finish(
        Job calldata job,
        JobId id,
        JobRecord record,
        address[] calldata seats
    ) private returns (JobState) {
        IJobPolicy policy = job.shape.windowPeriod() == 0 ? IJobPolicy(POLICY) : REFEREED_POLICY;
        Settlement memory self = policy.settlementOf(address(this), id, job, record, seats);
        _jobs[id] = JobRecordLib.settled(self.state, self.outputRoot); // before anything is paid, so that there is no second time

        mapping(address node => Serving) storage servings = _servings[job.versionId];
        uint256 collateral = job.collateral(); // each seat had added it to its book
        uint256 fund;
        for (uint256 i; i < seats.length; ++i) {
            Serving storage serving = servings[seats[i]];
            SeatOutcome outcome = self.outcomes[i];
            serving.book = serving.book.vacated(collateral, outcome.earned());
            if (outcome.lost() > 0) fund += _slashSeat(id, job.versionId, seats[i], self, i);
        }
        uint256 share = self.sharing == 0 ? 0 : Math.min(job.requester.amount(), fund / self.sharing);
        if (share > 0) _share(servings, self, seats, share);
        _payOut(job, id, self, fund, share);
        return self.state;
    }

    /// @dev Takes what a seat has lost. Where it has lied, what the requester is to have comes first; then those who proved
    /// the lie share a part of what own stake has left.
    /// @return kept What of it the market keeps, to be paid on.
    function _slashSeat(
        JobId id,
        VersionId versionId,
        address node,
        Settlement memory self,
        uint256 seat
    ) private returns (uint256 kept) {
        uint256 loss = self.outcomes[seat].lost();
        bool lied = self.outcomes[seat].lied();
        (uint256 harm, uint256 compensation) = lied ? (0, loss) : (self.harm, self.compensation);
        Slashing memory slashing = _slash(id, versionId, node, loss, harm, compensation);
        if (!lied) {
            self.harm -= slashing.harmed;
            self.compensation -= slashing.rewarded;
            return slashing.harmed + slashing.rewarded;
        }
        kept = Math.min(self.harm, slashing.rewarded);
        self.harm -= kept;
        address[] memory challengers = self.challengers[seat];
        uint256 share = _reward(challengers, slashing.rewardOf(kept, CHALLENGER_SHARE_BPS));
        emit LiePaid(id, node, kept, challengers, share);
        _burn(slashing.rewarded - kept - share * challengers.length);
    }

    /// @dev Pays the sharing seats out of what slashes brought.
    function _share(
        mapping(address node => Serving) storage servings,
        Settlement memory self,
        address[] calldata seats,
        uint256 share
    ) private {
        for (uint256 i; i < seats.length; ++i) {
            if (!self.outcomes[i].shares()) continue;
            Serving storage serving = servings[seats[i]];
            serving.book = serving.book.vacated(0, share);
        }
    }

    /// @dev Fee and royalty are due for an output alone; what the escrow and the slashes have left goes to the requester.
    /// @param fund What slashes brought, OPG.
    /// @param share What of it each sharing seat got, OPG.
    function _payOut(Job calldata job, JobId id, Settlement memory self, uint256 fund, uint256 share) private {
        uint256 royalty = job.royalty.amount();
        uint256 refund = JobLib.escrow(job.requester, job.callback, royalty, job.shape, job.rules) + fund;
        refund -= self.pay + share * self.sharing;
        if (self.outputRoot != 0) refund -= job.callback.amount();
        uint256 fee;
        if (self.hasOutput) {
            fee = JobLib.fee(job.rules, self.pay);
            refund -= fee + royalty;
            if (royalty > 0) _credit(job.royalty.account(), royalty);
        } else {
            royalty = 0;
        }
        _refund(job.requester.account(), refund, fee);
        emit JobSettled(id, self.state, self.outputRoot, refund, fee, royalty, self.pay, share);
    }

    function _checkOutput(JobId id, JobRecord record, PayloadError fault, bytes calldata payload) private view {
        _checkOutputSize(id, payload);
        bytes32 given = COMMITMENTS.rootOf(fault, payload);
        if (!record.endedWith(given)) revert MarketWrongOutput(id, given, record.result());
    }

    function _setRules(JobRules rules, uint256 marginPeriod) private {
        JobRules completed = REFEREED_POLICY.complete(rules, marginPeriod, THAW_PERIOD);
        emit RulesSet(completed, marginPeriod);
        _keepRules(JobRules.unwrap(completed));
    }
}
