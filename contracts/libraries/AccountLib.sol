// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Account} from "../types/MarketTypes.sol";

/// @title The slot of an account
/// @dev Unchecked arithmetic. No sum overflows its half: all amounts are OPG that the market holds, at most 1e27 < 2^128,
/// or the call reverts because they do not come in.
library AccountLib {
    uint256 private constant FEES_SHIFT = 128;

    function balance(Account self) internal pure returns (uint256) {
        return uint128(Account.unwrap(self));
    }

    function fees(Account self) internal pure returns (uint256) {
        return Account.unwrap(self) >> FEES_SHIFT;
    }

    function plus(Account self, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(self) + amount);
        }
    }

    function plusFees(Account self, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(self) + (amount << FEES_SHIFT));
        }
    }

    /// @dev The caller has checked that there is so much.
    function minus(Account self, uint256 amount) internal pure returns (Account) {
        unchecked {
            return Account.wrap(Account.unwrap(self) - amount);
        }
    }

    function withoutFees(Account self) internal pure returns (Account) {
        return Account.wrap(balance(self));
    }
}
