// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {IInferenceMarketplace} from "../interfaces/IInferenceMarketplace.sol";
import {IMarketJobs} from "../interfaces/IMarketJobs.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {JobRecordLib} from "../libraries/JobRecordLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {RulesLib} from "../libraries/RulesLib.sol";
import {AccountAmount, Job, JobId, JobRecord, JobRules, JobShape, JobState, Rules} from "../types/JobTypes.sol";
import {PayloadError, Tensor} from "../types/PayloadTypes.sol";
import {MockMandates} from "./MockMandates.sol";
import {MockMarket} from "./MockMarket.sol";

/// @title The market of several nodes, for tests of contracts that order there
/// @notice Takes orders as `InferenceMarketplace` does, and then does at once whatever its caller says that the nodes agree on.
/// A version counts as one with a referee where the order gives a `windowPeriod`.
contract MockInferenceMarketplace is MockMarket {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobRecordLib for JobRecord;
    using RulesLib for JobRules;

    JobRules private immutable RULES;
    mapping(JobId jobId => Job) private _orders;
    mapping(JobId jobId => JobRecord) private _jobs;

    /// @param token The token of all balances.
    /// @param mandates Who may use the balance of somebody else.
    constructor(IERC20 token, MockMandates mandates) MockMarket(token, mandates) {
        Rules memory rules;
        (rules.feeBps, rules.errorFeeBps, rules.appealSize) = (FEE_BPS, 2_000, 3);
        (rules.maxSealPeriod, rules.drawnValueCap) = (1 hours, 1_000_000);
        RULES = RulesLib.pack(rules);
    }

    /// @notice As `IInferenceMarketplace.request`.
    function request(Job calldata order, bytes calldata input) external returns (JobId id) {
        address requester = order.requester.account();
        OrderLib.checkInput(input, MOST_INPUT_BYTES);
        Job memory job = order;
        (job.rules, job.shape) = (RULES, job.shape.stamped());
        job.royalty = JobLib.pair(address(0), 0);
        OrderLib.check(job, 1);
        if (job.shape.windowPeriod() == 0) OrderLib.checkUnrefereed(job);
        uint256 escrow = _escrowOf(job);
        OrderLib.within("escrow", escrow, 0, RULES.drawnValueCap());
        _takeEscrow(requester, escrow);

        id = HashLib.jobIdOfMemory(job);
        if (!_jobs[id].isUnknown()) revert IMarketJobs.MarketJobExists(id);
        _jobs[id] = JobRecordLib.open(block.number, block.timestamp);
        _orders[id] = job;
        emit IInferenceMarketplace.JobRequested(id, requester, job.versionId, job, input);
        _ordered(id);
    }

    /// @notice The nodes agree on an output, which is delivered.
    /// @param id The job.
    /// @param outputs In the order of the version's outputs.
    function fulfil(JobId id, Tensor[] calldata outputs) external {
        (bytes memory payload, bytes32 root) = _encoded(id, outputs);
        _fulfil(id, payload, root);
    }

    /// @notice The nodes agree that there is no output, and that is delivered.
    /// @param id The job.
    /// @param fault Why.
    function fail(JobId id, PayloadError fault) external nonReentrant {
        bytes32 root = _errorRoot(fault);
        Job memory job = _openJob(id);
        uint256 pay = JobLib.part(job.requester.amount(), RULES.errorFeeBps()) * job.shape.quorum();
        _settle(id, job, JobState.Refused, root, pay);
        _deliver(id, job, fault, "");
    }

    /// @notice Nobody answers: the job ends without a result, and the requester has everything back.
    /// @param id The job.
    function abandon(JobId id) external nonReentrant {
        _settle(id, _openJob(id), JobState.Unanswered, 0, 0);
    }

    /// @notice As `IInferenceMarketplace.jobOf`.
    function jobOf(JobId jobId) external view returns (JobRecord record, uint256 satWeight) {
        return (_jobs[jobId], 0);
    }

    /// @notice As `IInferenceMarketplace.governed`.
    function governed() external view returns (JobRules rules, address treasury) {
        return (RULES, address(0));
    }

    function _fulfil(JobId id, bytes memory payload, bytes32 root) internal override nonReentrant {
        Job memory job = _openJob(id);
        _settle(id, job, JobState.Agreed, root, job.requester.amount() * job.shape.quorum());
        _deliver(id, job, PayloadError.None, payload);
    }

    function _openJob(JobId id) private view returns (Job memory) {
        JobRecord record = _jobs[id];
        if (record.isUnknown()) revert IMarketJobs.MarketUnknownJob(id);
        if (record.isFinal()) revert IInferenceMarketplace.MarketWrongState(id, record.state());
        return _orders[id];
    }

    /// @param pay OPG that the nodes earn.
    function _settle(JobId id, Job memory job, JobState end, bytes32 root, uint256 pay) private {
        _jobs[id] = JobRecordLib.settled(end, root);
        uint256 fee = end == JobState.Agreed ? JobLib.fee(RULES, pay) : 0;
        uint256 tip = root == 0 ? 0 : job.callback.amount();
        uint256 refund = _escrowOf(job) - pay - fee - tip;
        _credit(job.requester.account(), refund);
        emit IInferenceMarketplace.JobSettled(id, end, root, refund, fee, 0, pay, 0);
    }

    function _deliver(JobId id, Job memory job, PayloadError fault, bytes memory payload) private {
        if (job.callback.account() == address(0)) return;
        _jobs[id] = _jobs[id].withDelivered();
        bytes memory data = abi.encodeCall(IInferenceCallback.onInference, (id, job.versionId, fault, payload));
        _handOver(id, job.callback, job.shape.callbackGas(), job.callback.amount(), data);
    }

    function _escrowOf(Job memory job) private pure returns (uint256) {
        return JobLib.escrow(job.requester, job.callback, 0, job.shape, job.rules);
    }
}
