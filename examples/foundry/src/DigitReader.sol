// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InferenceConsumer} from "@opg-protocol/contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {Inference, ReplicatedTerms} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

/// @title Has a picture of a digit read by at least three nodes that agree
contract DigitReader is InferenceConsumer {
    address public immutable OWNER = msg.sender;
    VersionId public immutable MODEL;
    mapping(JobId jobId => uint256) public digitOf;

    error ReaderNotOwner(address caller, address owner);

    constructor(
        IInferenceMarketplace market,
        VersionId model
    ) InferenceConsumer(market, IOptimisticMarketplace(address(0))) {
        MODEL = model;
    }

    function read(Tensor[] calldata picture) external returns (JobId) {
        ReplicatedTerms memory terms;
        (terms.versionId, terms.quorum, terms.seatPrice) = (MODEL, 3, 0.1e18);
        (terms.collateralFactor, terms.sealPeriod) = (32, 300);
        (terms.callbackGas, terms.deliveryTip) = (200_000, 0.05e18);
        terms.acceptUntil = uint48(block.timestamp + 1 days);
        return _requestInference(terms, TermsLib.inPlace(picture));
    }

    /// @notice Gives the owner what no order has used.
    function withdraw() external {
        if (msg.sender != OWNER) revert ReaderNotOwner(msg.sender, OWNER);
        _withdrawTo(OWNER);
    }

    function _onInference(Inference memory result) internal override {
        digitOf[result.jobId] = TensorLib.argMax(result.outputs[0]);
    }
}
