// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount} from "../types/JobTypes.sol";
import {HashLib} from "./HashLib.sol";
import {JobLib} from "./JobLib.sol";

/// @title Orders as bytes, of either market
/// @custom:shape `abi.encode(Job)` or `abi.encode(OptimisticJob)`
library EncodedOrderLib {
    using JobLib for AccountAmount;

    /// @notice The order is of no market.
    /// @custom:fix Encode a `Job`, which is 224 bytes, or an `OptimisticJob`, which is 256.
    error MarketUnknownOrder(uint256 length);

    /// @dev Whether several nodes are to answer; else one is: the length tells. The caller has checked that there is a market for it.
    function isForSeveral(bytes calldata order) internal pure returns (bool) {
        return order.length == HashLib.JOB_BYTES;
    }

    /// @dev Who pays for an order, whichever market it is for: the third word.
    function requesterOf(bytes calldata order) internal pure returns (address) {
        if (order.length != HashLib.JOB_BYTES && order.length != HashLib.OPTIMISTIC_JOB_BYTES) {
            revert MarketUnknownOrder(order.length);
        }
        return AccountAmount.wrap(bytes32(order[0x40:0x60])).account();
    }

    /// @dev The second word, whichever market an order is for. The caller has checked that there are so many.
    function inputRootOf(bytes calldata order) internal pure returns (bytes32) {
        return bytes32(order[0x20:0x40]);
    }
}
