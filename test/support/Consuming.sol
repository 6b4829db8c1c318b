// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InferenceConsumer} from "../../contracts/consumer/InferenceConsumer.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {TensorLib} from "../../contracts/libraries/TensorLib.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {MockInferenceMarketplace} from "../../contracts/mock/MockInferenceMarketplace.sol";
import {MockOptimisticMarketplace} from "../../contracts/mock/MockOptimisticMarketplace.sol";
import {MockSuite} from "../../contracts/mock/MockSuite.sol";
import {
    Inference,
    OptimisticTerms,
    ReplicatedTerms,
    ResultPolicy,
    ResultStatus
} from "../../contracts/types/ConsumerTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {VM} from "./Vm.sol";

/// @title A consumer that implements one function and keeps what it got last
contract PlainConsumer is InferenceConsumer {
    Inference private _last;
    uint256 public results;

    constructor(
        IInferenceMarketplace market,
        IOptimisticMarketplace optimistic
    ) InferenceConsumer(market, optimistic) {}

    function order(ReplicatedTerms memory terms) external returns (JobId) {
        return _requestInference(terms, TermsLib.fetchedFrom("ipfs://input", "input"));
    }

    function order(OptimisticTerms memory terms) external returns (JobId) {
        return _requestInference(terms, TermsLib.fetchedFrom("ipfs://input", "input"));
    }

    function forget(JobId jobId) external {
        _forget(jobId);
    }

    function last() external view returns (Inference memory) {
        return _last;
    }

    function _onInference(Inference memory result) internal virtual override {
        ++results;
        (_last.jobId, _last.versionId, _last.policy) = (result.jobId, result.versionId, result.policy);
        (_last.status, _last.fault) = (result.status, result.fault);
        delete _last.outputs;
        for (uint256 i; i < result.outputs.length; ++i) _last.outputs.push(result.outputs[i]);
    }
}

/// @title One that also takes what is provisional, and canonical errors
contract EagerConsumer is PlainConsumer {
    uint256 public disputableUntil;

    constructor(IInferenceMarketplace market, IOptimisticMarketplace optimistic) PlainConsumer(market, optimistic) {}

    function _onFault(Inference memory result) internal override {
        _onInference(result);
    }

    function _onProvisional(Inference memory result, uint256 disputableUntil_) internal override {
        disputableUntil = disputableUntil_;
        _onInference(result);
    }
}

/// @title One that uses its market inside the hook
contract ReentrantConsumer is PlainConsumer {
    ReplicatedTerms private _terms;
    JobId public next;

    constructor(IInferenceMarketplace market) PlainConsumer(market, IOptimisticMarketplace(address(0))) {}

    /// @param terms What the hook orders; without a version it withdraws instead.
    function arm(ReplicatedTerms memory terms) external {
        _terms = terms;
    }

    function _onInference(Inference memory) internal override {
        if (VersionId.unwrap(_terms.versionId) == 0) MARKET.withdraw(address(this), 1);
        else next = _requestInference(_terms, TermsLib.fetchedFrom("ipfs://input", "input"));
    }
}

/// @title Mocks with consumers that can pay, and what they order
abstract contract Consuming {
    uint256 internal constant NOW = 1_000_000;
    uint256 internal constant FUND = 1_000e18;
    uint48 internal constant ACCEPT_UNTIL = uint48(NOW + 1 hours);
    VersionId internal constant VERSION = VersionId.wrap("version");

    MockSuite internal immutable MOCKS = new MockSuite();
    MockInferenceMarketplace internal immutable MARKET = MOCKS.MARKET();
    MockOptimisticMarketplace internal immutable OPTIMISTIC = MOCKS.OPTIMISTIC();
    PlainConsumer internal immutable PLAIN;
    EagerConsumer internal immutable EAGER;

    constructor() {
        IInferenceMarketplace market = IInferenceMarketplace(address(MARKET));
        IOptimisticMarketplace optimistic = IOptimisticMarketplace(address(OPTIMISTIC));
        PLAIN = new PlainConsumer(market, optimistic);
        EAGER = new EagerConsumer(market, optimistic);
        MOCKS.fund(address(PLAIN), FUND);
        MOCKS.fund(address(EAGER), FUND);
        VM.warp(NOW);
    }

    function _replicated() internal pure returns (ReplicatedTerms memory terms) {
        (terms.versionId, terms.seatPrice, terms.deliveryTip) = (VERSION, 1e18, 1e17);
        (terms.quorum, terms.collateralFactor, terms.sealPeriod) = (3, 8, 300);
        (terms.callbackGas, terms.acceptUntil) = (500_000, ACCEPT_UNTIL);
    }

    function _optimistic() internal pure returns (OptimisticTerms memory terms) {
        (terms.versionId, terms.price, terms.deliveryTip) = (VERSION, 2e18, 1e17);
        (terms.node, terms.answerPeriod, terms.windowPeriod) = (address(0x0de), 60, 3_600);
        (terms.callbackGas, terms.acceptUntil) = (500_000, ACCEPT_UNTIL);
    }

    function _scores(uint8 best) internal pure returns (Tensor[] memory outputs) {
        bytes memory data = new bytes(10);
        data[best % 10] = 0x7f;
        outputs = new Tensor[](1);
        outputs[0] = TensorLib.raw(TensorLib.INT8, TensorLib.vector(10), data);
    }

    /// @dev What the consumer got last, field by field.
    function _requireLast(
        PlainConsumer consumer,
        JobId jobId,
        ResultPolicy policy,
        ResultStatus status,
        PayloadError fault,
        Tensor[] memory outputs
    ) internal view {
        Inference memory expected = Inference(jobId, VERSION, policy, status, fault, outputs);
        require(keccak256(abi.encode(consumer.last())) == keccak256(abi.encode(expected)), "inference");
    }

    function _requireStatus(PlainConsumer consumer, JobId jobId, ResultStatus status) internal view {
        require(consumer.statusOf(jobId) == status, "status");
    }
}
