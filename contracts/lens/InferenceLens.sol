// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceLens} from "../interfaces/IInferenceLens.sol";
import {IInferenceMarketplace} from "../interfaces/IInferenceMarketplace.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IRefereedPolicy} from "../interfaces/IRefereedPolicy.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {JobRecordLib} from "../libraries/JobRecordLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {RulesLib} from "../libraries/RulesLib.sol";
import {AccountAmount, Job, JobId, JobRecord, JobRules, JobShape, JobState} from "../types/JobTypes.sol";
import {InferenceQuote, JobStatus} from "../types/LensTypes.sol";

/// @title What an order of several nodes means, and where its job stands, in one read
contract InferenceLens is IInferenceLens {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using RulesLib for JobRules;

    /// @inheritdoc IInferenceLens
    IInferenceMarketplace public immutable MARKET;
    IModelRegistry private immutable REGISTRY;
    IRefereedPolicy private immutable REFEREED_POLICY;
    uint256 private immutable LEAST_SEAL_PERIOD;
    uint256 private immutable MOST_INPUT_BYTES;
    uint256 private immutable MOST_OUTPUT_BYTES;

    /// @param market Whose orders these are; knows all others.
    constructor(IInferenceMarketplace market) {
        MARKET = market;
        REGISTRY = market.REGISTRY();
        REFEREED_POLICY = market.REFEREED_POLICY();
        LEAST_SEAL_PERIOD = market.POLICY().LEAST_SEAL_PERIOD();
        MOST_INPUT_BYTES = market.MOST_INPUT_BYTES();
        MOST_OUTPUT_BYTES = market.MOST_OUTPUT_BYTES();
    }

    /// @inheritdoc IInferenceLens
    function quote(Job calldata order) external view returns (InferenceQuote memory quoted) {
        Job memory job = order;
        (job.rules, ) = MARKET.governed();
        OrderLib.check(job, LEAST_SEAL_PERIOD);
        uint256 asked;
        (asked, quoted.royaltyPayee, quoted.refereed) = REGISTRY.quote(job.versionId, job.requester.account());
        if (quoted.refereed) REFEREED_POLICY.checkOrder(job.versionId, job.requester, job.shape);
        else OrderLib.checkUnrefereed(job);
        uint256 earned = job.requester.amount() * job.shape.quorum();
        quoted.royalty = OrderLib.cappedRoyalty(asked, earned, job.rules.royaltyCapBps(), type(uint256).max);
        quoted.escrow = JobLib.escrow(job.requester, job.callback, quoted.royalty, job.shape, job.rules);
        OrderLib.within("escrow", quoted.escrow, 0, job.rules.drawnValueCap());
        quoted.rules = job.rules;
        quoted.seatCollateral = job.requester.amount() * job.shape.collateralFactor();
        (quoted.mostInputBytes, quoted.mostOutputBytes) = (MOST_INPUT_BYTES, MOST_OUTPUT_BYTES);
    }

    /// @inheritdoc IInferenceLens
    function statusOf(JobId jobId) external view returns (JobStatus memory status) {
        (JobRecord record, ) = MARKET.jobOf(jobId);
        status.state = record.state();
        status.isFinal = record.isFinal();
        status.hasResult = status.state.hasResult();
        status.delivered = record.delivered();
        status.since = record.startedAt();
    }
}
