// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccountLib} from "../../contracts/libraries/AccountLib.sol";
import {Account} from "../../contracts/types/MarketTypes.sol";

contract AccountLibTest {
    using AccountLib for Account;

    function testFuzz_plus_changesTheBalanceAlone(uint96 balance, uint96 fees, uint96 amount) external pure {
        _require(_pack(balance, fees).plus(amount), uint256(balance) + amount, fees);
    }

    function testFuzz_plusFees_changesTheFeesAlone(uint96 balance, uint96 fees, uint96 amount) external pure {
        _require(_pack(balance, fees).plusFees(amount), balance, uint256(fees) + amount);
    }

    function testFuzz_minus_changesTheBalanceAlone(uint96 balance, uint96 fees, uint96 amount) external pure {
        if (amount > balance) (balance, amount) = (amount, balance);
        _require(_pack(balance, fees).minus(amount), balance - amount, fees);
    }

    function testFuzz_withoutFees_keepsTheBalance(uint128 balance, uint128 fees) external pure {
        _require(_pack(balance, fees).withoutFees(), balance, 0);
    }

    function _pack(uint128 balance, uint128 fees) private pure returns (Account) {
        return Account.wrap(balance | (uint256(fees) << 128));
    }

    function _require(Account account, uint256 balance, uint256 fees) private pure {
        require(account.balance() == balance, "balance");
        require(account.fees() == fees, "fees");
    }
}
