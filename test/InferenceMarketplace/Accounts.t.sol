// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {JobRules} from "../../contracts/types/JobTypes.sol";
import {LedgerTest} from "../support/behaviours/LedgerTest.sol";
import {VM} from "../support/Vm.sol";

/// @title Money that is in the market, but in no job
contract AccountsTest is LedgerTest {
    function test_setTreasury_needsAnAccount() external {
        bytes memory refusal = abi.encodeWithSelector(ILedger.LedgerZeroAccount.selector);
        _refuse(address(this), address(MARKET), abi.encodeCall(MARKET.setTreasury, (address(0))), refusal);
    }

    /// @dev No part of a balance goes to nobody, whoever moves it.
    function testFuzz_spend_needsAnAccount(address caller, address from, uint256 amount) external {
        bytes memory refusal = abi.encodeWithSelector(ILedger.LedgerZeroAccount.selector);
        _refuse(caller, address(MARKET), abi.encodeCall(MARKET.spend, (from, address(0), amount)), refusal);
    }

    function testFuzz_governance_isTheAdminsAlone(address caller, address treasury, uint256 marginPeriod) external {
        VM.assume(caller != address(this));
        bytes memory refusal = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        _refuse(caller, address(MARKET), abi.encodeCall(MARKET.setTreasury, (treasury)), refusal);
        (JobRules rules, ) = MARKET.governed();
        _refuse(caller, address(MARKET), abi.encodeCall(MARKET.setRules, (rules, marginPeriod)), refusal);
    }

    function _ledger() internal view override returns (address) {
        return address(MARKET);
    }

    function _balanceOf(address account) internal view override returns (uint256 balance) {
        (balance, ) = MARKET.accountOf(account);
    }
}
