// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccountAmount, JobId, JobRules, JobShape} from "../types/JobTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IJobPolicy} from "./IJobPolicy.sol";

/// @title The policy `Replicated` for versions with a referee: whoever is not proven wrong is right
/// @notice Several nodes answer, and for a while anyone can dispute what each of them has revealed. One honest node is
/// enough: what it states cannot be proven wrong, and whatever differs from it can. There is no audit and no appeal.
interface IRefereedPolicy is IJobPolicy {
    /// @notice A reveal can still be found false, or disputes about it are under way.
    /// @custom:fix Settle when DisputeGame says `Upheld` or `False` of what `node` has revealed.
    error PolicyStillDisputable(JobId jobId, address node);

    /// @notice Others who proved a reveal false can still enter among those who share the reward.
    /// @custom:fix Settle at `finalAt` (unix seconds) or later.
    error PolicySharersNotFinal(JobId jobId, address node, uint256 finalAt);

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

    /// @notice Who says whether a reveal is false.
    function GAME() external view returns (IDisputeGame);

    /// @notice Shortest time in which a reveal can be disputed, seconds.
    function LEAST_WINDOW_PERIOD() external view returns (uint256);

    /// @notice Longest time in which a reveal can be disputed, seconds.
    function MOST_WINDOW_PERIOD() external view returns (uint256);
}
