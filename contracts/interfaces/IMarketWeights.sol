// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {VersionId} from "../types/ModelTypes.sol";
import {IMarketServing} from "./IMarketServing.sol";

/// @title What weighs where nodes are drawn
/// @notice A node declares a weight for each version that it serves, at most what its stake backs.
interface IMarketWeights is IMarketServing {
    /// @notice More weight than the node's stake backs.
    /// @custom:fix Serve with at most `backing` (OPG, base units).
    error MarketWeightNotBacked(address node, uint256 weight, uint256 backing);

    /// @notice Declares that a node serves a version, and locks stake that answers for it.
    /// @dev Called again, it sets new figures; renew the lock before it ends.
    /// @param node The node.
    /// @param versionId What is served. The registry is not asked: orders of unknown and deprecated versions are refused.
    /// @param weight What weighs in draws, OPG, base units; at most the node's backing.
    /// @param maxLock The most that may answer at once, OPG, base units: the node's bound on what it can lose here.
    /// @param endsAt End of the lock, unix seconds, at most 90 days from now.
    /// @custom:caller The node's signer or owner.
    function serve(address node, VersionId versionId, uint256 weight, uint256 maxLock, uint256 endsAt) external;

    /// @notice Lowers a node's weight to what its stake backs by now.
    /// @param node The node.
    /// @param versionId The version.
    /// @custom:caller Anyone.
    function refreshServing(address node, VersionId versionId) external;

    /// @notice What weighs in draws of a version at a time.
    /// @param node The node.
    /// @param versionId The version.
    /// @param time Unix seconds, not in the future.
    /// @return weight OPG of the node, as far as its stake backed it then.
    /// @return total OPG of all that served the version then.
    function weightsAt(
        address node,
        VersionId versionId,
        uint256 time
    ) external view returns (uint256 weight, uint256 total);
}
