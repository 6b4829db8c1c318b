// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InferenceConsumer} from "@opg-protocol/contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {Inference, OptimisticTerms, ResultStatus} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

/// @title Shows posts that a model finds harmless
/// @notice A post is shown as soon as a node has answered, before the answer is final: showing it can be taken back. What cannot
/// be taken back, paying its author for example, must wait for `ResultStatus.Final`.
contract ModerationGate is InferenceConsumer {
    int256 public constant MOST_HARM = 0.5e18;

    /// @dev Keeps the gate supplied with OPG.
    address public immutable OWNER = msg.sender;
    VersionId public immutable MODEL;
    mapping(JobId jobId => bool) private _harmless;

    event Posted(JobId indexed jobId, address indexed author, string text);

    error GateNotOwner(address caller, address owner);

    constructor(
        IOptimisticMarketplace optimistic,
        VersionId model
    ) InferenceConsumer(IInferenceMarketplace(address(0)), optimistic) {
        MODEL = model;
    }

    function post(string calldata text) external returns (JobId jobId) {
        OptimisticTerms memory terms;
        (terms.versionId, terms.price, terms.lowestPrice) = (MODEL, 0.2e18, 0.01e18);
        (terms.auctionDelay, terms.auctionRamp, terms.answerPeriod) = (10, 120, 600);
        (terms.windowPeriod, terms.provisional) = (36 hours, true);
        (terms.callbackGas, terms.deliveryTip) = (150_000, 0.01e18);
        terms.acceptUntil = uint48(block.timestamp + 4 days);
        Tensor[] memory input = new Tensor[](1);
        input[0] = TensorLib.ofBytes(bytes(text));
        jobId = _requestInference(terms, TermsLib.inPlace(input));
        emit Posted(jobId, msg.sender, text);
    }

    /// @notice Gives the owner what no post has used.
    function withdraw() external {
        if (msg.sender != OWNER) revert GateNotOwner(msg.sender, OWNER);
        _withdrawTo(OWNER);
    }

    /// @notice An answer that was found false shows nothing, from the moment on in which the market knows.
    function isShown(JobId jobId) external view returns (bool) {
        ResultStatus status = statusOf(jobId);
        return _harmless[jobId] && (status == ResultStatus.Provisional || status == ResultStatus.Final);
    }

    function _onInference(Inference memory result) internal override {
        _harmless[result.jobId] = _isHarmless(result);
    }

    function _onFault(Inference memory result) internal override {
        _harmless[result.jobId] = false;
    }

    function _onProvisional(Inference memory result, uint256) internal override {
        _harmless[result.jobId] = _isHarmless(result);
    }

    function _isHarmless(Inference memory result) private pure returns (bool) {
        return result.outputs.length > 0 && TensorLib.wadAt(result.outputs[0], 0) <= MOST_HARM;
    }
}
