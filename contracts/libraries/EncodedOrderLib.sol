// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount, Job, JobShape} from "../types/JobTypes.sol";
import {OptimisticJob, OptimisticShape} from "../types/OptimisticTypes.sol";
import {JobLib} from "./JobLib.sol";

/// @title Orders as bytes, of either market
/// @custom:shape `abi.encode(Job)` or `abi.encode(OptimisticJob)`
library EncodedOrderLib {
    using JobLib for AccountAmount;

    /// @dev Lengths of encoded orders; they tell for which market an order is.
    uint256 private constant JOB_BYTES = 7 * 32;
    uint256 private constant OPTIMISTIC_JOB_BYTES = 8 * 32;

    /// @dev Where a nonce stands in the shapes of orders.
    uint256 private constant NONCE_SHIFT = 96;
    uint256 private constant OPTIMISTIC_NONCE_SHIFT = 80;
    uint256 private constant NONCE_MASK = type(uint40).max;
    uint256 private constant OPTIMISTIC_NONCE_MASK = type(uint48).max;

    /// @notice The order is of no market.
    /// @custom:fix Encode a `Job`, which is 224 bytes, or an `OptimisticJob`, which is 256.
    error MarketUnknownOrder(uint256 length);

    /// @dev Whether several nodes are to answer; else one is. The caller has checked that there is a market for it.
    function isForSeveral(bytes calldata order) internal pure returns (bool) {
        return order.length == JOB_BYTES;
    }

    /// @dev Who pays for an order, whichever market it is for: the third word.
    function requesterOf(bytes calldata order) internal pure returns (address) {
        if (order.length != JOB_BYTES && order.length != OPTIMISTIC_JOB_BYTES) revert MarketUnknownOrder(order.length);
        return AccountAmount.wrap(bytes32(order[0x40:0x60])).account();
    }

    /// @dev The second word, whichever market an order is for. The caller has checked that there are so many.
    function inputRootOf(bytes calldata order) internal pure returns (bytes32) {
        return bytes32(order[0x20:0x40]);
    }

    /// @param nonce Below 2^40.
    function setNonce(Job memory order, uint256 nonce) internal pure {
        uint256 rest = uint256(JobShape.unwrap(order.shape)) & ~(NONCE_MASK << NONCE_SHIFT);
        order.shape = JobShape.wrap(bytes32(rest | (nonce << NONCE_SHIFT)));
    }

    /// @param nonce Below 2^48.
    function setNonce(OptimisticJob memory order, uint256 nonce) internal pure {
        uint256 rest =
            uint256(OptimisticShape.unwrap(order.shape)) & ~(OPTIMISTIC_NONCE_MASK << OPTIMISTIC_NONCE_SHIFT);
        order.shape = OptimisticShape.wrap(bytes32(rest | (nonce << OPTIMISTIC_NONCE_SHIFT)));
    }
}
