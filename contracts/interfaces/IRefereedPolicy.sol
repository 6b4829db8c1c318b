// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount, JobRules, JobShape} from "../types/JobTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {IJobPolicy} from "./IJobPolicy.sol";
import {IReplicationPolicy} from "./IReplicationPolicy.sol";
import {IVerdictPolicy} from "./IVerdictPolicy.sol";

/// @title The policy `Replicated` for versions with a referee: whoever is not proven wrong is right
/// @notice Several nodes answer, and for a while anyone can dispute what each of them has revealed. One honest node is
/// enough: what it states cannot be proven wrong, and whatever differs from it can. There is no audit and no appeal.
interface IRefereedPolicy is IJobPolicy, IVerdictPolicy {
    /// @notice Nobody has shown that a lie about this version could be proven, so it cannot be ordered.
    /// @custom:fix Show it: call `admit` of DisputeGame.
    error PolicyVersionNotAdmitted(VersionId versionId);

    /// @notice Reverts unless an order of a version with a referee fits: the version is admitted to disputes, there is no audit,
    /// the window is within its bounds, and seats lock at least two prices and four bonds.
    /// @param versionId What is ordered.
    /// @param requester Its price of a seat.
    /// @param shape Its small numbers.
    function checkOrder(VersionId versionId, AccountAmount requester, JobShape shape) external view;

    /// @notice Lets the other policy check and complete governed numbers, and raises their horizon to what jobs with a window
    /// need.
    /// @param rules As `complete` of the other policy takes them.
    /// @param marginPeriod Seconds to settle in after the last clock.
    /// @param thawPeriod Seconds that leaving stake can still be slashed; the horizon must stay below it.
    /// @return The rules with the larger of both horizons.
    function complete(JobRules rules, uint256 marginPeriod, uint256 thawPeriod) external view returns (JobRules);

    /// @notice The policy for versions without a referee.
    function POLICY() external view returns (IReplicationPolicy);

    /// @notice Shortest time in which a reveal can be disputed, seconds.
    function LEAST_WINDOW_PERIOD() external view returns (uint256);

    /// @notice Longest time in which a reveal can be disputed, seconds.
    function MOST_WINDOW_PERIOD() external view returns (uint256);
}
