// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title The delay between a vote and what it does, and the treasury
/// @notice Only what the governor has scheduled can be executed, by anyone, once its delay is over; the governor alone can cancel
/// it before. The delay can be changed by such an operation, between two bounds that nobody can change.
interface IOPGTimelock {
    /// @notice The shortest and the longest delay that can be set, seconds. What is scheduled can ask for a longer one.
    function LEAST_PERIOD() external view returns (uint256);

    /// @notice See `LEAST_PERIOD`.
    function MOST_PERIOD() external view returns (uint256);
}
