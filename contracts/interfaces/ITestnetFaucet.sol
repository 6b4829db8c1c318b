// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title OPG to try things with
/// @notice Gives everybody who asks a fixed amount a day, until that day's amount for all is given. It must never be where OPG is
/// worth something, so the modules of a production deployment do not know it.
interface ITestnetFaucet {
    /// @notice `account` got `amount` of OPG (base units).
    event Dripped(address indexed account, uint256 amount);

    /// @notice The account has had its part.
    /// @custom:fix Ask again at `nextAt` (unix seconds).
    error FaucetTooSoon(address account, uint256 nextAt);

    /// @notice Today's amount for all is given.
    /// @custom:fix Ask again at `nextAt` (unix seconds).
    error FaucetDry(uint256 nextAt);

    /// @notice What it gives.
    function TOKEN() external view returns (IERC20);

    /// @notice What one account gets at once, OPG, base units.
    function DRIP() external view returns (uint256);

    /// @notice What all accounts together can get in one day of UTC, OPG, base units.
    function DAILY_CAP() external view returns (uint256);

    /// @notice Gives an account its part. Anyone may ask for it.
    /// @param account Who gets it.
    function drip(address account) external;

    /// @notice When an account can ask again, unix seconds; it can now if that is past.
    function nextAt(address account) external view returns (uint256);
}
