// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {IMarketJobs} from "../interfaces/IMarketJobs.sol";
import {IOptimisticMarketplace} from "../interfaces/IOptimisticMarketplace.sol";
import {IOptimisticPolicy} from "../interfaces/IOptimisticPolicy.sol";
import {IProvisionalCallback} from "../interfaces/IProvisionalCallback.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {OptimisticJobLib} from "../libraries/OptimisticJobLib.sol";
import {OptimisticOrderLib} from "../libraries/OptimisticOrderLib.sol";
import {OptimisticRecordLib} from "../libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../libraries/OptimisticRulesLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {AccountAmount, JobId} from "../types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "../types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "../types/PayloadTypes.sol";
import {MockMandates} from "./MockMandates.sol";
import {MockMarket} from "./MockMarket.sol";

/// @title The market of one node, for tests of contracts that order there
/// @notice Takes orders as `OptimisticMarketplace` does, and then does at once whatever its caller says that the node answers
/// and that becomes of the answer. Nobody audits, and open jobs are paid at their highest price.
contract MockOptimisticMarketplace is MockMarket {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticJob;
    using OptimisticJobLib for OptimisticRules;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;

    OptimisticRules private immutable RULES;
    mapping(JobId jobId => OptimisticJob) private _orders;
    mapping(JobId jobId => OptimisticRecord) private _jobs;
    mapping(JobId jobId => bytes32) private _statedRoots;

    /// @param token The token of all balances.
    /// @param mandates Who may use the balance of somebody else.
    constructor(IERC20 token, MockMandates mandates) MockMarket(token, mandates) {
        OptimisticNumbers memory numbers;
        (numbers.feeBps, numbers.maxAnswerPeriod, numbers.mostWindowPeriod) = (FEE_BPS, 48 hours, 14 days);
        RULES = OptimisticRulesLib.pack(numbers);
    }

    /// @notice As `IOptimisticMarketplace.request`.
    function request(OptimisticJob calldata order, bytes calldata input) external returns (JobId id) {
        address requester = order.requester.account();
        OrderLib.checkInput(input, MOST_INPUT_BYTES);
        OptimisticJob memory job = order;
        (job.rules, job.shape) = (RULES, job.shape.stamped());
        job.royalty = JobLib.pair(address(0), 0);
        OptimisticOrderLib.check(job, 1);
        _takeEscrow(requester, job.escrow());

        id = HashLib.optimisticJobIdOfMemory(job);
        if (!_jobs[id].isUnknown()) revert IMarketJobs.MarketJobExists(id);
        bool open = job.node.account() == address(0);
        _jobs[id] = OptimisticRecordLib.begun(open ? OptimisticState.Open : OptimisticState.Named);
        _orders[id] = job;
        emit IOptimisticMarketplace.JobOffered(id, requester, job.versionId, job, input);
        _ordered(id);
    }

    /// @notice The node answers, the answer stands, and it is delivered.
    /// @param id The job.
    /// @param outputs In the order of the version's outputs.
    function fulfil(JobId id, Tensor[] calldata outputs) external {
        (bytes memory payload, bytes32 root) = _encoded(id, outputs);
        _fulfil(id, payload, root);
    }

    /// @notice The node states that there is no output, and that is delivered.
    /// @param id The job.
    /// @param fault Why.
    function fail(JobId id, PayloadError fault) external nonReentrant {
        bytes32 root = _errorRoot(fault);
        OptimisticJob memory job = _unansweredJob(id);
        _close(id, job, OptimisticState.Refused, root);
        _deliver(id, job, fault, "");
    }

    /// @notice The node answers, and the answer is delivered although it can still be found false.
    /// @param id The job; its order must take provisional answers.
    /// @param outputs In the order of the version's outputs.
    function answer(JobId id, Tensor[] calldata outputs) external nonReentrant {
        (bytes memory payload, bytes32 root) = _encoded(id, outputs);
        OptimisticJob memory job = _unansweredJob(id);
        OptimisticRecord record = _jobs[id];
        if (!job.shape.takesProvisional()) revert IOptimisticPolicy.MarketWrongPhase(id, record.state());
        _jobs[id] = record.entered(OptimisticState.Stated).withDelivered();
        _statedRoots[id] = root;
        uint256 disputableUntil = block.timestamp + job.shape.windowPeriod();
        bytes memory data = abi.encodeCall(
            IProvisionalCallback.onProvisionalInference,
            (id, job.versionId, PayloadError.None, payload, disputableUntil)
        );
        _handOver(id, job.callback, job.shape.callbackGas(), record.tipGone() ? 0 : job.callback.amount(), data);
    }

    /// @notice Nobody has proven wrong what `answer` has delivered: it is final.
    /// @param id The job.
    function uphold(JobId id) external nonReentrant {
        _close(id, _statedJob(id), OptimisticState.Answered, _statedRoots[id]);
    }

    /// @notice What `answer` has delivered is found false: the requester has its money back. A first time, a second node may
    /// answer; a second time, the job ends.
    /// @param id The job.
    function refute(JobId id) external nonReentrant {
        OptimisticJob memory job = _statedJob(id);
        OptimisticRecord record = _jobs[id];
        if (record.attempt() > 0) return _close(id, job, OptimisticState.Falsified, 0);
        uint256 refund = _unspent(job, record);
        _jobs[id] = record.reopened(job.node.account(), 0);
        _credit(job.requester.account(), refund);
        emit IOptimisticMarketplace.JobReopened(id, job.node.account(), 0, refund);
    }

    /// @notice Nobody answers: the job ends without a result, and the requester has everything back.
    /// @param id The job.
    function abandon(JobId id) external nonReentrant {
        _close(id, _unansweredJob(id), OptimisticState.Unanswered, 0);
    }

    /// @notice As `IOptimisticMarketplace.jobOf`.
    function jobOf(JobId jobId) external view returns (OptimisticRecord) {
        return _jobs[jobId];
    }

    /// @notice As `IOptimisticMarketplace.governed`.
    function governed() external view returns (OptimisticRules rules, address treasury) {
        return (RULES, address(0));
    }

    function _fulfil(JobId id, bytes memory payload, bytes32 root) internal override nonReentrant {
        OptimisticJob memory job = _unansweredJob(id);
        _close(id, job, OptimisticState.Answered, root);
        _deliver(id, job, PayloadError.None, payload);
    }

    function _unansweredJob(JobId id) private view returns (OptimisticJob memory) {
        OptimisticRecord record = _jobs[id];
        if (record.isUnknown()) revert IMarketJobs.MarketUnknownJob(id);
        if (!record.state().isUnanswered()) revert IOptimisticPolicy.MarketWrongPhase(id, record.state());
        return _orders[id];
    }

    function _statedJob(JobId id) private view returns (OptimisticJob memory) {
        OptimisticState state = _jobs[id].state();
        if (state != OptimisticState.Stated) revert IOptimisticPolicy.MarketWrongPhase(id, state);
        return _orders[id];
    }

    /// @dev Of the first attempt's money, what nobody was paid yet. A second attempt is not paid by the requester.
    function _unspent(OptimisticJob memory job, OptimisticRecord record) private pure returns (uint256) {
        if (record.attempt() > 0) return 0;
        return job.escrow() - (record.tipGone() ? job.callback.amount() : 0);
    }

    function _close(JobId id, OptimisticJob memory job, OptimisticState end, bytes32 root) private {
        OptimisticRecord record = _jobs[id];
        _jobs[id] = record.entered(end);
        uint256 refund = _unspent(job, record);
        bool paid = end == OptimisticState.Answered && record.attempt() == 0;
        uint256 pay = paid ? job.requester.amount() : 0;
        uint256 fee = RULES.fee(pay);
        refund -= pay + fee;
        if (end.hasResult() && !record.tipGone()) refund -= job.callback.amount();
        _credit(job.requester.account(), refund);
        emit IOptimisticMarketplace.JobClosed(id, end, job.node.account(), root, refund, fee, 0, pay);
    }

    function _deliver(JobId id, OptimisticJob memory job, PayloadError fault, bytes memory payload) private {
        OptimisticRecord record = _jobs[id];
        if (job.callback.account() == address(0)) return;
        _jobs[id] = record.withDelivered();
        bytes memory data = abi.encodeCall(IInferenceCallback.onInference, (id, job.versionId, fault, payload));
        _handOver(id, job.callback, job.shape.callbackGas(), record.tipGone() ? 0 : job.callback.amount(), data);
    }
}
