// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {IInferenceCallback} from "../interfaces/IInferenceCallback.sol";
import {IInferenceConsumer} from "../interfaces/IInferenceConsumer.sol";
import {IInferenceMarketplace} from "../interfaces/IInferenceMarketplace.sol";
import {IMarketAccounts} from "../interfaces/IMarketAccounts.sol";
import {IOptimisticMarketplace} from "../interfaces/IOptimisticMarketplace.sol";
import {IProvisionalCallback} from "../interfaces/IProvisionalCallback.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {JobRecordLib} from "../libraries/JobRecordLib.sol";
import {OptimisticJobLib} from "../libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../libraries/OptimisticRecordLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {
    Expectation,
    ExpectationPhase,
    Inference,
    InferenceInput,
    OptimisticTerms,
    ReplicatedTerms,
    ResultPolicy,
    ResultStatus
} from "../types/ConsumerTypes.sol";
import {Job, JobId, JobRecord, JobState} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "../types/PayloadTypes.sol";

/// @title What a contract inherits to order inferences and to get their results
/// @notice Order with `_requestInference`, implement `_onInference`. Orders are paid out of the balance that this contract has in the market:
/// anybody can add to it with `deposit` there, and this contract alone can take out of it, with `_withdrawTo`. Or another account pays
/// for them, which `_payer` names.
/// @custom:source docs/consumers.md
abstract contract InferenceConsumer is IInferenceConsumer {
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;
    using TermsLib for OptimisticTerms;
    using TermsLib for ReplicatedTerms;
    using TransientSlot for *;

    /// @dev What is being ordered, for a market that brings the result before it has told the job's id, as mocks can.
    bytes32 private constant BEING_ORDERED = keccak256("OPG/consumer.beingOrdered");

    /// @inheritdoc IInferenceConsumer
    IInferenceMarketplace public immutable MARKET;
    /// @inheritdoc IInferenceConsumer
    IOptimisticMarketplace public immutable OPTIMISTIC;

    mapping(JobId jobId => Expectation) private _expectations;
    uint40 private _orders;

    /// @param market Where several nodes answer; zero if nothing is ordered there.
    /// @param optimistic Where one node answers; zero if nothing is ordered there.
    constructor(IInferenceMarketplace market, IOptimisticMarketplace optimistic) {
        MARKET = market;
        OPTIMISTIC = optimistic;
    }

    /// @inheritdoc IInferenceCallback
    function onInference(JobId jobId, VersionId versionId, PayloadError fault, bytes calldata payload) external {
        _adopt(jobId);
        Expectation memory expected = _expected(jobId);
        _expectations[jobId].phase = ExpectationPhase.Served;
        emit InferenceTaken(jobId, ResultStatus.Final, fault);
        Inference memory result = _unpack(jobId, versionId, expected.policy, ResultStatus.Final, fault, payload);
        if (fault == PayloadError.None) _onInference(result);
        else _onFault(result);
    }

    /// @inheritdoc IProvisionalCallback
    function onProvisionalInference(
        JobId jobId,
        VersionId versionId,
        PayloadError fault,
        bytes calldata payload,
        uint256 disputableUntil
    ) external {
        Expectation memory expected = _expected(jobId);
        if (!expected.provisional) revert ConsumerTakesNoProvisional(jobId);
        emit InferenceTaken(jobId, ResultStatus.Provisional, fault);
        _onProvisional(
            _unpack(jobId, versionId, expected.policy, ResultStatus.Provisional, fault, payload),
            disputableUntil
        );
    }

    /// @inheritdoc IInferenceConsumer
    function statusOf(JobId jobId) public view returns (ResultStatus) {
        Expectation memory expected = _expectations[jobId];
        if (expected.phase == ExpectationPhase.None) return ResultStatus.None;
        if (expected.phase == ExpectationPhase.Served) return ResultStatus.Final;
        if (expected.phase == ExpectationPhase.Forgotten) return ResultStatus.Void;
        ResultStatus status = _isOptimistic(expected.policy) ? _optimisticStatusOf(jobId) : _replicatedStatusOf(jobId);
        bool tooLate = status == ResultStatus.Waiting && block.timestamp > expected.acceptUntil;
        return tooLate ? ResultStatus.Void : status;
    }

    /// @dev Orders of several nodes.
    /// @param input `TermsLib.inPlace(tensors)`, or `TermsLib.fetchedFrom(uri, root)`.
    function _requestInference(
        ReplicatedTerms memory terms,
        InferenceInput memory input
    ) internal returns (JobId jobId) {
        ResultPolicy policy = terms.windowPeriod == 0 ? ResultPolicy.Replicated : ResultPolicy.Refereed;
        _beginOrder(policy, false, terms.acceptUntil);
        Job memory order = terms.packed(input.root, _payer(), address(this), _orders++);
        jobId = MARKET.request(order, input.carried);
        _endOrder(jobId, policy, false, terms.acceptUntil);
    }

    /// @dev Orders of one node.
    /// @param input As above.
    function _requestInference(
        OptimisticTerms memory terms,
        InferenceInput memory input
    ) internal returns (JobId jobId) {
        ResultPolicy policy = terms.auditBps == 0 ? ResultPolicy.Optimistic : ResultPolicy.Audited;
        _beginOrder(policy, terms.provisional, terms.acceptUntil);
        OptimisticJob memory order = terms.packed(input.root, _payer(), address(this), _orders++);
        jobId = OPTIMISTIC.request(order, input.carried);
        _endOrder(jobId, policy, terms.provisional, terms.acceptUntil);
    }

    /// @dev Pays all that this contract has in its markets, refunds too, to an account. Reverts inside a hook, where the market is locked.
    /// @return amount OPG, base units.
    function _withdrawTo(address account) internal returns (uint256 amount) {
        return _withdrawFrom(MARKET, account) + _withdrawFrom(OPTIMISTIC, account);
    }

    /// @dev Waits for the result of a job that names this contract as its callback.
    /// @param policy Under which it was ordered.
    /// @param acceptUntil Unix seconds; a result that is delivered later is refused.
    function _expect(JobId jobId, ResultPolicy policy, bool provisional, uint48 acceptUntil) internal {
        _expectations[jobId] = Expectation(policy, ExpectationPhase.Waiting, provisional, acceptUntil);
        emit InferenceOrdered(jobId, policy, acceptUntil);
    }

    /// @dev Whatever becomes of the job, its result is refused from now on. That does not cancel it.
    function _forget(JobId jobId) internal {
        if (_expectations[jobId].phase != ExpectationPhase.Waiting) revert ConsumerNotWaiting(jobId);
        _expectations[jobId].phase = ExpectationPhase.Forgotten;
        emit InferenceForgotten(jobId);
    }

    /// @dev The one function to implement: gets each final result that is an output, once. If it reverts, or needs more gas
    /// than the order names, anyone can deliver again.
    function _onInference(Inference memory result) internal virtual;

    /// @dev Gets each final result that is a canonical error instead of an output.
    // solhint-disable-next-line no-empty-blocks
    function _onFault(Inference memory result) internal virtual {}

    /// @dev Gets answers that can still be found false, of jobs whose terms say `provisional`; errors, too. It is the only call
    /// for an answer that stands then: `statusOf` tells when it does. If it is found false and a second node answers, another
    /// call follows.
    /// @param disputableUntil Unix seconds; a dispute that began before can go on for longer.
    function _onProvisional(Inference memory result, uint256 disputableUntil) internal virtual {
        disputableUntil;
        revert ConsumerTakesNoProvisional(result.jobId);
    }

    /// @dev Whose balance in the market pays for orders, and gets refunds. An account other than this contract must have allowed it to use
    /// so much (`allow` of Mandates), and alone can cancel. Name one that is fixed, or the caller: whoever could choose another would
    /// spend what that has allowed.
    function _payer() internal view virtual returns (address) {
        return address(this);
    }

    /// @dev Who brings results under a policy; zero if nothing is ordered there.
    function _marketOf(ResultPolicy policy) internal view returns (address) {
        return _isOptimistic(policy) ? address(OPTIMISTIC) : address(MARKET);
    }

    function _withdrawFrom(IMarketAccounts market, address account) private returns (uint256 balance) {
        if (address(market) == address(0)) return 0;
        (balance, ) = market.accountOf(address(this));
        if (balance > 0) market.withdraw(account, balance);
    }

    function _beginOrder(ResultPolicy policy, bool provisional, uint48 acceptUntil) private {
        if (_marketOf(policy) == address(0)) revert ConsumerNoMarket(policy);
        if (acceptUntil <= block.timestamp) revert ConsumerAcceptsNothing(acceptUntil, block.timestamp);
        uint256 flag = provisional ? 1 : 0;
        BEING_ORDERED.asUint256().tstore((uint256(acceptUntil) << 16) | (flag << 8) | uint256(policy));
    }

    function _endOrder(JobId jobId, ResultPolicy policy, bool provisional, uint48 acceptUntil) private {
        BEING_ORDERED.asUint256().tstore(0);
        if (_expectations[jobId].phase == ExpectationPhase.None) _expect(jobId, policy, provisional, acceptUntil);
    }

    /// @dev A result that comes before its order has returned the job's id is the result of that order: real markets call nobody
    /// meanwhile.
    function _adopt(JobId jobId) private {
        uint256 ordered = BEING_ORDERED.asUint256().tload();
        if (ordered == 0 || _expectations[jobId].phase != ExpectationPhase.None) return;
        _expect(jobId, ResultPolicy(uint8(ordered)), uint8(ordered >> 8) > 0, uint48(ordered >> 16));
    }

    /// @dev What is waited for; reverts unless the caller may bring it now.
    function _expected(JobId jobId) private view returns (Expectation memory expected) {
        expected = _expectations[jobId];
        if (expected.phase != ExpectationPhase.Waiting) revert ConsumerNotWaiting(jobId);
        address market = _marketOf(expected.policy);
        if (msg.sender != market) revert ConsumerNotMarket(jobId, msg.sender, market);
        if (block.timestamp > expected.acceptUntil) revert ConsumerResultStale(jobId, expected.acceptUntil);
    }

    function _replicatedStatusOf(JobId jobId) private view returns (ResultStatus) {
        (JobRecord record, ) = MARKET.jobOf(jobId);
        JobState state = record.state();
        return state.isFinal() && !state.hasResult() ? ResultStatus.Void : ResultStatus.Waiting;
    }

    /// @dev A job that opens again forgets that it was delivered, and so that an answer stands that was found false.
    function _optimisticStatusOf(JobId jobId) private view returns (ResultStatus) {
        OptimisticRecord record = OPTIMISTIC.jobOf(jobId);
        OptimisticState state = record.state();
        if (!state.isUnderWay() && !state.hasResult()) return ResultStatus.Void;
        if (!record.delivered()) return ResultStatus.Waiting;
        return state.hasResult() ? ResultStatus.Final : ResultStatus.Provisional;
    }

    function _isOptimistic(ResultPolicy policy) private pure returns (bool) {
        return policy >= ResultPolicy.Optimistic;
    }

    function _unpack(
        JobId jobId,
        VersionId versionId,
        ResultPolicy policy,
        ResultStatus status,
        PayloadError fault,
        bytes calldata payload
    ) private pure returns (Inference memory) {
        Tensor[] memory outputs = fault == PayloadError.None ? abi.decode(payload, (Tensor[])) : new Tensor[](0);
        return Inference(jobId, versionId, policy, status, fault, outputs);
    }
}
