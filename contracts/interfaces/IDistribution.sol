// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Share} from "../types/ControlTypes.sol";

/// @title The first holder of OPG, which pays it out
/// @notice Whom it pays is fixed when it is deployed. It knows no owner, and after `distribute` it holds nothing.
interface IDistribution {
    /// @notice `amount` (OPG, base units) is for `account`. It is paid to `payee`: the account itself, or a wallet that releases
    /// it over time.
    event Allocated(address indexed account, address indexed payee, uint256 amount);

    /// @notice A token was paid out; `remainder` of it (base units) went to `REST`.
    event Distributed(IERC20 indexed token, uint256 remainder);

    /// @notice The zero address can own nothing.
    /// @custom:fix Name an account in the allocation of this index; that behind the last one is `rest`.
    error DistributionZeroAccount(uint256 index);

    /// @notice There are fewer tokens than are to be paid out.
    /// @custom:fix Hand over `needed` base units of the token first.
    error DistributionTooSmall(IERC20 token, uint256 balance, uint256 needed);

    /// @notice A token is paid out once.
    /// @custom:fix Nothing: it has been.
    error DistributionDone(IERC20 token);

    /// @notice Who gets what the allocations leave.
    function REST() external view returns (address);

    /// @notice Sum of the allocations, base units.
    function ALLOCATED() external view returns (uint256);

    /// @notice Pays all of a token out: to each allocation its amount, and what is left to `REST`.
    /// @dev Anyone may call it. Each token stands for itself, so a stranger who brings another one changes nothing.
    /// @param token OPG.
    function distribute(IERC20 token) external;

    /// @notice Who is paid how much, in the order of the allocations.
    function shares() external view returns (Share[] memory);
}
