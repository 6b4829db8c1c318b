// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {InferenceConsumer} from "@opg-protocol/contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {
    Inference,
    InferenceInput,
    OptimisticTerms,
    ResultStatus
} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

/// @title Cover against floods that pays if a model reads a high enough level from the log of a gauge
/// @notice The keeper of a gauge writes its level, 0 to 9, and publishes a picture of that. The holder of the cover hands the picture
/// in; if a model reads the level that was agreed on or a higher one, and is not in doubt, the cover is due. Nobody has to say so,
/// neither insurer nor keeper. One contract is one cover, paid in the coin of the chain.
/// @dev Only answers that are final come here, because the terms do not say `provisional`: what is paid out cannot be taken back.
contract GaugeCover is InferenceConsumer {
    /// @dev By which the likeliest digit must lead: logits of the model, 1e18 is 1. At 2 it is seven times as likely as the next.
    int256 public constant LEAST_MARGIN = 2e18;
    uint256 public constant DIGITS = 10;
    /// @dev Seconds after a claim in which its answer is taken; the longest for which the insurer has to wait after the end.
    uint48 public constant ACCEPT_PERIOD = 7 days;

    /// @dev Has paid in, and gets that back if nothing happens.
    address public immutable INSURER;
    address public immutable HOLDER;
    /// @dev Whom both trust to publish pictures of the gauge, and nothing else.
    address public immutable KEEPER;
    /// @dev From which on the cover is due.
    uint256 public immutable LEVEL;
    /// @dev Unix seconds; the last in which a claim can be made.
    uint48 public immutable ENDS_AT;

    mapping(bytes32 pictureRoot => bool) public isAttested;
    JobId public running;
    bool public isDue;
    OptimisticTerms private _terms;

    event PictureAttested(bytes32 indexed pictureRoot);
    event Claimed(JobId indexed jobId, bytes32 indexed pictureRoot);
    event GaugeRead(JobId indexed jobId, uint256 level, int256 margin);
    event CoverPaid(address indexed to, uint256 amount);

    error CoverNotFor(address caller, address expected);
    error CoverEnded(uint256 time, uint256 endsAt);
    error CoverNotEnded(uint256 time, uint256 endsAt);
    error CoverNotAttested(bytes32 pictureRoot);
    error CoverStillClaimed(JobId jobId);
    error CoverNotDue();
    error CoverDue();

    modifier only(address expected) {
        if (msg.sender != expected) revert CoverNotFor(msg.sender, expected);
        _;
    }

    modifier beforeEnd() {
        if (block.timestamp > ENDS_AT) revert CoverEnded(block.timestamp, ENDS_AT);
        _;
    }

    /// @notice The insurer deploys it with what the cover pays, on terms that the holder has read.
    /// @param terms What is ordered for each claim; it is final answers, whatever `provisional` says.
    constructor(
        IOptimisticMarketplace optimistic,
        address holder,
        address keeper,
        uint256 level,
        uint48 endsAt,
        OptimisticTerms memory terms
    ) payable InferenceConsumer(IInferenceMarketplace(address(0)), optimistic) {
        (INSURER, HOLDER, KEEPER) = (msg.sender, holder, keeper);
        (LEVEL, ENDS_AT) = (level, endsAt);
        terms.provisional = false;
        _terms = terms;
    }

    /// @notice The keeper says that this is a picture of the gauge: else the holder could hand in whatever the model reads as a nine.
    /// @param pictureRoot As `payloadRoot` of the SDK makes it of the picture.
    function attest(bytes32 pictureRoot) external only(KEEPER) beforeEnd {
        isAttested[pictureRoot] = true;
        emit PictureAttested(pictureRoot);
    }

    /// @notice Has a picture read. One at a time; who lost a claim, or got no answer, can make another until the cover ends.
    /// @param picture One tensor, uint8, 1 x 1 x 8 x 8, ink is bright.
    function claim(Tensor[] calldata picture) external only(HOLDER) beforeEnd returns (JobId jobId) {
        InferenceInput memory input = TermsLib.inPlace(picture);
        if (!isAttested[input.root]) revert CoverNotAttested(input.root);
        _checkNothingRuns();
        OptimisticTerms memory terms = _terms;
        terms.acceptUntil = uint48(block.timestamp) + ACCEPT_PERIOD;
        jobId = _requestInference(terms, input);
        running = jobId;
        emit Claimed(jobId, input.root);
    }

    /// @notice Pays the cover out, whenever the holder likes, once it is due.
    function collect(address payable to) external only(HOLDER) {
        if (!isDue) revert CoverNotDue();
        _pay(to);
    }

    /// @notice Gives the insurer its money back, when the cover has ended without being due and no claim can change that any more.
    /// A claim without an answer stands in the way until `ACCEPT_PERIOD` is over at most.
    function reclaim(address payable to) external only(INSURER) {
        if (isDue) revert CoverDue();
        if (block.timestamp <= ENDS_AT) revert CoverNotEnded(block.timestamp, ENDS_AT);
        _checkNothingRuns();
        _pay(to);
    }

    /// @notice The holder pays for claims with `deposit` in the market, and gets back here what no claim has used.
    function withdrawOpg(address to) external only(HOLDER) {
        _withdrawTo(to);
    }

    /// @dev Only notes what follows: if the payment were made here and failed, the answer could not be taken either.
    function _onInference(Inference memory result) internal override {
        (uint256 level, int256 margin) = _read(result.outputs[0]);
        if (level >= LEVEL && margin >= LEAST_MARGIN) isDue = true;
        emit GaugeRead(result.jobId, level, margin);
    }

    function _pay(address payable to) private {
        uint256 amount = address(this).balance;
        emit CoverPaid(to, amount);
        Address.sendValue(to, amount);
    }

    function _checkNothingRuns() private view {
        if (statusOf(running) == ResultStatus.Waiting) revert CoverStillClaimed(running);
    }

    /// @return level The likeliest digit.
    /// @return margin By which it leads the next one.
    function _read(Tensor memory logits) private pure returns (uint256 level, int256 margin) {
        level = TensorLib.argMax(logits);
        int256 most = TensorLib.wadAt(logits, level);
        margin = type(int256).max;
        for (uint256 digit; digit < DIGITS; ++digit) {
            if (digit == level) continue;
            int256 lead = most - TensorLib.wadAt(logits, digit);
            if (lead < margin) margin = lead;
        }
    }
}
