// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title What can be closed to newcomers for a time
/// @notice A pause stops what binds somebody anew: orders, registrations, more stake. Nothing that has begun asks whether there
/// is one, and no way out does. It ends by itself, by time.
interface IPausable {
    /// @notice New entries are closed until `time` (unix seconds); if that is not ahead, they are open.
    event EntriesPaused(uint256 time);

    /// @notice New entries are closed.
    /// @custom:fix Try again at `until` (unix seconds). What has begun goes on as ever.
    error EntryPaused(uint256 until);

    /// @notice Closes new entries, or opens them again.
    /// @param time When they open, unix seconds.
    /// @custom:caller Accounts with the role that the access manager asks for: PauseGuardian alone.
    function pauseUntil(uint256 time) external;

    /// @notice When new entries open, unix seconds; they are open if that is past.
    function pausedUntil() external view returns (uint256);
}
