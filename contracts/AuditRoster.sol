// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAuditRoster} from "./interfaces/IAuditRoster.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {ServingLib} from "./libraries/ServingLib.sol";
import {ServedWeight} from "./types/MarketTypes.sol";
import {VersionId} from "./types/ModelTypes.sol";

/// @title Which nodes can be drawn to audit answers of a version
contract AuditRoster is IAuditRoster {
    using ServingLib for ServedWeight;

    /// @inheritdoc IAuditRoster
    INodeStaking public immutable STAKING;

    mapping(VersionId versionId => mapping(address node => ServedWeight)) private _weights;
    mapping(VersionId versionId => ServedWeight) private _totals;

    /// @param staking Knows who acts for a node, and what backs it.
    constructor(INodeStaking staking) {
        STAKING = staking;
    }

    /// @inheritdoc IAuditRoster
    function enrol(address node, VersionId versionId, uint256 weight) external {
        if (!STAKING.isOperator(node, msg.sender)) revert RosterNotOperator(node, msg.sender);
        uint256 backing = STAKING.backingOf(node);
        if (weight > backing) revert RosterWeightNotBacked(node, weight, backing);
        _setWeight(node, versionId, weight);
    }

    /// @inheritdoc IAuditRoster
    function refresh(address node, VersionId versionId) external {
        uint256 backing = STAKING.backingOf(node);
        if (backing < _weights[versionId][node].weight) _setWeight(node, versionId, backing);
    }

    /// @inheritdoc IAuditRoster
    function weightsAt(
        address node,
        VersionId versionId,
        uint256 time
    ) external view returns (uint256 weight, uint256 total) {
        (, uint256 stake, ) = STAKING.standingOf(node, time);
        return (Math.min(stake, _weights[versionId][node].weightAt(time)), _totals[versionId].weightAt(time));
    }

    function _setWeight(address node, VersionId versionId, uint256 weight) private {
        ServedWeight storage own = _weights[versionId][node];
        ServedWeight storage total = _totals[versionId];
        uint256 rest = total.weight - own.weight;
        own.become(weight);
        total.become(rest + weight);
        emit Enrolled(node, versionId, weight);
    }
}
