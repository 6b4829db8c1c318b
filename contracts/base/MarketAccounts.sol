// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {IMandates} from "../interfaces/IMandates.sol";
import {IMarketAccounts} from "../interfaces/IMarketAccounts.sol";
import {IOPGToken} from "../interfaces/IOPGToken.sol";
import {AccountLib} from "../libraries/AccountLib.sol";
import {Account} from "../types/MarketTypes.sol";
import {Ledger} from "./Ledger.sol";

/// @title The balances that a market keeps
abstract contract MarketAccounts is AccessManaged, Multicall, Ledger, IMarketAccounts {
    using AccountLib for Account;
    using SafeERC20 for IOPGToken;

    /// @inheritdoc IMarketAccounts
    IMandates public immutable MANDATES;

    address internal _treasury;
    mapping(address account => Account) internal _accounts;

    constructor(IMandates mandates) {
        MANDATES = mandates;
    }

    /// @inheritdoc IMarketAccounts
    function spend(address from, address to, uint256 amount) external {
        if (to == address(0)) revert LedgerZeroAccount();
        _checkSpender(from, amount);
        _move(from, to, amount);
    }

    /// @inheritdoc IMarketAccounts
    function collectFees(address[] calldata accounts) external nonReentrant returns (uint256 amount) {
        // Bounded by the caller's own gas; every account can be collected by itself.
        for (uint256 i; i < accounts.length; ++i) {
            Account account = _accounts[accounts[i]];
            _accounts[accounts[i]] = account.withoutFees();
            amount += account.fees();
            emit FeesCollected(accounts[i], _treasury, account.fees());
        }
        TOKEN.safeTransfer(_treasury, amount);
    }

    /// @inheritdoc IMarketAccounts
    function setTreasury(address account) external restricted {
        _setTreasury(account);
    }

    /// @inheritdoc IMarketAccounts
    function accountOf(address account) external view returns (uint256 balance, uint256 fees) {
        return (_accounts[account].balance(), _accounts[account].fees());
    }

    function _credit(address account, uint256 amount) internal override {
        _accounts[account] = _accounts[account].plus(amount);
    }

    function _debit(address account, uint256 amount) internal override {
        Account before = _accounts[account];
        if (amount > before.balance()) revert LedgerInsufficientBalance(account, before.balance(), amount);
        _accounts[account] = before.minus(amount);
    }

    /// @dev Divides a reward among those who proved a lie.
    /// @return share What each of them gets.
    /// @custom:rounds Down.
    function _reward(address[] memory challengers, uint256 amount) internal returns (uint256 share) {
        share = amount / challengers.length; // there is one who decided
        for (uint256 i; i < challengers.length; ++i) _credit(challengers[i], share);
    }

    function _burn(uint256 amount) internal {
        if (amount > 0) TOKEN.burn(amount);
    }

    /// @dev Reverts unless the caller may use so much of a balance: it is its own, or its cap allows it.
    function _checkSpender(address account, uint256 amount) internal {
        if (msg.sender != account) MANDATES.spend(account, msg.sender, amount);
    }

    function _move(address from, address to, uint256 amount) internal {
        _debit(from, amount);
        _credit(to, amount);
        emit BalanceMoved(from, to, amount);
    }

    function _setTreasury(address account) internal {
        if (account == address(0)) revert LedgerZeroAccount();
        _treasury = account;
        emit TreasurySet(account);
    }
}
