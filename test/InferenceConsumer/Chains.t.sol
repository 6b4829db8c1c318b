// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InferenceConsumer} from "../../contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {Inference, InferenceInput, OptimisticTerms, ResultStatus} from "../../contracts/types/ConsumerTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @dev Orders twice: the second job runs on what the first one gave.
contract TwoStages is InferenceConsumer {
    OptimisticTerms private _terms;
    JobId public first;
    JobId public second;
    JobId public last;

    constructor(IOptimisticMarketplace optimistic) InferenceConsumer(IInferenceMarketplace(address(0)), optimistic) {}

    function begin(OptimisticTerms memory terms, InferenceInput memory input) external {
        _terms = terms;
        first = _requestInference(terms, input);
    }

    function _onInference(Inference memory result) internal override {
        last = result.jobId;
        if (JobId.unwrap(result.jobId) != JobId.unwrap(first)) return;
        second = _requestInference(_terms, TermsLib.inPlace(result.outputs));
    }
}

/// @title A contract that orders on what it was handed, inside the hook, on the real market
contract ChainsTest is Offering {
    TwoStages private _consumer;
    OptimisticTerms private _terms;

    function setUp() external {
        _setUp();
        _consumer = new TwoStages(OPTIMISTIC);
        _endow(address(this));
        TOKEN.approve(address(OPTIMISTIC), FORTUNE);
        OPTIMISTIC.deposit(address(_consumer), FORTUNE / 2);
        _terms.versionId = _version;
        _terms.node = _nodes[0];
        (_terms.price, _terms.maxRoyalty) = (uint96(PRICE), uint96(ROYALTY));
        (_terms.answerPeriod, _terms.windowPeriod) = (20, 40);
        (_terms.callbackGas, _terms.acceptUntil) = (200_000, uint48(NOW + 10 days));
    }

    /// @dev The market has checked the output against its root, so that of the next order's input is the same. [T093]
    function test_onInference_ordersOnTheOutput() external {
        _consumer.begin(_terms, TermsLib.fetchedFrom("ipfs://input", "input"));
        OptimisticJob memory first = _jobOf("input", 0);
        require(JobId.unwrap(_idOf(first)) == JobId.unwrap(_consumer.first()), "another job");
        _serve(first);

        OptimisticJob memory second = _jobOf(_root, 1);
        JobId id = _consumer.second();
        require(JobId.unwrap(_idOf(second)) == JobId.unwrap(id), "not on the output of the first");
        require(_consumer.statusOf(id) == ResultStatus.Waiting, "not waiting");
        _serve(second);
        require(JobId.unwrap(_consumer.last()) == JobId.unwrap(id), "not delivered");
        require(_consumer.statusOf(id) == ResultStatus.Final, "not final");
    }

    /// @dev Answers a job with the honest output, settles and delivers it.
    function _serve(OptimisticJob memory job) private {
        _answer(job, _nodes[0], _root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        require(OPTIMISTIC.deliver(job, _nodes[0], PayloadError.None, _payload), "not taken");
    }

    /// @dev What an order of the consumer becomes in this second.
    function _jobOf(bytes32 inputRoot, uint40 nonce) private view returns (OptimisticJob memory) {
        return _becomes(TermsLib.packed(_terms, inputRoot, address(_consumer), address(_consumer), nonce), inputRoot);
    }
}
