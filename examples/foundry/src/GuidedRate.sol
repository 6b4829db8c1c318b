// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InferenceConsumer} from "@opg-protocol/contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {NumberLib} from "@opg-protocol/contracts/libraries/NumberLib.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {Inference, OptimisticTerms, ResultStatus} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

/// @title An interest rate that a model proposes from the use of a pool, and this contract bounds
/// @notice A model is never trusted further than a wrong answer could hurt: the rate stays within hard bounds and moves by a
/// point at most, whatever is proposed. One order at a time, so that an old proposal cannot follow a newer one. A treasury pays, which
/// lets this contract use its balance in the market up to a cap.
contract GuidedRate is InferenceConsumer {
    int256 public constant LEAST_RATE = 0;
    int256 public constant MOST_RATE = 0.2e18;
    int256 public constant MOST_MOVE = 0.01e18;

    VersionId public immutable MODEL;
    /// @dev Pays for orders, and gets back what they do not use.
    address public immutable TREASURY;
    /// @dev Per year, 1e18 is 100 %.
    int256 public rate = 0.05e18;
    JobId public running;

    error RateStillOrdered(JobId jobId);

    constructor(
        IOptimisticMarketplace optimistic,
        VersionId model,
        address treasury
    ) InferenceConsumer(IInferenceMarketplace(address(0)), optimistic) {
        (MODEL, TREASURY) = (model, treasury);
    }

    /// @param use Part of the pool that is lent, 1e18 is all of it.
    /// @param change What it was a day ago less what it is.
    function propose(int256 use, int256 change) external returns (JobId) {
        if (statusOf(running) == ResultStatus.Waiting) revert RateStillOrdered(running);
        OptimisticTerms memory terms;
        (terms.versionId, terms.price, terms.lowestPrice) = (MODEL, 2e18, 0.5e18);
        (terms.auctionDelay, terms.auctionRamp, terms.answerPeriod) = (60, 600, 1_800);
        (terms.windowPeriod, terms.valueAtStake, terms.auditBps) = (36 hours, 10_000, 500);
        (terms.callbackGas, terms.deliveryTip) = (200_000, 0.05e18);
        terms.acceptUntil = uint48(block.timestamp + 4 days);
        running = _requestInference(terms, TermsLib.inPlace(_features(use, change)));
        return running;
    }

    function _onInference(Inference memory result) internal override {
        int256 proposed = TensorLib.wadAt(result.outputs[0], 0);
        int256 near = NumberLib.clamp(proposed, rate - MOST_MOVE, rate + MOST_MOVE);
        rate = NumberLib.clamp(near, LEAST_RATE, MOST_RATE);
    }

    function _payer() internal view override returns (address) {
        return TREASURY;
    }

    function _features(int256 use, int256 change) private pure returns (Tensor[] memory input) {
        int256[] memory wads = new int256[](2);
        (wads[0], wads[1]) = (use, change);
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (1, 2);
        input = new Tensor[](1);
        input[0] = TensorLib.ofWads(wads, shape);
    }
}
