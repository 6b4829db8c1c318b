// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {TensorLib} from "../../contracts/libraries/TensorLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {InferenceInput, OptimisticTerms, ReplicatedTerms} from "../../contracts/types/ConsumerTypes.sol";
import {AccountAmount, Job, JobRules, JobShape} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {OptimisticJob, OptimisticRules, OptimisticShape} from "../../contracts/types/OptimisticTypes.sol";
import {Tensor} from "../../contracts/types/PayloadTypes.sol";
import {VM} from "../support/Vm.sol";

/// @title Orders of contracts are read by the market as they were meant
contract TermsLibTest {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using OptimisticJobLib for OptimisticShape;
    using TermsLib for OptimisticTerms;
    using TermsLib for ReplicatedTerms;

    function testFuzz_packed_replicated(
        ReplicatedTerms memory t,
        bytes32 root,
        address payer,
        address callback,
        uint40 nonce
    ) external pure {
        Job memory order = t.packed(root, payer, callback, nonce);
        require(VersionId.unwrap(order.versionId) == VersionId.unwrap(t.versionId), "version");
        require(order.inputRoot == root && JobRules.unwrap(order.rules) == 0, "root, rules");
        require(order.requester.account() == payer && order.requester.amount() == t.seatPrice, "requester");
        require(order.callback.account() == callback && order.callback.amount() == t.deliveryTip, "callback");
        require(order.royalty.account() == address(0) && order.royalty.amount() == t.maxRoyalty, "royalty");
        JobShape shape = order.shape;
        require(shape.quorum() == t.quorum && shape.auditBps() == t.auditBps, "quorum, audit");
        require(shape.collateralFactor() == t.collateralFactor, "collateral");
        require(shape.sealPeriod() == t.sealPeriod && shape.windowPeriod() == t.windowPeriod, "periods");
        require(shape.callbackGas() == t.callbackGas && uint40(_word(shape) >> 96) == nonce, "gas, nonce");
        require(shape.requestedAt() == 0 && shape.requestBlock() == 0, "stamp");
    }

    function testFuzz_packed_optimistic(
        OptimisticTerms memory t,
        bytes32 root,
        address payer,
        address callback,
        uint40 nonce
    ) external pure {
        OptimisticJob memory order = t.packed(root, payer, callback, nonce);
        require(VersionId.unwrap(order.versionId) == VersionId.unwrap(t.versionId), "version");
        require(order.inputRoot == root && OptimisticRules.unwrap(order.rules) == 0, "root, rules");
        require(order.requester.account() == payer && order.requester.amount() == t.price, "requester");
        require(order.node.account() == t.node && order.node.amount() == t.lowestPrice, "node");
        require(order.callback.account() == callback && order.callback.amount() == t.deliveryTip, "callback");
        require(order.royalty.account() == address(0) && order.royalty.amount() == t.maxRoyalty, "royalty");
        OptimisticShape shape = order.shape;
        require(shape.windowPeriod() == t.windowPeriod && shape.answerPeriod() == t.answerPeriod, "periods");
        require(shape.auctionDelay() == t.auctionDelay && shape.auctionRamp() == t.auctionRamp, "auction");
        require(shape.auditBps() == t.auditBps && shape.takesProvisional() == t.provisional, "audit, provisional");
        require(shape.valueAtStake() == uint256(t.valueAtStake) * 1e18, "value");
        uint256 word = uint256(OptimisticShape.unwrap(shape));
        require(shape.callbackGas() == t.callbackGas && uint48(word >> 80) == nonce, "gas, nonce");
        require(shape.requestedAt() == 0, "stamp");
    }

    function testFuzz_inPlace_commitsToWhatItCarries(bytes calldata data) external view {
        VM.assume(data.length > 0);
        Tensor[] memory tensors = new Tensor[](1);
        tensors[0] = TensorLib.ofBytes(data);
        InferenceInput memory input = TermsLib.inPlace(tensors);
        require(input.root == this.rootOfEncoded(input.carried), "root");
        require(input.carried[0] == 0, "it would be taken for a URI");
    }

    function testFuzz_fetchedFrom_needsUriAndRoot(string calldata uri, bytes32 root) external {
        bool missing = bytes(uri).length == 0 || bytes(uri)[0] == 0 || root == 0;
        if (missing) VM.expectRevert(abi.encodeWithSelector(TermsLib.ConsumerNoInput.selector, uri, root));
        InferenceInput memory input = this.fetchedFrom(uri, root);
        if (missing) return;
        require(input.root == root && keccak256(input.carried) == keccak256(bytes(uri)), "input");
    }

    function test_fetchedFrom_refusesEachThatIsMissing() external {
        string[3] memory uris = ["", string(hex"00"), "ipfs://input"];
        for (uint256 i; i < uris.length; ++i) {
            bytes32 root = i == 2 ? bytes32(0) : bytes32("root");
            VM.expectRevert(abi.encodeWithSelector(TermsLib.ConsumerNoInput.selector, uris[i], root));
            this.fetchedFrom(uris[i], root);
        }
    }

    function fetchedFrom(string calldata uri, bytes32 root) external pure returns (InferenceInput memory) {
        return TermsLib.fetchedFrom(uri, root);
    }

    function rootOfEncoded(bytes calldata payload) external pure returns (bytes32) {
        return PayloadLib.rootOfEncoded(payload);
    }

    function _word(JobShape shape) private pure returns (uint256) {
        return uint256(JobShape.unwrap(shape));
    }
}
