// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuditRoster} from "../interfaces/IAuditRoster.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOptimisticLens} from "../interfaces/IOptimisticLens.sol";
import {IOptimisticMarketplace} from "../interfaces/IOptimisticMarketplace.sol";
import {DeterrenceLib} from "../libraries/DeterrenceLib.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {OptimisticJobLib} from "../libraries/OptimisticJobLib.sol";
import {OptimisticOrderLib} from "../libraries/OptimisticOrderLib.sol";
import {OptimisticRecordLib} from "../libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../libraries/OptimisticRulesLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {AccountAmount, JobId} from "../types/JobTypes.sol";
import {Deterrence, Liar, OptimisticStatus, OrderQuote} from "../types/LensTypes.sol";
import {
    OptimisticJob,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "../types/OptimisticTypes.sol";

/// @title What an order of one node means, and where its job stands, in one read
contract OptimisticLens is IOptimisticLens {
    using DeterrenceLib for Deterrence;
    using DeterrenceLib for OptimisticRules;
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticJob;
    using OptimisticJobLib for OptimisticRecord;
    using OptimisticJobLib for OptimisticRules;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;

    /// @dev Nothing is stored of an order.
    OptimisticRecord private constant NO_RECORD = OptimisticRecord.wrap(0);

    /// @inheritdoc IOptimisticLens
    IOptimisticMarketplace public immutable MARKET;
    IModelRegistry private immutable REGISTRY;
    IAuditRoster private immutable ROSTER;
    uint256 private immutable LEAST_WINDOW_PERIOD;

    /// @param market Whose orders and jobs these are; knows all others.
    constructor(IOptimisticMarketplace market) {
        MARKET = market;
        REGISTRY = market.REGISTRY();
        ROSTER = market.POLICY().ROSTER();
        LEAST_WINDOW_PERIOD = market.POLICY().GAME().LEAST_WINDOW_PERIOD();
    }

    /// @inheritdoc IOptimisticLens
    function quote(OptimisticJob calldata order, Liar calldata liar) external view returns (OrderQuote memory quoted) {
        OptimisticJob memory job = order;
        (job.rules, ) = MARKET.governed();
        job.shape = job.shape.stamped();
        OptimisticOrderLib.check(job, LEAST_WINDOW_PERIOD);
        (uint256 asked, address payee, bool refereed) = REGISTRY.quote(job.versionId, job.requester.account());
        if (!refereed) revert IOptimisticMarketplace.MarketVersionNotRefereed(job.versionId);
        uint256 price = job.requester.amount();
        uint256 royalty = OrderLib.cappedRoyalty(asked, price, job.rules.royaltyCapBps(), type(uint256).max);
        job.royalty = JobLib.pair(payee, royalty);
        quoted.rules = job.rules;
        quoted.escrow = job.escrow();
        quoted.fee = job.rules.fee(price);
        (quoted.royalty, quoted.royaltyPayee) = (royalty, payee);
        quoted.deterrence = _deterrenceOf(job, NO_RECORD, price, liar);
    }

    /// @inheritdoc IOptimisticLens
    function deterrenceOf(
        OptimisticJob calldata job,
        Liar calldata liar
    ) external view returns (OptimisticState state, Deterrence memory deterrence) {
        OptimisticRecord record = MARKET.jobOf(HashLib.optimisticJobIdAt(address(MARKET), job));
        state = record.state();
        if (state.isUnderWay()) deterrence = _deterrenceOf(job, record, job.priceOf(record), liar);
    }

    /// @inheritdoc IOptimisticLens
    function statusOf(JobId jobId) external view returns (OptimisticStatus memory status) {
        OptimisticRecord record = MARKET.jobOf(jobId);
        status.state = record.state();
        status.isFinal = !record.isUnknown() && !status.state.isUnderWay();
        status.hasResult = status.state.hasResult();
        status.delivered = record.delivered();
        status.isSecondAttempt = record.attempt() > 0;
        status.since = record.since();
    }

    function _deterrenceOf(
        OptimisticJob memory job,
        OptimisticRecord record,
        uint256 price,
        Liar calldata liar
    ) private view returns (Deterrence memory deterrence) {
        OrderLib.within("shareBps", liar.shareBps, 0, JobLib.BPS);
        OrderLib.within("onlineBps", liar.onlineBps, 0, JobLib.BPS);
        OptimisticRules rules = job.rules;
        deterrence.gain = job.shape.gainOf(price);
        deterrence.collateral = rules.collateral(job.shape, record, price);
        deterrence.loss = rules.lossOf(deterrence.collateral, deterrence.gain, record.prizeAfterLie(price));
        deterrence.auditorWeight = _weightBeside(job);
        bool drawn = job.shape.isAudited(record) && deterrence.auditorWeight > 0;
        deterrence.auditBps = drawn ? job.shape.auditBps() : 0;
        deterrence.honestWad = drawn ? rules.honestWad(liar) : 0;
        deterrence.weigh();
    }

    /// @dev What weighs in the draw of the job's auditor, as the policy counts it: before anybody could know of the job, and
    /// without the node that is named.
    function _weightBeside(OptimisticJob memory job) private view returns (uint256) {
        uint256 time = job.shape.requestedAt() - 1;
        (uint256 weight, uint256 total) = ROSTER.weightsAt(job.node.account(), job.versionId, time);
        return total - weight;
    }
}
