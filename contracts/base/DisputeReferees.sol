// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IDisputeGame} from "../interfaces/IDisputeGame.sol";
import {IReferee} from "../interfaces/IReferee.sol";
import {GameRulesLib} from "../libraries/GameRulesLib.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {Game} from "../types/DisputeTypes.sol";
import {ModelId, VersionId, VersionIdentity} from "../types/ModelTypes.sol";
import {GROUP_STEPS, Opening} from "../types/RefereeTypes.sol";

/// @title Who judges which versions
abstract contract DisputeReferees is AccessManaged, IDisputeGame {
    /// @dev A challenge lays down a word for each step: so many fit into a transaction on every chain.
    uint256 private constant MOST_STEPS = 4_096;
    uint256 private constant MOST_GROUPS = MOST_STEPS / GROUP_STEPS;

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
        (Game memory game, ) = _open(identity, header, r);
        VersionId versionId = HashLib.versionId(modelId, identity);
        isAdmitted[versionId] = true;
        emit VersionAdmitted(versionId, IReferee(game.referee));
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
    /// @return game About that trace: its referee, steps and trace alone are there.
    /// @return outputRoot What the trace leads to.
    function _open(
        VersionIdentity calldata version,
        bytes calldata header,
        bytes32[] calldata r
    ) internal view returns (Game memory game, bytes32 outputRoot) {
        IReferee referee = _refereeFor(version);
        bytes32 graphRoot;
        (graphRoot, game.stepsRoot, game.traceRoot, outputRoot) = referee.open(header, r);
        _checkGraph(version, graphRoot);
        game.referee = address(referee);
    }

    /// @dev The same of a trace in groups.
    function _openGroups(
        VersionIdentity calldata version,
        bytes calldata header,
        bytes32[] calldata groups,
        Opening[] calldata outputs
    ) internal view returns (Game memory game, bytes32 outputRoot) {
        GameRulesLib.within("groups", groups.length, 2, MOST_GROUPS);
        IReferee referee = _refereeFor(version);
        bytes32 graphRoot;
        (graphRoot, game.stepsRoot, game.traceRoot, outputRoot) = referee.openGroups(header, groups, outputs);
        _checkGraph(version, graphRoot);
        game.referee = address(referee);
    }

    function _refereeFor(VersionIdentity calldata version) internal view returns (IReferee referee) {
        referee = _referees[version.profile];
        if (address(referee) == address(0)) revert DisputeNoReferee(version.profile);
    }

    function _checkGraph(VersionIdentity calldata version, bytes32 given) internal pure {
        if (given != version.graphRoot) revert DisputeWrongGraph(given, version.graphRoot);
    }
}
