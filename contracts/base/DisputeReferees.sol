// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {GameRulesLib} from "../libraries/GameRulesLib.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {ModelId, VersionId, VersionIdentity} from "../types/ModelTypes.sol";

/// @title Who judges which versions
abstract contract DisputeReferees is AccessManaged, IDisputeGame {
    /// @dev A challenge lays down a word for each step: so many fit into a transaction on every chain.
    uint256 private constant MOST_STEPS = 4_096;

    mapping(bytes32 profile => IReferee) private _referees;
    /// @inheritdoc IDisputeGame
    mapping(VersionId versionId => bool) public isAdmitted;

    /// @inheritdoc IDisputeGame
    function addReferee(IReferee referee) external restricted {
        _addReferee(referee);
    }

    /// @inheritdoc IDisputeGame
    function admit(
        ModelId modelId,
        VersionIdentity calldata identity,
        bytes calldata header,
        bytes32[] calldata r
    ) external {
        GameRulesLib.within("steps", r.length, 1, MOST_STEPS);
        (IReferee referee, , , ) = _open(identity, header, r);
        VersionId versionId = HashLib.versionId(modelId, identity);
        isAdmitted[versionId] = true;
        emit VersionAdmitted(versionId, referee);
    }

    /// @inheritdoc IDisputeGame
    function refereeOf(bytes32 profile) external view returns (IReferee) {
        return _referees[profile];
    }

    function _addReferee(IReferee referee) internal {
        bytes32 profile = referee.profile();
        IReferee present = _referees[profile];
        if (profile == 0 || address(present) != address(0)) revert DisputeRefereeTaken(profile, present);
        _referees[profile] = referee;
        emit RefereeAdded(profile, referee);
    }

    /// @dev What a referee makes of a trace, if it judges the version and the header is of its graph.
    function _open(
        VersionIdentity calldata version,
        bytes calldata header,
        bytes32[] calldata r
    ) internal view returns (IReferee referee, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        referee = _refereeFor(version);
        bytes32 graphRoot;
        (graphRoot, stepsRoot, traceRoot, outputRoot) = referee.open(header, r);
        _checkGraph(version, graphRoot);
    }

    function _refereeFor(VersionIdentity calldata version) internal view returns (IReferee referee) {
        referee = _referees[version.profile];
        if (address(referee) == address(0)) revert DisputeNoReferee(version.profile);
    }

    function _checkGraph(VersionIdentity calldata version, bytes32 given) internal pure {
        if (given != version.graphRoot) revert DisputeWrongGraph(given, version.graphRoot);
    }
}
