// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IMarketWeights} from "../interfaces/IMarketWeights.sol";
import {ServingLib} from "../libraries/ServingLib.sol";
import {ServedWeight, Serving} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {MarketJobs} from "./MarketJobs.sol";

/// @title What weighs where nodes are drawn
abstract contract MarketWeights is MarketJobs, IMarketWeights {
    using ServingLib for ServedWeight;
    using ServingLib for Serving;

    mapping(VersionId versionId => ServedWeight) private _servedWeights;

    /// @inheritdoc IMarketWeights
    function serve(address node, VersionId versionId, uint256 weight, uint256 maxLock, uint256 endsAt) external {
        uint256 backing = _backingOf(node);
        if (weight > backing) revert MarketWeightNotBacked(node, weight, backing);
        _serve(node, versionId, weight, maxLock, endsAt);
    }

    /// @inheritdoc IMarketWeights
    function refreshServing(address node, VersionId versionId) external {
        Serving storage serving = _servings[versionId][node];
        uint256 backing = _backingOf(node);
        if (backing < serving.weight) _noteServing(node, versionId, serving, backing);
    }

    /// @inheritdoc IMarketWeights
    function weightsAt(
        address node,
        VersionId versionId,
        uint256 time
    ) public view returns (uint256 weight, uint256 total) {
        (, uint256 stake, ) = _standingOf(node, time);
        return _weightsAt(node, versionId, time, stake);
    }

    function _weightsAt(
        address node,
        VersionId versionId,
        uint256 time,
        uint256 stake
    ) internal view returns (uint256 weight, uint256 total) {
        weight = Math.min(stake, _servings[versionId][node].weightAt(time));
        total = _servedWeights[versionId].weightAt(time);
    }

    function _backingOf(address node) private view returns (uint256) {
        return STAKING.backingOf(node);
    }

    function _setWeight(VersionId versionId, Serving storage serving, uint256 weight) internal override {
        serving.setWeight(_servedWeights[versionId], weight);
    }
}
