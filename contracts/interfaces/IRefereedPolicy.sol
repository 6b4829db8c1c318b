// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccountAmount, JobId, JobRules, JobShape} from "../types/JobTypes.sol";
import {IJobPolicy} from "./IJobPolicy.sol";
import {IVerdictPolicy} from "./IVerdictPolicy.sol";

/// @title The policy `Replicated` for versions with a referee: whoever is not proven wrong is right
/// @notice Several nodes answer, and for a while anyone can dispute what each of them has revealed. One honest node is
/// enough: what it states cannot be proven wrong, and whatever differs from it can. There is no audit and no appeal.
interface IRefereedPolicy is IJobPolicy, IVerdictPolicy {
    /// @notice Reverts unless an order of a version with a referee fits: no audit, a window within its bounds, and seats that
    /// lock at least two prices and four bonds.
    /// @param requester Its price of a seat.
    /// @param shape Its small numbers.
    function checkOrder(AccountAmount requester, JobShape shape) external view;

    /// @notice Raises the horizon of governed numbers to what jobs with a window need.
    /// @param rules As the other policy has completed them.
    /// @param marginPeriod Seconds to settle in after the last clock.
    /// @param thawPeriod Seconds that leaving stake can still be slashed; the horizon must stay below it.
    /// @return The rules with the larger of both horizons.
    function complete(JobRules rules, uint256 marginPeriod, uint256 thawPeriod) external view returns (JobRules);

    /// @notice Shortest time in which a reveal can be disputed, seconds.
    function LEAST_WINDOW_PERIOD() external view returns (uint256);

    /// @notice Longest time in which a reveal can be disputed, seconds.
    function MOST_WINDOW_PERIOD() external view returns (uint256);
}
