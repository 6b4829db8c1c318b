// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketJobs} from "../../contracts/interfaces/IMarketJobs.sol";
import {IOptimisticPolicy} from "../../contracts/interfaces/IOptimisticPolicy.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title What reaches a callback, when, and who is tipped for it
contract DeliveriesTest is Offering {
    using OptimisticRecordLib for OptimisticRecord;

    uint256 private constant MOST_OUTPUT = 2_048;

    /// @dev Nobody who earns or pays in a job.
    modifier unpaid(address caller) {
        VM.assume(caller != REQUESTER && caller != PUBLISHER);
        _;
    }

    function setUp() external {
        _setUp();
    }

    /// @dev Only what the node stated is handed over: no other bytes, and none beside an error [T093].
    function testFuzz_deliver_isOfWhatWasStated(
        address caller,
        uint256 length,
        uint256 which,
        bytes1 change
    ) external unpaid(caller) {
        VM.assume(change != 0);
        OptimisticJob memory job = _settled(false, _root);
        bytes memory other = _payloadOf(40);
        uint256 place = other.length - 64 + bound(length, 0, 39);
        other[place] = change;
        _refuseDelivery(caller, job, PayloadError.None, other, COMMITMENTS.rootOf(PayloadError.None, other));
        PayloadError fault = PayloadError(bound(which, 1, 3));
        _refuseDelivery(caller, job, fault, "", PayloadLib.errorRoot(fault));
        _refuseDelivery(caller, job, fault, _payload, 0);
        _deliver(job, caller, TIP);
    }

    /// @dev An error is a result like another, and what is delivered for it is the error alone.
    function testFuzz_deliver_handsAnErrorOver(address caller, bool provisional) external unpaid(caller) {
        OptimisticJob memory job = _settled(provisional, PayloadLib.INPUT_MISSING);
        VM.prank(caller);
        require(OPTIMISTIC.deliver(job, _nodes[0], PayloadError.InputMissing, ""), "not served");
        require(_balanceOf(caller) == TIP && _recordOf(job).delivered(), "tip");
    }

    /// @dev What is delivered on chain has a bound, to the byte.
    function testFuzz_deliver_boundsTheOutput(address caller, uint256 length) external unpaid(caller) {
        uint256 room = MOST_OUTPUT - (_payloadOf(1).length - 32);
        length = length % 3 == 0 ? room : bound(length, 1, 2 * room);
        _payload = _payloadOf(length);
        _root = COMMITMENTS.rootOf(PayloadError.None, _payload);
        OptimisticJob memory job = _settled(false, _root);
        if (length <= room) return _deliver(job, caller, TIP);
        bytes memory call = abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], PayloadError.None, _payload));
        bytes memory refusal = abi.encodeWithSelector(
            IMarketJobs.MarketOutputTooLarge.selector,
            _idOf(job),
            _payload.length,
            MOST_OUTPUT
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);
    }

    /// @dev A callback is served once for an attempt; without one there is nothing to serve.
    function testFuzz_deliver_happensOnce(address caller, bool provisional) external unpaid(caller) {
        OptimisticJob memory job = _offer(_named());
        bytes memory call = abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], PayloadError.None, _payload));
        _refuse(caller, address(OPTIMISTIC), call, _nothing(job));
        job = provisional ? _answered(true) : _settled(false, _root);
        _deliver(job, caller, TIP);
        call = abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], PayloadError.None, _payload));
        _refuse(caller, address(OPTIMISTIC), call, _nothing(job));
        if (!provisional) return;
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        _refuse(caller, address(OPTIMISTIC), call, _nothing(job));
        require(
            _balanceOf(caller) == TIP && _balanceOf(REQUESTER) == FORTUNE - 2 * _costs() + TIP,
            "the tip was paid once"
        );
    }

    /// @dev A callback that fails costs nobody anything, and can be served later [T089 I38].
    function testFuzz_deliver_leavesAFailedCallbackAsItWas(address caller, bool provisional) external unpaid(caller) {
        OptimisticJob memory job = provisional ? _answered(true) : _settled(false, _root);
        OptimisticRecord before = _recordOf(job);
        RECORDER.setRefuses(true);
        VM.prank(caller);
        require(!OPTIMISTIC.deliver(job, _nodes[0], PayloadError.None, _payload), "served");
        require(OptimisticRecord.unwrap(_recordOf(job)) == OptimisticRecord.unwrap(before), "record");
        require(_balanceOf(caller) == 0, "tip");
        RECORDER.setRefuses(false);
        _deliver(job, caller, TIP);
    }

    /// @dev What can still be found false is handed over where the order says so, and nowhere else [T089].
    function testFuzz_provisional_isWhatTheOrderSays(address caller, bool reserved) external unpaid(caller) {
        Terms memory terms = reserved ? _open() : _named();
        (terms.callback, terms.tip) = (address(RECORDER), TIP);
        OptimisticJob memory job = _offer(terms);
        _refuseWrongPhase(caller, job);
        if (reserved) _reserve(job, _nodes[0]);
        _answer(job, _nodes[0], _root);
        _refuseWrongPhase(caller, job);
    }

    /// @dev Before there is an answer nothing is handed over, and what was found false never is.
    function testFuzz_provisional_isNotOfAFalseAnswer(address caller, uint256 elapsed) external unpaid(caller) {
        Terms memory terms = _calledBack(true);
        OptimisticJob memory job = _offer(terms);
        _refuseDelivery(caller, job, PayloadError.None, _payload, _root);
        _answer(job, _nodes[0], _root);
        _convict(_statementOf(job, _nodes[0], _root));
        VM.warp(block.timestamp + bound(elapsed, 0, 365 days));
        bytes memory call = abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], PayloadError.None, _payload));
        bytes memory refusal = abi.encodeWithSelector(IOptimisticPolicy.MarketAnswerFalse.selector, _idOf(job));
        _refuse(caller, address(OPTIMISTIC), call, refusal);
    }

    /// @dev After 30 days in which nobody could deliver, the requester has its tip back, once; a result that comes later is
    /// delivered for nothing.
    function testFuzz_reclaimTip_isDueAfterThirtyDays(
        address caller,
        uint256 late,
        bool first
    ) external unpaid(caller) {
        OptimisticJob memory job = _settled(false, _root);
        uint256 dueAt = block.timestamp + 30 days;
        bytes memory call = abi.encodeCall(OPTIMISTIC.reclaimTip, (job));
        bytes memory refusal = abi.encodeWithSelector(IMarketJobs.MarketNoTipToReclaim.selector, _idOf(job), dueAt);
        VM.warp(dueAt - 1);
        _refuse(caller, address(OPTIMISTIC), call, refusal);
        VM.warp(dueAt + bound(late, 0, 365 days));
        if (first) _deliver(job, caller, TIP);
        if (!first) {
            _accept(caller, address(OPTIMISTIC), call);
            require(_balanceOf(REQUESTER) == FORTUNE - _costs() + TIP, "tip");
            _deliver(job, caller, 0);
        }
        _refuse(caller, address(OPTIMISTIC), call, refusal);
    }

    /// @dev Without a tip, without a result, there is nothing to take back.
    function testFuzz_reclaimTip_isOfResultsAlone(uint256 elapsed) external {
        Terms memory terms = _calledBack(false);
        OptimisticJob memory job = _offer(terms);
        uint256 dueAt = block.timestamp + 30 days;
        VM.warp(dueAt + bound(elapsed, 0, 365 days));
        bytes memory call = abi.encodeCall(OPTIMISTIC.reclaimTip, (job));
        _refuse(
            REQUESTER,
            address(OPTIMISTIC),
            call,
            abi.encodeWithSelector(IMarketJobs.MarketNoTipToReclaim.selector, _idOf(job), dueAt)
        );
    }

    function _deliver(OptimisticJob memory job, address caller, uint256 tip) private {
        uint256 before = _balanceOf(caller);
        VM.prank(caller);
        require(OPTIMISTIC.deliver(job, _nodes[0], PayloadError.None, _payload), "not served");
        require(_recordOf(job).delivered() && _balanceOf(caller) == before + tip, "tip");
    }

    function _settled(bool provisional, bytes32 root) private returns (OptimisticJob memory job) {
        job = _offer(_calledBack(provisional));
        _answer(job, _nodes[0], root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], root);
    }

    function _answered(bool provisional) private returns (OptimisticJob memory job) {
        job = _offer(_calledBack(provisional));
        _answer(job, _nodes[0], _root);
    }

    function _refuseWrongPhase(address caller, OptimisticJob memory job) private {
        bytes memory call = abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], PayloadError.None, _payload));
        OptimisticState state = _recordOf(job).state();
        bytes memory refusal = abi.encodeWithSelector(IOptimisticPolicy.MarketWrongPhase.selector, _idOf(job), state);
        _refuse(caller, address(OPTIMISTIC), call, refusal);
    }

    function _refuseDelivery(
        address caller,
        OptimisticJob memory job,
        PayloadError fault,
        bytes memory payload,
        bytes32 root
    ) private {
        bytes memory call = abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], fault, payload));
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticPolicy.MarketNotStated.selector,
            _idOf(job),
            _nodes[0],
            root
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);
    }

    function _nothing(OptimisticJob memory job) private view returns (bytes memory) {
        return abi.encodeWithSelector(IMarketJobs.MarketNothingToDeliver.selector, _idOf(job));
    }

    function _calledBack(bool provisional) private view returns (Terms memory terms) {
        terms = _named();
        (terms.callback, terms.tip, terms.provisional, terms.nonce) = (address(RECORDER), TIP, provisional, 7);
    }

    /// @dev Of the named job, beside the tip of one that is called back.
    function _costs() private pure returns (uint256) {
        return PRICE + (PRICE * 250) / 10_000 + ROYALTY + TIP;
    }
}
