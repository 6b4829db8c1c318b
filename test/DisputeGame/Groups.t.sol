// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {TestReferee} from "../../contracts/test/TestReferee.sol";
import {DisputeRecord, DisputeState, Game, Statement, StepProof} from "../../contracts/types/DisputeTypes.sol";
import {Opening} from "../../contracts/types/RefereeTypes.sol";
import {TOY_LAST, TOY_STEPS} from "../invariants/Toy.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title What is laid down in groups, and what binds the moves about them
/// @dev As in the moves of one game: the node's trace is wrong in the last step, which is in the second of two groups.
contract GroupsTest is DisputeStage {
    using DisputeRecordLib for DisputeRecord;

    uint256 private constant LIE = 2;
    uint256 private constant GROUP = 64;
    uint256 private constant RESPOND = 20;
    uint256 private constant PICK = 10;
    uint256 private constant REVEAL = 10;

    /// @dev The same trace makes the same game, however it is laid down: rank, bond and reward follow from it [T063].
    function test_challengeInGroups_isAboutTheSameTrace() external {
        Statement memory statement = _stated(LIE);
        Game memory game = _challengeInGroups(CHALLENGER, statement, 0);
        DisputeRecord record = DISPUTES.recordOf(_gameId(game));
        require(record.state() == DisputeState.Grouped && record.chunk() == 2, "record");
        require(record.deadline() == NOW + RESPOND, "deadline");
        require(game.traceRoot == TOY.traceRoot(0), "trace");
        bytes memory exists = abi.encodeWithSelector(IDisputeGame.DisputeExists.selector, _gameId(game));
        _refuse(CHALLENGER, _challengeCall(statement, 0, 0), exists);
    }

    /// @dev As many groups as the steps make, and two at least: one is a whole trace.
    function testFuzz_challengeInGroups_takesTwoTo64(uint256 count) external {
        Statement memory statement = _stated(LIE);
        count = bound(count, 0, 200);
        VM.assume(count != 2);
        bool within = count > 2 && count <= 64;
        bytes memory refusal = abi.encodeWithSelector(
            GameRulesLib.DisputeOutOfBounds.selector,
            bytes32("groups"),
            count,
            2,
            64
        );
        if (within) refusal = abi.encodeWithSelector(TestReferee.OpeningIsWrong.selector);
        _refuse(CHALLENGER, _openingCall(statement, new bytes32[](count), TOY.outputs(0)), refusal);
    }

    /// @dev What the trace says of the output is proven under the groups [T070].
    function testFuzz_challengeInGroups_provesItsOutput(uint8 part, bytes32 other) external {
        Statement memory statement = _stated(LIE);
        bytes32[] memory groups = TOY.groups(0);
        Opening[] memory outputs = TOY.outputs(0);
        part %= 4;
        bytes32 right =
            part < 2
                ? groups[part]
                : part == 2
                    ? outputs[0].words[0]
                    : outputs[0].siblings[0];
        VM.assume(other != right);
        if (part < 2) groups[part] = other;
        if (part == 2) outputs[0].words[0] = other;
        if (part == 3) outputs[0].siblings[0] = other;
        bytes memory refusal = abi.encodeWithSelector(TestReferee.OpeningIsWrong.selector);
        _refuse(CHALLENGER, _openingCall(statement, groups, outputs), refusal);
    }

    /// @dev A trace that leads to what was stated disputes nothing, in groups as well [T070].
    function test_challengeInGroups_leadsElsewhere() external {
        Statement memory statement = _stated(LIE);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeSameOutput.selector, statement.outputRoot);
        _refuse(CHALLENGER, _challengeInGroupsCall(statement, LIE, 0), refusal);
    }

    /// @dev The node enters one of the groups that there are, whoever else may not [I23].
    function testFuzz_enter_isOneOfTheGroups(address caller, uint8 group) external {
        VM.assume(caller != NODE && caller != SIGNER);
        Game memory game = _challengeInGroups(CHALLENGER, _stated(LIE), 0);
        bytes memory call = abi.encodeCall(IDisputeGame.enter, (game, group));
        _refuse(caller, call, abi.encodeWithSelector(IDisputeGame.DisputeNotOperator.selector, NODE, caller));
        if (group > 1) {
            bytes memory refusal = abi.encodeWithSelector(
                IDisputeGame.DisputeNoSuchGroup.selector,
                _gameId(game),
                uint256(group),
                2
            );
            _refuse(SIGNER, call, refusal);
            return;
        }
        _accept(SIGNER, call);
        DisputeRecord record = DISPUTES.recordOf(_gameId(game));
        require(record.state() == DisputeState.Entered && record.chunk() == group, "record");
        require(record.deadline() == NOW + PICK, "deadline");
    }

    /// @dev The challenger lays down the group that was entered: every word of it, and no other group [T069].
    function testFuzz_lay_isTheGroupThatWasEntered(uint8 group, uint256 count, uint256 place, bytes32 word) external {
        group %= 2;
        Game memory game = _entered(group);
        (bytes32[] memory r, bytes32[] memory path) = TOY.group(0, group);

        count = bound(count, 0, 200);
        VM.assume(count != GROUP);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongCount.selector,
            _gameId(game),
            count,
            GROUP
        );
        _refuse(CHALLENGER, abi.encodeCall(IDisputeGame.lay, (game, new bytes32[](count), path)), refusal);

        (bytes32[] memory others, ) = TOY.group(0, 1 - group);
        _refuseWords(game, others, path);
        place = bound(place, 0, GROUP - 1);
        VM.assume(word != r[place]);
        (r[place], word) = (word, r[place]);
        _refuseWords(game, r, path);
        r[place] = word;
        _refuseWords(game, r, new bytes32[](0));
        _refuseWords(game, r, new bytes32[](2));

        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.lay, (game, r, path)));
        DisputeRecord record = DISPUTES.recordOf(_gameId(game));
        require(record.state() == DisputeState.Laid && record.chunk() == group, "record");
        require(record.deadline() == NOW + REVEAL, "deadline");
    }

    /// @dev [I23]
    function testFuzz_lay_isTheChallengersOwn(address caller) external {
        VM.assume(caller != CHALLENGER);
        Game memory game = _entered(1);
        (bytes32[] memory r, bytes32[] memory path) = TOY.group(0, 1);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeNotChallenger.selector,
            _gameId(game),
            caller,
            CHALLENGER
        );
        _refuse(caller, abi.encodeCall(IDisputeGame.lay, (game, r, path)), refusal);
    }

    /// @dev By entering a group the node accepts what is before it, and gives up what is behind [T070].
    function testFuzz_respond_staysInsideTheGroup(uint8 group, uint8 index) external {
        group %= 2;
        index = uint8(bound(index, 0, TOY_STEPS - 1));
        Game memory game = _entered(group);
        (bytes32[] memory r, bytes32[] memory path) = TOY.group(0, group);
        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.lay, (game, r, path)));
        StepProof memory proof = TOY.proof(0, index);
        bytes memory call = abi.encodeCall(IDisputeGame.respond, (game, proof, TOY.nodes(LIE, index)));
        if (index / GROUP != group) {
            bytes memory refusal = abi.encodeWithSelector(
                IDisputeGame.DisputeOutsideGroup.selector,
                _gameId(game),
                uint256(index),
                uint256(group)
            );
            _refuse(NODE, call, refusal);
        } else if (index != TOY_LAST) {
            bytes memory refusal = abi.encodeWithSelector(
                IDisputeGame.DisputeSameTensor.selector,
                _gameId(game),
                uint256(index)
            );
            _refuse(NODE, call, refusal);
        } else {
            _accept(NODE, call);
            require(DISPUTES.recordOf(_gameId(game)).state() == DisputeState.Answered, "answered");
        }
    }

    /// @dev A game whose node has entered a group.
    function _entered(uint8 group) private returns (Game memory game) {
        game = _challengeInGroups(CHALLENGER, _stated(LIE), 0);
        _accept(NODE, abi.encodeCall(IDisputeGame.enter, (game, group)));
    }

    function _refuseWords(Game memory game, bytes32[] memory r, bytes32[] memory path) private {
        uint256 group = DISPUTES.recordOf(_gameId(game)).chunk();
        bytes32 given = MerkleLib.rootWithDepth(this.rootOfRange(r, group * GROUP, path), 6 + path.length);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongRoot.selector,
            _gameId(game),
            given,
            game.traceRoot
        );
        _refuse(CHALLENGER, abi.encodeCall(IDisputeGame.lay, (game, r, path)), refusal);
    }

    /// @dev Outwards, because it takes calldata.
    function rootOfRange(bytes32[] calldata r, uint256 first, bytes32[] calldata path) external pure returns (bytes32) {
        return MerkleLib.rootOfRange(r, first, 6 + path.length, path);
    }

    function _openingCall(
        Statement memory statement,
        bytes32[] memory groups,
        Opening[] memory outputs
    ) private view returns (bytes memory) {
        return abi.encodeCall(IDisputeGame.challengeInGroups, (statement, TOY.header(), groups, outputs, bytes32(0)));
    }
}
