// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {EncodedOrderLib} from "../../contracts/libraries/EncodedOrderLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {Job} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob} from "../../contracts/types/OptimisticTypes.sol";
import {VM} from "../support/Vm.sol";

contract EncodedOrderLibTest {
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
}
