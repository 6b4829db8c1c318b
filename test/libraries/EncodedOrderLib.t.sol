// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EncodedOrderLib} from "../../contracts/libraries/EncodedOrderLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {Job, JobShape} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticShape} from "../../contracts/types/OptimisticTypes.sol";
import {VM} from "../support/Vm.sol";

contract EncodedOrderLibTest {
    using EncodedOrderLib for Job;
    using EncodedOrderLib for OptimisticJob;

    uint256 private constant NONCE = uint256(type(uint40).max) << 96;
    uint256 private constant OPTIMISTIC_NONCE = uint256(type(uint48).max) << 80;

    function testFuzz_setNonce_changesTheNonceAlone(
        Job memory order,
        OptimisticJob memory offer,
        uint40 nonce
    ) external pure {
        bytes32 shape = JobShape.unwrap(order.shape);
        bytes32 rest = _hashWithout(order);
        order.setNonce(nonce);
        uint256 word = uint256(JobShape.unwrap(order.shape));
        require(word == (uint256(shape) & ~NONCE) | (uint256(nonce) << 96), "nonce");
        require(_hashWithout(order) == rest, "rest");

        shape = OptimisticShape.unwrap(offer.shape);
        rest = _hashWithout(offer);
        offer.setNonce(nonce);
        word = uint256(OptimisticShape.unwrap(offer.shape));
        require(word == (uint256(shape) & ~OPTIMISTIC_NONCE) | (uint256(nonce) << 80), "optimistic nonce");
        require(_hashWithout(offer) == rest, "optimistic rest");
    }

    /// @dev Whichever market an order is for, its requester and its input are found at the same places.
    function testFuzz_requesterOf_andInputRootOf_areThoseOfBothOrders(
        Job memory order,
        OptimisticJob memory offer
    ) external view {
        require(this.requesterOf(abi.encode(order)) == JobLib.account(order.requester), "order");
        require(this.requesterOf(abi.encode(offer)) == JobLib.account(offer.requester), "offer");
        require(this.inputRootOf(abi.encode(order)) == order.inputRoot, "input of order");
        require(this.inputRootOf(abi.encode(offer)) == offer.inputRoot, "input of offer");
    }

    function testFuzz_requesterOf_refusesOrdersOfNoMarket(bytes calldata order) external {
        VM.assume(order.length != 224 && order.length != 256);
        VM.expectRevert(abi.encodeWithSelector(EncodedOrderLib.MarketUnknownOrder.selector, order.length));
        this.requesterOf(order);
    }

    function testFuzz_isForSeveral_tellsByTheLength(Job memory order, OptimisticJob memory offer) external view {
        require(this.isForSeveral(abi.encode(order)), "order");
        require(!this.isForSeveral(abi.encode(offer)), "offer");
    }

    function isForSeveral(bytes calldata order) external pure returns (bool) {
        return EncodedOrderLib.isForSeveral(order);
    }

    function inputRootOf(bytes calldata order) external pure returns (bytes32) {
        return EncodedOrderLib.inputRootOf(order);
    }

    function requesterOf(bytes calldata order) external pure returns (address) {
        return EncodedOrderLib.requesterOf(order);
    }

    function _hashWithout(Job memory order) private pure returns (bytes32) {
        Job memory copy = abi.decode(abi.encode(order), (Job));
        copy.shape = JobShape.wrap(0);
        return keccak256(abi.encode(copy));
    }

    function _hashWithout(OptimisticJob memory order) private pure returns (bytes32) {
        OptimisticJob memory copy = abi.decode(abi.encode(order), (OptimisticJob));
        copy.shape = OptimisticShape.wrap(0);
        return keccak256(abi.encode(copy));
    }
}
