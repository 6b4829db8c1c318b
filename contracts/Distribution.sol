// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {AllocationWallet} from "./AllocationWallet.sol";
import {IDistribution} from "./interfaces/IDistribution.sol";
import {ControlLib} from "./libraries/ControlLib.sol";
import {Allocation, Share} from "./types/ControlTypes.sol";

/// @title The first holder of OPG, which pays it out
contract Distribution is IDistribution {
    using SafeERC20 for IERC20;

    uint256 private constant SUPPLY = 1_000_000_000e18;
    uint256 private constant MOST_ALLOCATIONS = 32;
    uint256 private constant MOST_PERIOD = 3_650 days;

    /// @inheritdoc IDistribution
    address public immutable REST;
    /// @inheritdoc IDistribution
    uint256 public immutable ALLOCATED;

    Share[] private _shares;
    mapping(IERC20 token => bool) private _isDone;

    /// @param allocations Whom to pay, 32 at most, together at most the supply of OPG.
    /// @param rest Who gets what they leave.
    constructor(Allocation[] memory allocations, address rest) {
        ControlLib.within("allocations", allocations.length, 0, MOST_ALLOCATIONS);
        uint256 allocated;
        for (uint256 i; i < allocations.length; ++i) {
            if (allocations[i].account == address(0)) revert DistributionZeroAccount(i);
            ControlLib.within("amount", allocations[i].amount, 1, SUPPLY - allocated);
            allocated += allocations[i].amount;
            _shares.push(_shareOf(allocations[i]));
        }
        if (rest == address(0)) revert DistributionZeroAccount(allocations.length);
        REST = rest;
        ALLOCATED = allocated;
    }

    /// @inheritdoc IDistribution
    function distribute(IERC20 token) external {
        if (_isDone[token]) revert DistributionDone(token);
        _isDone[token] = true;
        uint256 balance = token.balanceOf(address(this));
        if (balance < ALLOCATED) revert DistributionTooSmall(token, balance, ALLOCATED);
        uint256 remainder = balance - ALLOCATED;
        emit Distributed(token, remainder);

        // At most MOST_ALLOCATIONS.
        for (uint256 i; i < _shares.length; ++i) token.safeTransfer(_shares[i].payee, _shares[i].amount);
        token.safeTransfer(REST, remainder);
    }

    /// @inheritdoc IDistribution
    function shares() external view returns (Share[] memory) {
        return _shares;
    }

    /// @dev Makes the wallet of what is released over time.
    function _shareOf(Allocation memory allocation) private returns (Share memory share) {
        uint64 vestingPeriod = allocation.vestingPeriod;
        uint256 latestStart = vestingPeriod == 0 ? 0 : block.timestamp + MOST_PERIOD;
        ControlLib.within("startsAt", allocation.startsAt, 0, latestStart);
        ControlLib.within("vestingPeriod", vestingPeriod, 0, MOST_PERIOD);
        ControlLib.within("cliffPeriod", allocation.cliffPeriod, 0, vestingPeriod);

        share = Share(allocation.account, uint96(allocation.amount)); // at most the supply
        if (vestingPeriod > 0) {
            uint64 startsAt = allocation.startsAt == 0 ? uint64(block.timestamp) : allocation.startsAt;
            share.payee = address(
                new AllocationWallet(allocation.account, startsAt, vestingPeriod, allocation.cliffPeriod)
            );
        }
        emit Allocated(allocation.account, share.payee, allocation.amount);
    }
}
