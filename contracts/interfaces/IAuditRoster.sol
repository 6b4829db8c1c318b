// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {VersionId} from "../types/ModelTypes.sol";
import {INodeStaking} from "./INodeStaking.sol";

/// @title Which nodes can be drawn to audit answers of a version
/// @notice A node enrols with a weight, at most what its stake backs, and can be drawn in proportion to it. Enrolling locks
/// nothing: whoever is drawn and wants to audit answers for it where the job is.
interface IAuditRoster {
    /// @notice A node weighs as much, from now on, in draws of a version's auditors (OPG, base units); zero: it has left.
    event Enrolled(address indexed node, VersionId indexed versionId, uint256 weight);

    /// @notice Only those who run a node may do this.
    /// @custom:fix Call as the node's signer or owner.
    error RosterNotOperator(address node, address caller);

    /// @notice More weight than the node's stake backs.
    /// @custom:fix Enrol with at most `backing` (OPG, base units).
    error RosterWeightNotBacked(address node, uint256 weight, uint256 backing);

    /// @notice Lets a node be drawn, or no more.
    /// @param node The node.
    /// @param versionId What it can answer.
    /// @param weight What weighs in draws, OPG, base units; at most the node's backing; zero to leave.
    /// @custom:caller The node's signer or owner.
    function enrol(address node, VersionId versionId, uint256 weight) external;

    /// @notice Lowers a node's weight to what its stake backs by now.
    /// @param node The node.
    /// @param versionId The version.
    /// @custom:caller Anyone.
    function refresh(address node, VersionId versionId) external;

    /// @notice What weighs in draws of a version at a time.
    /// @param node The node.
    /// @param versionId The version.
    /// @param time Unix seconds, not in the future.
    /// @return weight OPG of the node, as far as its stake backed it then.
    /// @return total OPG of all that were enrolled for the version then.
    function weightsAt(
        address node,
        VersionId versionId,
        uint256 time
    ) external view returns (uint256 weight, uint256 total);

    /// @notice Knows who acts for a node, and what backs it.
    function STAKING() external view returns (INodeStaking);
}
