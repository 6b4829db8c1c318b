// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ITestnetFaucet} from "../interfaces/ITestnetFaucet.sol";

/// @title OPG to try things with
contract TestnetFaucet is ITestnetFaucet {
    using SafeERC20 for IERC20;

    /// @inheritdoc ITestnetFaucet
    IERC20 public immutable TOKEN;
    /// @inheritdoc ITestnetFaucet
    uint256 public immutable DRIP;
    /// @inheritdoc ITestnetFaucet
    uint256 public immutable DAILY_CAP;

    /// @inheritdoc ITestnetFaucet
    mapping(address account => uint256) public nextAt;
    mapping(uint256 day => uint256) private _given;

    /// @param token OPG.
    /// @param amount What one account gets at once, OPG, base units.
    /// @param dailyCap What all accounts together get in a day, OPG, base units.
    constructor(IERC20 token, uint256 amount, uint256 dailyCap) {
        TOKEN = token;
        DRIP = amount;
        DAILY_CAP = dailyCap;
    }

    /// @inheritdoc ITestnetFaucet
    function drip(address account) external {
        if (block.timestamp < nextAt[account]) revert FaucetTooSoon(account, nextAt[account]);
        uint256 today = block.timestamp / 1 days;
        uint256 given = _given[today] + DRIP;
        if (given > DAILY_CAP) revert FaucetDry((today + 1) * 1 days);

        nextAt[account] = block.timestamp + 1 days;
        _given[today] = given;
        emit Dripped(account, DRIP);
        TOKEN.safeTransfer(account, DRIP);
    }
}
