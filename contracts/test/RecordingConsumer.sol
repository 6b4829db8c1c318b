// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InferenceConsumer} from "../consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "../interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "../interfaces/IOptimisticMarketplace.sol";
import {TermsLib} from "../libraries/TermsLib.sol";
import {Inference, OptimisticTerms, ReplicatedTerms} from "../types/ConsumerTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {Tensor} from "../types/PayloadTypes.sol";

/// @title A consumer that orders whatever it is told, and shows what it gets or refuses it
contract RecordingConsumer is InferenceConsumer {
    bool public refuses;

    event Result(Inference result);
    event Fault(Inference result);
    event Provisional(Inference result, uint256 disputableUntil);

    error Refused(JobId jobId);

    /// @param market Where several nodes answer.
    /// @param optimistic Where one node answers.
    constructor(
        IInferenceMarketplace market,
        IOptimisticMarketplace optimistic
    ) InferenceConsumer(market, optimistic) {}

    /// @param refuses_ Whether results are refused from now on.
    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    function orderReplicated(ReplicatedTerms calldata terms, Tensor[] calldata input) external returns (JobId) {
        return _requestInference(terms, TermsLib.inPlace(input));
    }

    function orderReplicatedFrom(ReplicatedTerms calldata terms, string calldata uri, bytes32 root) external {
        _requestInference(terms, TermsLib.fetchedFrom(uri, root));
    }

    function orderOptimistic(OptimisticTerms calldata terms, Tensor[] calldata input) external returns (JobId) {
        return _requestInference(terms, TermsLib.inPlace(input));
    }

    function orderOptimisticFrom(OptimisticTerms calldata terms, string calldata uri, bytes32 root) external {
        _requestInference(terms, TermsLib.fetchedFrom(uri, root));
    }

    function forget(JobId jobId) external {
        _forget(jobId);
    }

    function _onInference(Inference memory result) internal override {
        if (refuses) revert Refused(result.jobId);
        emit Result(result);
    }

    function _onFault(Inference memory result) internal override {
        emit Fault(result);
    }

    function _onProvisional(Inference memory result, uint256 disputableUntil) internal override {
        emit Provisional(result, disputableUntil);
    }
}
