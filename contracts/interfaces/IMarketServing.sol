// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {VersionId} from "../types/ModelTypes.sol";

/// @title What nodes offer in a market, and the stake that answers for it
/// @notice A node that serves a version lets the market lock a part of its stake, and takes on work within it. What it earns
/// is kept apart from balances and leaves only into its stake.
interface IMarketServing {
    /// @notice A node serves a version with this weight, lets at most `maxLock` of its stake answer there (both OPG, base
    /// units), until `endsAt` (unix seconds). The weight counts where nodes are drawn, and is zero elsewhere.
    event ServingSet(
        address indexed node,
        VersionId indexed versionId,
        uint256 weight,
        uint256 maxLock,
        uint256 endsAt
    );

    /// @notice What a node had earned with a version moved into its stake (OPG, base units).
    event EarningsClaimed(address indexed node, VersionId indexed versionId, uint256 amount);

    /// @notice The caller neither owns the node nor acts for it.
    /// @custom:fix Call from the node's owner or signer.
    error MarketNotOperator(address node, address caller);

    /// @notice Who calls, or has signed, does not act for the node.
    /// @custom:fix Call from the node's `signer`, or let it sign for the running draw of the job; zero means that the owner must
    /// activate one first.
    error MarketNotSigner(address node, address caller, address signer);

    /// @notice The node's locks exceed its backing, so it may not take on more.
    /// @custom:fix Add stake, or lower what is locked with `unserve` or `serve`.
    error MarketNodeNotCovered(address node);

    /// @notice The seat would lock more than the node still has free for the version, or its lock ends too early.
    /// @custom:fix Raise `maxLock` to at least `needed` (OPG, base units), with an end at or after `neededUntil` (unix
    /// seconds), with `serve`.
    error MarketLockTooSmall(
        address node,
        VersionId versionId,
        uint256 needed,
        uint256 maxLock,
        uint256 neededUntil,
        uint256 endsAt
    );

    /// @notice Seats of running jobs hold more than this.
    /// @custom:fix Keep `maxLock` at or above `used` (OPG, base units) until those jobs are final.
    error MarketLockInUse(address node, VersionId versionId, uint256 maxLock, uint256 used);

    /// @notice Stops new seats at once and lets go of what no seat holds. Call it again when the last job is final.
    /// @param node The node.
    /// @param versionId The version.
    /// @custom:caller The node's signer or owner.
    function unserve(address node, VersionId versionId) external;

    /// @notice Moves what a node has earned with a version into its stake.
    /// @param node The node.
    /// @param versionId The version.
    /// @return amount OPG, base units.
    /// @custom:caller Anyone.
    function claim(address node, VersionId versionId) external returns (uint256 amount);

    /// @notice What a node serves of a version.
    /// @param node The node.
    /// @param versionId The version.
    /// @return weight OPG that weigh in draws.
    /// @return maxLock OPG that answer at most.
    /// @return used OPG that running seats hold.
    /// @return earned OPG that can be claimed.
    /// @return endsAt End of the lock, unix seconds.
    function servingOf(
        address node,
        VersionId versionId
    ) external view returns (uint256 weight, uint256 maxLock, uint256 used, uint256 earned, uint256 endsAt);
}
