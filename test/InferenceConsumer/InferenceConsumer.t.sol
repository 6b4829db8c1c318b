// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IInferenceConsumer} from "../../contracts/interfaces/IInferenceConsumer.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {MockMarket} from "../../contracts/mock/MockMarket.sol";
import {OptimisticTerms, ReplicatedTerms, ResultPolicy, ResultStatus} from "../../contracts/types/ConsumerTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Consuming, EagerConsumer, PlainConsumer} from "../support/Consuming.sol";
import {VM} from "../support/Vm.sol";

/// @title Who may bring which result to a consumer, and when
contract InferenceConsumerTest is Consuming {
    Tensor[] private _none;

    /// @dev The hook gets job, version, output, policy and status; orders that are equal are two jobs.
    function testFuzz_order_ofSeveralNodes(uint8 best, bool refereed) external {
        ReplicatedTerms memory terms = _replicated();
        terms.windowPeriod = refereed ? 600 : 0;
        JobId first = PLAIN.order(terms);
        JobId second = PLAIN.order(terms);
        require(JobId.unwrap(first) != JobId.unwrap(second), "one job");
        _requireStatus(PLAIN, first, ResultStatus.Waiting);
        MARKET.fulfil(first, _scores(best));
        ResultPolicy policy = refereed ? ResultPolicy.Refereed : ResultPolicy.Replicated;
        _requireLast(PLAIN, first, policy, ResultStatus.Final, PayloadError.None, _scores(best));
        _requireStatus(PLAIN, first, ResultStatus.Final);
        _requireStatus(PLAIN, second, ResultStatus.Waiting);
    }

    function testFuzz_order_ofOneNode(uint8 best, bool audited) external {
        OptimisticTerms memory terms = _optimistic();
        terms.auditBps = audited ? 500 : 0;
        JobId id = PLAIN.order(terms);
        _requireStatus(PLAIN, id, ResultStatus.Waiting);
        OPTIMISTIC.fulfil(id, _scores(best));
        ResultPolicy policy = audited ? ResultPolicy.Audited : ResultPolicy.Optimistic;
        _requireLast(PLAIN, id, policy, ResultStatus.Final, PayloadError.None, _scores(best));
        _requireStatus(PLAIN, id, ResultStatus.Final);
    }

    function test_order_needsTheMarket() external {
        PlainConsumer nowhere = new PlainConsumer(
            IInferenceMarketplace(address(0)),
            IOptimisticMarketplace(address(0))
        );
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNoMarket.selector, ResultPolicy.Replicated));
        nowhere.order(_replicated());
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNoMarket.selector, ResultPolicy.Optimistic));
        nowhere.order(_optimistic());
    }

    function testFuzz_order_mustAcceptSomething(uint48 until) external {
        ReplicatedTerms memory terms = _replicated();
        terms.acceptUntil = uint48(bound(until, 0, NOW));
        VM.expectRevert(
            abi.encodeWithSelector(IInferenceConsumer.ConsumerAcceptsNothing.selector, terms.acceptUntil, NOW)
        );
        PLAIN.order(terms);
    }

    /// @dev Not even the market brings what was never ordered: anybody can order a job that names this contract.
    function testFuzz_onInference_refusesForeignJobs(JobId id, address caller) external {
        VM.prank(caller);
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNotWaiting.selector, id));
        PLAIN.onInference(id, VERSION, PayloadError.None, abi.encode(_none));
        VM.prank(address(OPTIMISTIC));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNotWaiting.selector, id));
        EAGER.onProvisionalInference(id, VERSION, PayloadError.None, abi.encode(_none), 0);
        _requireStatus(PLAIN, id, ResultStatus.None);
    }

    /// @dev Nor does anybody else, the other market included, bring what was.
    function testFuzz_onInference_isForTheJobsMarket(address caller, bool optimistic, bool other) external {
        JobId id = optimistic ? EAGER.order(_optimistic()) : EAGER.order(_replicated());
        address expected = optimistic ? address(OPTIMISTIC) : address(MARKET);
        if (other) caller = optimistic ? address(MARKET) : address(OPTIMISTIC);
        VM.assume(caller != expected);
        bytes memory reason = abi.encodeWithSelector(
            IInferenceConsumer.ConsumerNotMarket.selector,
            id,
            caller,
            expected
        );
        VM.prank(caller);
        VM.expectRevert(reason);
        EAGER.onInference(id, VERSION, PayloadError.None, abi.encode(_none));
        VM.prank(caller);
        VM.expectRevert(reason);
        EAGER.onProvisionalInference(id, VERSION, PayloadError.None, abi.encode(_none), 0);
    }

    function test_onInference_takesAResultOnce() external {
        JobId id = PLAIN.order(_replicated());
        MARKET.fulfil(id, _scores(1));
        VM.prank(address(MARKET));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNotWaiting.selector, id));
        PLAIN.onInference(id, VERSION, PayloadError.None, abi.encode(_scores(2)));
        require(PLAIN.results() == 1, "results");
    }

    /// @dev Who delivers chooses when: from the first second after `acceptUntil` on it is too late, for whatever is brought.
    function testFuzz_onInference_refusesWhatIsStale(uint32 late, bool optimistic) external {
        JobId id = optimistic ? PLAIN.order(_optimistic()) : PLAIN.order(_replicated());
        VM.warp(ACCEPT_UNTIL);
        _requireStatus(PLAIN, id, ResultStatus.Waiting);
        VM.warp(ACCEPT_UNTIL + 1 + uint256(late));
        _requireStatus(PLAIN, id, ResultStatus.Void);
        bytes memory stale = abi.encodeWithSelector(IInferenceConsumer.ConsumerResultStale.selector, id, ACCEPT_UNTIL);
        VM.expectRevert(abi.encodeWithSelector(MockMarket.MockCallbackFailed.selector, id, 500_000, stale));
        if (optimistic) OPTIMISTIC.fulfil(id, _scores(1));
        else MARKET.fulfil(id, _scores(1));
    }

    function test_onInference_takesAResultInTheLastSecond() external {
        JobId id = PLAIN.order(_replicated());
        VM.warp(ACCEPT_UNTIL);
        MARKET.fulfil(id, _scores(1));
        VM.warp(ACCEPT_UNTIL + 1);
        _requireStatus(PLAIN, id, ResultStatus.Final);
    }

    function testFuzz_onInference_handsFaultsToTheirOwnHook(uint8 which, bool optimistic) external {
        PayloadError fault = PayloadError(bound(which, 1, 3));
        JobId plain = optimistic ? PLAIN.order(_optimistic()) : PLAIN.order(_replicated());
        JobId eager = optimistic ? EAGER.order(_optimistic()) : EAGER.order(_replicated());
        for (uint256 i; i < 2; ++i) {
            JobId id = i == 0 ? plain : eager;
            if (optimistic) OPTIMISTIC.fail(id, fault);
            else MARKET.fail(id, fault);
        }
        require(PLAIN.results() == 0, "a fault is no result");
        _requireStatus(PLAIN, plain, ResultStatus.Final);
        ResultPolicy policy = optimistic ? ResultPolicy.Optimistic : ResultPolicy.Replicated;
        _requireLast(EAGER, eager, policy, ResultStatus.Final, fault, _none);
    }

    function test_statusOf_isVoidWithoutAResult() external {
        JobId first = PLAIN.order(_replicated());
        JobId second = PLAIN.order(_optimistic());
        MARKET.abandon(first);
        OPTIMISTIC.abandon(second);
        _requireStatus(PLAIN, first, ResultStatus.Void);
        _requireStatus(PLAIN, second, ResultStatus.Void);
    }

    function test_forget_refusesTheResult() external {
        JobId id = PLAIN.order(_replicated());
        PLAIN.forget(id);
        _requireStatus(PLAIN, id, ResultStatus.Void);
        VM.prank(address(MARKET));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNotWaiting.selector, id));
        PLAIN.onInference(id, VERSION, PayloadError.None, abi.encode(_scores(1)));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNotWaiting.selector, id));
        PLAIN.forget(id);
    }

    /// @dev Provisional answers are opted into twice: by the order, and by the contract.
    function test_onProvisionalInference_isOptIn() external {
        OptimisticTerms memory terms = _optimistic();
        JobId id = EAGER.order(terms);
        VM.prank(address(OPTIMISTIC));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerTakesNoProvisional.selector, id));
        EAGER.onProvisionalInference(id, VERSION, PayloadError.None, abi.encode(_scores(1)), NOW);

        terms.provisional = true;
        id = PLAIN.order(terms);
        VM.prank(address(OPTIMISTIC));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerTakesNoProvisional.selector, id));
        PLAIN.onProvisionalInference(id, VERSION, PayloadError.None, abi.encode(_scores(1)), NOW);
        OPTIMISTIC.fulfil(id, _scores(1));
        require(PLAIN.results() == 1, "the final result comes all the same");
    }

    function test_onProvisionalInference_countsWhenItIsUpheld() external {
        JobId id = _orderedProvisionally();
        OPTIMISTIC.answer(id, _scores(4));
        _requireLast(EAGER, id, ResultPolicy.Optimistic, ResultStatus.Provisional, PayloadError.None, _scores(4));
        require(EAGER.disputableUntil() == NOW + 3_600, "window");
        _requireStatus(EAGER, id, ResultStatus.Provisional);
        // What was taken in time is not too late afterwards.
        VM.warp(ACCEPT_UNTIL + 1);
        _requireStatus(EAGER, id, ResultStatus.Provisional);
        OPTIMISTIC.uphold(id);
        _requireStatus(EAGER, id, ResultStatus.Final);
    }

    /// @dev What was found false counts no more, and the second node's answer replaces it.
    function testFuzz_onProvisionalInference_isReplacedWhenItWasFalse(bool provisionally) external {
        JobId id = _orderedProvisionally();
        OPTIMISTIC.answer(id, _scores(4));
        OPTIMISTIC.refute(id);
        _requireStatus(EAGER, id, ResultStatus.Waiting);
        if (provisionally) {
            OPTIMISTIC.answer(id, _scores(5));
            _requireStatus(EAGER, id, ResultStatus.Provisional);
            OPTIMISTIC.refute(id);
            _requireStatus(EAGER, id, ResultStatus.Void);
        } else {
            OPTIMISTIC.fulfil(id, _scores(5));
            _requireLast(EAGER, id, ResultPolicy.Optimistic, ResultStatus.Final, PayloadError.None, _scores(5));
            _requireStatus(EAGER, id, ResultStatus.Final);
        }
    }

    function _orderedProvisionally() private returns (JobId) {
        OptimisticTerms memory terms = _optimistic();
        terms.provisional = true;
        return EAGER.order(terms);
    }
}
