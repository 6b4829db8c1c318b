// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {TestReferee} from "../../contracts/test/TestReferee.sol";
import {ModelId, VersionId, VersionIdentity} from "../../contracts/types/ModelTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";

/// @title Of which versions a game can be opened
contract AdmissionTest is SuiteAdmin {
    bytes32 private constant PROFILE = "toy/1";
    uint256 private constant MOST_STEPS = 4_096;

    function setUp() external {
        TestReferee referee = new TestReferee(PROFILE, TestReferee.Behaviour.Honest);
        DISPUTES.addReferee(IReferee(address(referee)));
    }

    /// @dev Whoever shows it, and whatever words stand for the trace: the version is judged, and no other one.
    function testFuzz_admit_isForAVersionWhoseGraphIsShown(
        address caller,
        ModelId model,
        bytes32 artifact,
        uint256 steps,
        bytes32 word
    ) external {
        steps = steps % 8 == 0 ? MOST_STEPS : bound(steps, 1, 300);
        bytes memory header = _header(steps);
        VersionIdentity memory identity = _judged(artifact, header);
        bytes32[] memory r = new bytes32[](steps);
        r[steps - 1] = word;
        VersionId version = REGISTRY.versionIdOf(model, identity);
        require(!DISPUTES.isAdmitted(version), "before");
        _accept(caller, address(DISPUTES), abi.encodeCall(DISPUTES.admit, (model, identity, header, r)));
        require(DISPUTES.isAdmitted(version), "after");
        identity.artifactSize += 1;
        require(!DISPUTES.isAdmitted(REGISTRY.versionIdOf(model, identity)), "another");
    }

    function testFuzz_admit_refusesProfilesThatNobodyJudges(bytes32 profile, bytes32 artifact) external {
        if (profile == PROFILE) return;
        VersionIdentity memory identity = _judged(artifact, _header(1));
        identity.profile = profile;
        _refuseAdmission(identity, 1, abi.encodeWithSelector(IDisputeGame.DisputeNoReferee.selector, profile));
    }

    /// @dev A root behind which there is no graph that anybody knows could never be disputed.
    function testFuzz_admit_refusesOtherGraphs(bytes32 graphRoot, bytes32 artifact) external {
        VersionIdentity memory identity = _judged(artifact, _header(1));
        bytes32 shown = identity.graphRoot;
        if (graphRoot == shown) return;
        identity.graphRoot = graphRoot;
        _refuseAdmission(
            identity,
            1,
            abi.encodeWithSelector(IDisputeGame.DisputeWrongGraph.selector, shown, graphRoot)
        );
    }

    /// @dev A trace that no transaction holds could never be laid down.
    function testFuzz_admit_boundsTheSteps(uint256 steps, bytes32 artifact) external {
        steps = steps % 4 == 0 ? 0 : bound(steps, MOST_STEPS + 1, MOST_STEPS + 300);
        bytes memory refusal = abi.encodeWithSelector(
            GameRulesLib.DisputeOutOfBounds.selector,
            bytes32("steps"),
            steps,
            1,
            MOST_STEPS
        );
        _refuseAdmission(_judged(artifact, _header(steps)), steps, refusal);
    }

    /// @dev How many steps there are cannot be understated.
    function testFuzz_admit_countsTheSteps(uint256 steps, uint256 given) external {
        (steps, given) = (bound(steps, 1, type(uint256).max), bound(given, 1, 64));
        if (steps == given) return;
        bytes memory header = _header(steps);
        bytes memory call = abi.encodeCall(
            DISPUTES.admit,
            (ModelId.wrap(0), _judged("some", header), header, new bytes32[](given))
        );
        _refuse(address(1), address(DISPUTES), call, abi.encodeWithSelector(TestReferee.OpeningIsWrong.selector));
    }

    function _refuseAdmission(VersionIdentity memory identity, uint256 steps, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(
            DISPUTES.admit,
            (ModelId.wrap(0), identity, _header(steps), new bytes32[](steps))
        );
        _refuse(address(1), address(DISPUTES), call, refusal);
    }

    function _judged(bytes32 artifact, bytes memory header) private pure returns (VersionIdentity memory identity) {
        identity = _identity(artifact);
        (identity.profile, identity.graphRoot) = (PROFILE, keccak256(header));
    }

    function _header(uint256 steps) private pure returns (bytes memory) {
        return abi.encode(steps, uint256(1), bytes32("steps"));
    }
}
