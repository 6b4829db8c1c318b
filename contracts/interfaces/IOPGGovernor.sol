// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Votes of those who hold OPG
/// @notice OpenZeppelin's governor. Everything that it does goes through its timelock. Its numbers change by votes alone, each
/// between bounds that are constants: voting delay 5 seconds to 7 days, voting period 30 seconds to 14 days, extension after a
/// late quorum up to 3 days, proposal threshold 1 to 10^7 OPG, quorum 2 to 20 % of the total supply.
interface IOPGGovernor {
    /// @notice A governor obeys one timelock for good.
    /// @custom:fix Deploy another governor, and let this one give it the roles.
    error ControlTimelockFixed(address timelock);

    /// @notice The most that voting delay, voting period and late-quorum extension can be together, seconds: who waits so long,
    /// and the longest delay of the timelock, has seen the answer of the voters.
    function MOST_VOTE_PERIOD() external view returns (uint256);

    /// @notice What executes what was voted for.
    function timelock() external view returns (address);
}
