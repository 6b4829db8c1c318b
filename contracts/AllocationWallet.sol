// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";

/// @title A part of the supply that is released over time
/// @notice OpenZeppelin's vesting wallet: anyone calls `release(token)`, and what is due by then goes to the owner.
contract AllocationWallet is VestingWalletCliff {
    /// @param beneficiary Owns what the wallet releases.
    /// @param startsAt Unix seconds.
    /// @param vestingPeriod Seconds.
    /// @param cliffPeriod Seconds, at most `vestingPeriod`; nothing is released before they are over.
    constructor(
        address beneficiary,
        uint64 startsAt,
        uint64 vestingPeriod,
        uint64 cliffPeriod
    ) VestingWallet(beneficiary, startsAt, vestingPeriod) VestingWalletCliff(cliffPeriod) {}
}
