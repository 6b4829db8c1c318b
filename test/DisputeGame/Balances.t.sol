// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LedgerTest} from "../support/behaviours/LedgerTest.sol";

/// @title Money that waits for a dispute
contract BalancesTest is LedgerTest {
    function _ledger() internal view override returns (address) {
        return address(DISPUTES);
    }

    function _balanceOf(address account) internal view override returns (uint256) {
        return DISPUTES.balanceOf(account);
    }
}
