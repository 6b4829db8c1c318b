// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {InferenceInput, OptimisticTerms, ReplicatedTerms} from "../types/ConsumerTypes.sol";
import {Job, JobRules, JobShape} from "../types/JobTypes.sol";
import {OptimisticJob, OptimisticRules, OptimisticShape} from "../types/OptimisticTypes.sol";
import {Tensor} from "../types/PayloadTypes.sol";
import {JobLib} from "./JobLib.sol";
import {PayloadLib} from "./PayloadLib.sol";

/// @title What contracts order, packed as markets take it
/// @dev Every field has the width that it has in the packing, so nothing can run over.
library TermsLib {
    uint256 private constant PROVISIONAL = 1;

    /// @notice An input is fetched from nowhere, or its URI would be taken for tensors.
    /// @custom:fix Give a URI of 1 to 256 bytes, and the payload root of what it serves.
    error ConsumerNoInput(string uri, bytes32 root);

    /// @dev An input that travels with its order.
    /// @custom:shape `abi.encode(tensors)`
    function inPlace(Tensor[] memory tensors) internal pure returns (InferenceInput memory) {
        return InferenceInput(PayloadLib.root(tensors), abi.encode(tensors));
    }

    /// @dev An input that nodes fetch. Where they find something else, the job ends with `PayloadError.InputMissing`.
    function fetchedFrom(string memory uri, bytes32 root) internal pure returns (InferenceInput memory) {
        bytes memory carried = bytes(uri);
        if (carried.length == 0 || carried[0] == 0 || root == 0) revert ConsumerNoInput(uri, root);
        return InferenceInput(root, carried);
    }

    /// @param requester Who pays, and gets refunds.
    /// @param callback Who gets the result.
    /// @param nonce Tells orders apart that are equal otherwise.
    function packed(
        ReplicatedTerms memory terms,
        bytes32 inputRoot,
        address requester,
        address callback,
        uint40 nonce
    ) internal pure returns (Job memory order) {
        uint256 shape = terms.quorum;
        shape |= uint256(terms.auditBps) << 8;
        shape |= uint256(terms.collateralFactor) << 24;
        shape |= uint256(terms.sealPeriod) << 40;
        shape |= uint256(terms.callbackGas) << 64;
        shape |= uint256(nonce) << 96;
        shape |= uint256(terms.windowPeriod) << 136;
        order = Job({
            versionId: terms.versionId,
            inputRoot: inputRoot,
            requester: JobLib.pair(requester, terms.seatPrice),
            callback: JobLib.pair(callback, terms.deliveryTip),
            royalty: JobLib.pair(address(0), terms.maxRoyalty),
            shape: JobShape.wrap(bytes32(shape)),
            rules: JobRules.wrap(0)
        });
    }

    /// @param requester Who pays, and gets refunds.
    /// @param callback Who gets the result.
    /// @param nonce Tells orders apart that are equal otherwise.
    function packed(
        OptimisticTerms memory terms,
        bytes32 inputRoot,
        address requester,
        address callback,
        uint40 nonce
    ) internal pure returns (OptimisticJob memory order) {
        uint256 shape = terms.windowPeriod;
        shape |= uint256(terms.answerPeriod) << 24;
        shape |= uint256(terms.callbackGas) << 48;
        shape |= uint256(nonce) << 80;
        shape |= uint256(terms.auditBps) << 128;
        shape |= uint256(terms.auctionDelay) << 144;
        shape |= uint256(terms.auctionRamp) << 160;
        shape |= (terms.provisional ? PROVISIONAL : 0) << 184;
        shape |= uint256(terms.valueAtStake) << 192;
        order = OptimisticJob({
            versionId: terms.versionId,
            inputRoot: inputRoot,
            requester: JobLib.pair(requester, terms.price),
            node: JobLib.pair(terms.node, terms.lowestPrice),
            callback: JobLib.pair(callback, terms.deliveryTip),
            royalty: JobLib.pair(address(0), terms.maxRoyalty),
            shape: OptimisticShape.wrap(bytes32(shape)),
            rules: OptimisticRules.wrap(0)
        });
    }
}
