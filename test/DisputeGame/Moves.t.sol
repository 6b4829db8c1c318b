// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {
    Answer,
    DisputeRecord,
    DisputeState,
    Game,
    Statement,
    StepProof,
    Verdict
} from "../../contracts/types/DisputeTypes.sol";
import {Case} from "../../contracts/types/RefereeTypes.sol";
import {TOY_LAST, TOY_PARTS, TOY_PART_WORDS} from "../invariants/Toy.sol";
import {DisputeStage} from "../support/DisputeStage.sol";
import {bound} from "../support/Fuzz.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

/// @title The moves of one game
/// @dev The node has stated the trace of kind 2, which is wrong in word 5 of the last step; the challenger's is right.
contract MovesTest is DisputeStage {
    using DisputeRecordLib for DisputeRecord;

    uint256 private constant LIE = 2;
    uint256 private constant WRONG_WORD = 5;
    uint256 private constant CLOCKS = 20;

    /// @dev The whole game, to its end [I22].
    function test_game_convictsALiar() external {
        Statement memory statement = _stated(LIE);
        Game memory game = _reach(statement, DisputeState.Shown, false);
        uint256 before = DISPUTES.balanceOf(CHALLENGER);
        _accept(OTHER, _judge(game, WRONG_WORD));
        require(_verdictOf(statement) == Verdict.False, "false");
        require(DISPUTES.balanceOf(CHALLENGER) == before + game.bond, "bond");
        (address[] memory sharers, uint256 finalAt) = DISPUTES.sharersOf(game.statementId);
        require(sharers.length == 1 && sharers[0] == CHALLENGER && finalAt == NOW + 5, "sharers");
        _refuse(OTHER, _judge(game, WRONG_WORD), _wrongState(game, DisputeState.NodeLost));
        _refuse(OTHER, abi.encodeCall(IDisputeGame.timeout, (game)), _wrongState(game, DisputeState.NodeLost));
        _refuse(OTHER, abi.encodeCall(IDisputeGame.close, (game, game)), _wrongState(game, DisputeState.NodeLost));
    }

    /// @dev A move is made in its own state alone [I23].
    function testFuzz_moves_haveTheirTurn(uint8 reached) external {
        DisputeState state = DisputeState(bound(reached, 1, 7));
        Game memory game = _reach(_stated(LIE), state, reached % 2 == 0);
        bytes memory refusal = _wrongState(game, state);
        bool names = state == DisputeState.Asked || state == DisputeState.Laid;
        if (!names) _refuse(NODE, _respond(game), refusal);
        if (state != DisputeState.Grouped) _refuse(NODE, abi.encodeCall(IDisputeGame.enter, (game, 1)), refusal);
        if (state != DisputeState.Entered) _refuse(CHALLENGER, _lay(game), refusal);
        if (state != DisputeState.Answered) _refuse(CHALLENGER, abi.encodeCall(IDisputeGame.pick, (game, 2)), refusal);
        if (state != DisputeState.Picked) _refuse(NODE, _reveal(game), refusal);
        if (state < DisputeState.Answered) _refuse(OTHER, _judge(game, WRONG_WORD), refusal);
        bytes memory running = abi.encodeWithSelector(
            IDisputeGame.DisputeClockRunning.selector,
            _gameId(game),
            DISPUTES.recordOf(_gameId(game)).deadline()
        );
        _refuse(OTHER, abi.encodeCall(IDisputeGame.timeout, (game)), running);
    }

    /// @dev A move counts in the last second and not after it; then anyone ends the game [T064 I23].
    function testFuzz_moves_areInTime(uint8 reached, uint256 late) external {
        DisputeState state = DisputeState(bound(reached, 1, 7));
        Statement memory statement = _stated(LIE);
        Game memory game = _reach(statement, state, reached % 2 == 0);
        uint256 deadline = DISPUTES.recordOf(_gameId(game)).deadline();
        bytes memory tooLate = abi.encodeWithSelector(IDisputeGame.DisputeTooLate.selector, _gameId(game), deadline);
        VM.warp(late % 2 == 0 ? deadline + 1 : bound(late, deadline + 1, deadline + 1 days));
        (address mover, bytes memory call) = _moveIn(game, state);
        _refuse(mover, call, tooLate);
        bool nodeLost = mover == NODE || mover == SIGNER;
        uint256 before = DISPUTES.balanceOf(CHALLENGER);
        _accept(address(uint160(late)), abi.encodeCall(IDisputeGame.timeout, (game)));
        require((_verdictOf(statement) == Verdict.False) == nodeLost, "verdict");
        require(DISPUTES.balanceOf(CHALLENGER) - before == (nodeLost ? game.bond : 0), "bond");
        require(DISPUTES.balanceOf(NODE) == (nodeLost ? 0 : (game.bond * 6) / 10), "to the node");
        require(DISPUTES.forfeited() == (nodeLost ? 0 : game.bond - (game.bond * 6) / 10), "forfeited");
    }

    /// @dev [T064 I23]
    function testFuzz_moves_countInTheLastSecond(uint8 reached) external {
        DisputeState state = DisputeState(bound(reached, 1, 7));
        Game memory game = _reach(_stated(LIE), state, reached % 2 == 0);
        uint256 deadline = DISPUTES.recordOf(_gameId(game)).deadline();
        VM.warp(deadline);
        (address mover, bytes memory call) = _moveIn(game, state);
        _accept(mover, call);
    }

    /// @dev Only who acts for the node moves for it, and only the challenger picks [I23].
    function testFuzz_moves_areTheSidesOwn(address caller) external {
        VM.assume(caller != NODE && caller != SIGNER && caller != CHALLENGER);
        Game memory game = _reach(_stated(LIE), DisputeState.Asked, false);
        _refuse(caller, _respond(game), _notOperator(caller));
        _accept(SIGNER, _respond(game));
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeNotChallenger.selector,
            _gameId(game),
            caller,
            CHALLENGER
        );
        bytes memory pick = abi.encodeCall(IDisputeGame.pick, (game, uint8(WRONG_WORD / TOY_PART_WORDS)));
        _refuse(caller, pick, refusal);
        _accept(CHALLENGER, pick);
        _refuse(caller, _reveal(game), _notOperator(caller));
        _accept(SIGNER, _reveal(game));
    }

    /// @dev What the node says of the challenger's trace, and of the steps, must be so [T070].
    function testFuzz_respond_provesItsStep(bytes32 root, uint256 place) external {
        Game memory game = _reach(_stated(LIE), DisputeState.Asked, false);
        StepProof memory proof = TOY.proof(0, TOY_LAST);
        VM.assume(root != proof.root && root != proof.rootPath[0] && root != proof.stepPath[0]);
        place = bound(place, 0, 2);
        bytes32 given;
        if (place == 0) {
            proof.root = root;
            given = MerkleLib.rootWithDepth(_rootOfPath(root, proof.rootPath), proof.rootPath.length);
        } else if (place == 1) {
            proof.rootPath[0] = root;
            given = MerkleLib.rootWithDepth(_rootOfPath(proof.root, proof.rootPath), proof.rootPath.length);
        } else {
            proof.stepPath[0] = root;
            given = _rootOfPath(keccak256(proof.step), proof.stepPath);
        }
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongRoot.selector,
            _gameId(game),
            given,
            place == 2 ? game.stepsRoot : game.traceRoot
        );
        bytes32[] memory nodes = TOY.nodes(LIE, TOY_LAST);
        _refuse(NODE, abi.encodeCall(IDisputeGame.respond, (game, proof, nodes)), refusal);
    }

    /// @dev The node cannot answer what it agrees with [T070].
    function testFuzz_respond_differs(uint8 index) external {
        index %= uint8(TOY_LAST);
        Game memory game = _reach(_stated(LIE), DisputeState.Asked, false);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeSameTensor.selector,
            _gameId(game),
            uint256(index)
        );
        bytes32[] memory nodes = TOY.nodes(0, index);
        _refuse(NODE, abi.encodeCall(IDisputeGame.respond, (game, TOY.proof(0, index), nodes)), refusal);
    }

    /// @dev A tensor of few words is shown at once.
    function test_respond_showsASmallTensor() external {
        Game memory game = _challenge(CHALLENGER, _stated(1), 0);
        _accept(NODE, abi.encodeCall(IDisputeGame.respond, (game, TOY.proof(0, 0), TOY.nodes(1, 0))));
        DisputeRecord record = DISPUTES.recordOf(_gameId(game));
        require(record.state() == DisputeState.Shown && record.deadline() == NOW + CLOCKS, "record");
    }

    /// @dev The answer that is revealed and judged is the one that was given [T069].
    function testFuzz_answer_isTheOneGiven(uint8 part, bytes32 other) external {
        Game memory game = _reach(_stated(LIE), DisputeState.Picked, false);
        Answer memory answer = TOY.answer(LIE, TOY_LAST);
        part %= 3;
        VM.assume(other != answer.stepHash && other != answer.nodeRoot && uint256(other) != answer.depth);
        if (part == 0) answer.stepHash = other;
        if (part == 1) answer.nodeRoot = other;
        if (part == 2) answer.depth = uint256(other);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeWrongAnswer.selector, _gameId(game));
        (bytes32[] memory words, bytes32[] memory path) = TOY.chunk(LIE, 2);
        _refuse(NODE, abi.encodeCall(IDisputeGame.reveal, (game, answer, words, path)), refusal);
        Case memory c = TOY.caseAgainst(LIE, 0, TOY_LAST, WRONG_WORD);
        if (part == 0) c.step = abi.encode(other);
        if (part == 1) c.nodeRoot = other;
        _refuse(OTHER, abi.encodeCall(IDisputeGame.judge, (game, answer.depth, c)), refusal);
    }

    /// @dev Only a part that was laid down can be picked: the node could not show another one.
    function testFuzz_pick_isOfWhatIsLaidDown(uint8 chunk) external {
        VM.assume(chunk >= TOY_PARTS);
        Game memory game = _reach(_stated(LIE), DisputeState.Answered, false);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeNoSuchPart.selector,
            _gameId(game),
            chunk,
            TOY_PARTS
        );
        _refuse(CHALLENGER, abi.encodeCall(IDisputeGame.pick, (game, chunk)), refusal);
    }

    /// @dev The node shows all words below the picked node, and no others.
    function testFuzz_reveal_isWhatWasPicked(uint8 chunk, uint8 other, uint256 count, bytes32 word) external {
        Game memory game = _reach(_stated(LIE), DisputeState.Answered, false);
        chunk %= uint8(TOY_PARTS);
        other %= uint8(TOY_PART_WORDS);
        _accept(CHALLENGER, abi.encodeCall(IDisputeGame.pick, (game, chunk)));
        (bytes32[] memory words, bytes32[] memory path) = TOY.chunk(LIE, chunk);
        Answer memory answer = TOY.answer(LIE, TOY_LAST);

        count = bound(count, 0, 20);
        VM.assume(count != TOY_PART_WORDS);
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeWrongCount.selector,
            _gameId(game),
            count,
            TOY_PART_WORDS
        );
        _refuse(NODE, abi.encodeCall(IDisputeGame.reveal, (game, answer, new bytes32[](count), path)), refusal);

        VM.assume(word != words[other]);
        (words[other], word) = (word, words[other]);
        bytes32 root = _rootOf(words, chunk, path);
        refusal = abi.encodeWithSelector(IDisputeGame.DisputeWrongRoot.selector, _gameId(game), root, answer.nodeRoot);
        _refuse(NODE, abi.encodeCall(IDisputeGame.reveal, (game, answer, words, path)), refusal);

        words[other] = word;
        _accept(NODE, abi.encodeCall(IDisputeGame.reveal, (game, answer, words, path)));
        require(DISPUTES.recordOf(_gameId(game)).deadline() == NOW + CLOCKS, "deadline");
    }

    /// @dev A case about anything else is none [T069].
    function testFuzz_judge_isAboutTheGame(uint8 part, bytes32 other) external {
        Game memory game = _reach(_stated(LIE), DisputeState.Shown, false);
        Case memory c = TOY.caseAgainst(LIE, 0, TOY_LAST, WRONG_WORD);
        VM.assume(other != c.traceRoot && other != c.inputRoot && other != c.outputRoot);
        part %= 3;
        if (part == 0) c.traceRoot = other;
        if (part == 1) c.inputRoot = other;
        if (part == 2) c.outputRoot = other;
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeWrongCase.selector, _gameId(game));
        _refuse(OTHER, abi.encodeCall(IDisputeGame.judge, (game, TOY.answer(LIE, TOY_LAST).depth, c)), refusal);
    }

    /// @dev Whatever right word is accused, nobody is convicted [I22].
    function testFuzz_judge_needsAFault(uint256 word) external {
        word = bound(word, 0, 299);
        VM.assume(word != WRONG_WORD);
        Statement memory statement = _stated(LIE);
        Game memory game = _reach(statement, DisputeState.Shown, false);
        bytes memory refusal = abi.encodeWithSelector(IDisputeGame.DisputeNoFault.selector, _gameId(game));
        _refuse(OTHER, _judge(game, word), refusal);
        require(_verdictOf(statement) == Verdict.Open, "open");
    }

    /// @dev Plays a game on until it is in this state.
    function _reach(Statement memory statement, DisputeState state, bool inGroups) private returns (Game memory game) {
        if (state == DisputeState.Asked) return _challenge(CHALLENGER, statement, 0);
        bool onlyInGroups = state < DisputeState.Answered;
        game =
            inGroups || onlyInGroups
                ? _challengeInGroups(CHALLENGER, statement, 0)
                : _challenge(CHALLENGER, statement, 0);
        for (;;) {
            DisputeState turn = DISPUTES.recordOf(_gameId(game)).state();
            if (turn == state) return game;
            (address mover, bytes memory call) = _moveIn(game, turn);
            _accept(mover, call);
        }
    }

    /// @dev What is to be done in a state, and by whom.
    function _moveIn(Game memory game, DisputeState state) private view returns (address mover, bytes memory call) {
        if (state == DisputeState.Grouped) return (NODE, abi.encodeCall(IDisputeGame.enter, (game, 1)));
        if (state == DisputeState.Entered) return (CHALLENGER, _lay(game));
        if (state == DisputeState.Asked || state == DisputeState.Laid) return (NODE, _respond(game));
        if (state == DisputeState.Answered) {
            return (CHALLENGER, abi.encodeCall(IDisputeGame.pick, (game, uint8(WRONG_WORD / TOY_PART_WORDS))));
        }
        if (state == DisputeState.Picked) return (SIGNER, _reveal(game));
        return (OTHER, _judge(game, WRONG_WORD));
    }

    function _lay(Game memory game) private view returns (bytes memory) {
        (bytes32[] memory r, bytes32[] memory path) = TOY.group(0, 1);
        return abi.encodeCall(IDisputeGame.lay, (game, r, path));
    }

    function _respond(Game memory game) private view returns (bytes memory) {
        return abi.encodeCall(IDisputeGame.respond, (game, TOY.proof(0, TOY_LAST), TOY.nodes(LIE, TOY_LAST)));
    }

    function _reveal(Game memory game) private view returns (bytes memory) {
        (bytes32[] memory words, bytes32[] memory path) = TOY.chunk(LIE, WRONG_WORD / TOY_PART_WORDS);
        return abi.encodeCall(IDisputeGame.reveal, (game, TOY.answer(LIE, TOY_LAST), words, path));
    }

    function _judge(Game memory game, uint256 word) private view returns (bytes memory) {
        return
            abi.encodeCall(
                IDisputeGame.judge,
                (game, TOY.answer(LIE, TOY_LAST).depth, TOY.caseAgainst(LIE, 0, TOY_LAST, word))
            );
    }

    function _rootOf(bytes32[] memory words, uint256 chunk, bytes32[] memory path) private pure returns (bytes32) {
        return _climb(Trees.rootOf(words), chunk, path);
    }

    function _rootOfPath(bytes32 word, bytes32[] memory path) private pure returns (bytes32) {
        return _climb(MerkleLib.leaf(word), TOY_LAST, path);
    }

    function _climb(bytes32 hash, uint256 index, bytes32[] memory path) private pure returns (bytes32) {
        for (uint256 level; level < path.length; ++level) {
            bool right = (index >> level) & 1 == 1;
            hash = right ? MerkleLib.node(path[level], hash) : MerkleLib.node(hash, path[level]);
        }
        return hash;
    }

    function _wrongState(Game memory game, DisputeState state) private view returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeWrongState.selector, _gameId(game), state);
    }

    function _notOperator(address caller) private view returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeGame.DisputeNotOperator.selector, NODE, caller);
    }
}
