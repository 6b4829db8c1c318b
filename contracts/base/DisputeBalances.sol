// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {Ledger} from "./Ledger.sol";

/// @title The balances of those who dispute, and what losers leave
abstract contract DisputeBalances is Ledger, IDisputeGame {
    uint256 private _forfeited;
    mapping(address account => uint256 amount) private _balances;

    /// @inheritdoc IDisputeGame
    function burnForfeited() external nonReentrant returns (uint256 amount) {
        amount = _forfeited;
        _forfeited = 0;
        emit ForfeitedBurned(amount);
        TOKEN.burn(amount);
    }

    /// @inheritdoc IDisputeGame
    function balanceOf(address account) external view returns (uint256) {
        return _balances[account];
    }

    /// @inheritdoc IDisputeGame
    function forfeited() external view returns (uint256) {
        return _forfeited;
    }

    function _forfeit(uint256 amount) internal {
        _forfeited += amount;
    }

    function _credit(address account, uint256 amount) internal override {
        _balances[account] += amount;
    }

    function _debit(address account, uint256 amount) internal override {
        uint256 balance = _balances[account];
        if (amount > balance) revert LedgerInsufficientBalance(account, balance, amount);
        // It was just compared.
        unchecked {
            _balances[account] = balance - amount;
        }
    }
}
