// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ShownReceipt} from "../types/SessionTypes.sol";

/// @title The slot of a receipt that was shown
library ShownReceiptLib {
    uint256 private constant PRICE_SHIFT = 48;

    /// @dev The same statement shown again: the later time and the higher price count.
    function with(ShownReceipt self, uint256 until, uint256 price_) internal pure returns (ShownReceipt) {
        uint256 laterUntil = until > disputableUntil(self) ? until : disputableUntil(self);
        uint256 higherPrice = price_ > price(self) ? price_ : price(self);
        return ShownReceipt.wrap(laterUntil | (higherPrice << PRICE_SHIFT));
    }

    function isNone(ShownReceipt self) internal pure returns (bool) {
        return ShownReceipt.unwrap(self) == 0;
    }

    /// @dev Unix seconds, exclusive.
    function disputableUntil(ShownReceipt self) internal pure returns (uint256) {
        return uint48(ShownReceipt.unwrap(self));
    }

    /// @dev OPG, base units.
    function price(ShownReceipt self) internal pure returns (uint256) {
        return ShownReceipt.unwrap(self) >> PRICE_SHIFT;
    }
}
