// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IPausable} from "./IPausable.sol";

/// @title Who can close new entries for a time, and nothing else
/// @notice One pause closes the new entries of all targets at once. It ends by itself; after it, none can begin for a time in
/// which votes can replace the guardian. What has begun, and every way out, is open throughout.
interface IPauseGuardian {
    /// @notice New entries are closed until `endsAt` (unix seconds).
    event Paused(address indexed guardian, uint256 endsAt);

    /// @notice A pause was ended before its time.
    event Resumed(address indexed guardian);

    /// @notice There was a pause not long ago.
    /// @custom:fix Try again at `allowedAt` (unix seconds).
    error ControlPauseTooSoon(uint256 allowedAt);

    /// @notice There is no pause to end.
    /// @custom:fix Nothing: the last one ended at `endedAt` (unix seconds).
    error ControlNotPaused(uint256 endedAt);

    /// @notice How long a pause lasts at most, and how long after it there can be no other, seconds. Each is at least as long as
    /// the longest vote and the longest delay after it.
    function MAX_PAUSE_PERIOD() external view returns (uint256);

    /// @notice See `MAX_PAUSE_PERIOD`.
    function COOL_DOWN_PERIOD() external view returns (uint256);

    /// @notice Closes new entries from now on.
    /// @custom:caller Accounts with the guardian's role.
    function pause() external;

    /// @notice Opens new entries before the pause is over.
    /// @custom:caller Accounts with the guardian's role.
    function resume() external;

    /// @notice When the last pause ends, or has ended, unix seconds; zero if there was none.
    function pausedUntil() external view returns (uint256);

    /// @notice What a pause closes.
    function targets() external view returns (IPausable[] memory);
}
