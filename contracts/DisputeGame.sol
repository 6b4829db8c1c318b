// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {DisputeDemands} from "./base/DisputeDemands.sol";
import {DisputeNumbers} from "./base/DisputeNumbers.sol";
import {DisputeReferees} from "./base/DisputeReferees.sol";
import {DisputeVerdicts} from "./base/DisputeVerdicts.sol";
import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IReferee} from "./interfaces/IReferee.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {DisputeRecordLib} from "./libraries/DisputeRecordLib.sol";
import {GameRulesLib} from "./libraries/GameRulesLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {PartLib} from "./libraries/PartLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {RankingLib} from "./libraries/RankingLib.sol";
import {StatementRecordLib} from "./libraries/StatementRecordLib.sol";
import {StatementId} from "./types/CommitmentTypes.sol";
import {
    Answer,
    DisputeId,
    DisputeRecord,
    DisputeRules,
    DisputeState,
    Game,
    GameRules,
    SHARER_PLACES,
    Sharer,
    Statement,
    StatementRecord,
    StepProof
} from "./types/DisputeTypes.sol";
import {TensorPreimage} from "./types/PayloadTypes.sol";
import {Case, GROUP_LEVELS, GROUP_STEPS, Opening} from "./types/RefereeTypes.sol";

/// @title Whether a statement is false
contract DisputeGame is Multicall, DisputeReferees, DisputeDemands {
    using DisputeRecordLib for Answer;
    using DisputeRecordLib for DisputeRecord;
    using GameRulesLib for GameRules;
    using RankingLib for Sharer[SHARER_PLACES];
    using StatementRecordLib for StatementRecord;

    mapping(bytes32 commitment => uint256 number) private _seals;

    /// @param authority The access manager.
    /// @param staking Knows who acts for a node, and the token.
    /// @param commitments Where statements are kept.
    /// @param moneyClockFloor Seconds, 5 to 48 hours.
    /// @param mostGamePeriod Seconds; with the window it is shorter than stake thaws.
    /// @param leastWindowPeriod Seconds.
    /// @param rules The governed numbers at first.
    /// @param referees Who judges at first.
    constructor(
        address authority,
        INodeStaking staking,
        IResultCommitments commitments,
        uint256 moneyClockFloor,
        uint256 mostGamePeriod,
        uint256 leastWindowPeriod,
        DisputeRules memory rules,
        IReferee[] memory referees
    )
        AccessManaged(authority)
        DisputeNumbers(moneyClockFloor, mostGamePeriod, leastWindowPeriod, staking.THAW_PERIOD())
        DisputeVerdicts(staking, commitments)
    {
        _setRules(GameRulesLib.pack(rules));
        for (uint256 i; i < referees.length; ++i) _addReferee(referees[i]);
    }

    /// @inheritdoc IDisputeGame
    function seal(bytes32 commitment) external {
        if (commitment == 0 || _seals[commitment] != 0) revert DisputeSealTaken(commitment);
        _seals[commitment] = block.number;
        emit ChallengeSealed(commitment);
    }

    /// @inheritdoc IDisputeGame
    function challenge(
        Statement calldata statement,
        bytes calldata header,
        bytes32[] calldata r,
        bytes32 salt
    ) external returns (DisputeId gameId) {
        (Game memory game, bytes32 outputRoot) = _open(statement.version, header, r);
        return _start(statement, game, outputRoot, salt, r);
    }

    /// @inheritdoc IDisputeGame
    function challengeInGroups(
        Statement calldata statement,
        bytes calldata header,
        bytes32[] calldata groups,
        Opening[] calldata outputs,
        bytes32 salt
    ) external returns (DisputeId gameId) {
        (Game memory game, bytes32 outputRoot) = _openGroups(statement.version, header, groups, outputs);
        gameId = _start(statement, game, outputRoot, salt, groups);
        DisputeRecord record = _records[gameId];
        _records[gameId] = record.moved(DisputeState.Grouped, record.deadline(), groups.length);
        emit Grouped(gameId);
    }

    /// @inheritdoc IDisputeGame
    function enter(Game calldata game, uint8 group) external {
        (DisputeId gameId, DisputeRecord record) = _turn(game, DisputeState.Grouped);
        _checkOperator(game.node);
        if (group >= record.chunk()) revert DisputeNoSuchGroup(gameId, group, record.chunk());

        uint256 deadline = _move(gameId, record, DisputeState.Entered, game.rules.pickPeriod(), group);
        emit Entered(gameId, group, deadline);
    }

    /// @inheritdoc IDisputeGame
    function lay(Game calldata game, bytes32[] calldata r, bytes32[] calldata path) external {
        (DisputeId gameId, DisputeRecord record) = _turn(game, DisputeState.Entered);
        _checkChallenger(gameId, game);
        uint256 depth = GROUP_LEVELS + path.length;
        bytes32 root = _rootOfPart(gameId, r, record.chunk(), GROUP_STEPS, depth, path);
        _checkRoot(gameId, MerkleLib.rootWithDepth(root, depth), game.traceRoot);

        uint256 deadline = _move(gameId, record, DisputeState.Laid, game.rules.revealPeriod(), record.chunk());
        emit Laid(gameId, r, deadline);
    }

    /// @inheritdoc IDisputeGame
    function respond(Game calldata game, StepProof calldata proof, bytes32[] calldata nodes) external {
        DisputeId gameId = _turnToName(game, proof.index);
        _checkOperator(game.node);
        bytes32 stepHash = keccak256(proof.step);
        bytes32 root = MerkleLib.rootOfPath(proof.root, proof.index, proof.rootPath);
        _checkRoot(gameId, MerkleLib.rootWithDepth(root, proof.rootPath.length), game.traceRoot);
        _checkRoot(gameId, MerkleLib.rootOfPath(stepHash, proof.index, proof.stepPath), game.stepsRoot);
        (bytes32 nodeRoot, uint256 depth, bool words) = IReferee(game.referee).own(proof.step, nodes);
        if (nodeRoot == proof.root) revert DisputeSameTensor(gameId, proof.index);

        Answer memory answer = Answer(stepHash, nodeRoot, depth);
        DisputeState state = words ? DisputeState.Shown : DisputeState.Answered;
        uint256 deadline = block.timestamp + (words ? game.rules.judgePeriod() : game.rules.pickPeriod());
        uint256 last = words ? 0 : (1 << PartLib.levelsOf(depth)) - 1;
        _records[gameId] = DisputeRecordLib.answered(state, deadline, last, answer.answerOf());
        emit Answered(gameId, proof.index, answer, nodes, state, deadline);
    }

    /// @inheritdoc IDisputeGame
    function pick(Game calldata game, uint8 chunk) external {
        (DisputeId gameId, DisputeRecord record) = _turn(game, DisputeState.Answered);
        _checkChallenger(gameId, game);
        if (chunk > record.chunk()) revert DisputeNoSuchPart(gameId, chunk, record.chunk() + 1);

        uint256 deadline = _move(gameId, record, DisputeState.Picked, game.rules.revealPeriod(), chunk);
        emit Picked(gameId, chunk, deadline);
    }

    /// @inheritdoc IDisputeGame
    function reveal(
        Game calldata game,
        Answer calldata answer,
        bytes32[] calldata words,
        bytes32[] calldata path
    ) external {
        (DisputeId gameId, DisputeRecord record) = _turn(game, DisputeState.Picked);
        _checkOperator(game.node);
        _checkAnswer(gameId, record, answer);
        uint256 count = 1 << (answer.depth - PartLib.levelsOf(answer.depth));
        bytes32 root = _rootOfPart(gameId, words, record.chunk(), count, answer.depth, path);
        _checkRoot(gameId, root, answer.nodeRoot);

        uint256 deadline = _move(gameId, record, DisputeState.Shown, game.rules.judgePeriod(), record.chunk());
        emit Shown(gameId, words, deadline);
    }

    /// @inheritdoc IDisputeGame
    function judge(Game calldata game, uint256 depth, Case calldata c) external {
        (DisputeId gameId, DisputeRecord record) = _load(game);
        DisputeState state = record.state();
        if (state < DisputeState.Answered || state > DisputeState.Shown) revert DisputeWrongState(gameId, state);
        _checkInTime(gameId, record);
        _checkAnswer(gameId, record, Answer(keccak256(c.step), c.nodeRoot, depth));
        _checkCase(gameId, game, c);
        if (!IReferee(game.referee).faulty(c)) revert DisputeNoFault(gameId);

        _convict(game.statementId, gameId, DisputeState.NodeLost, game.challenger, game.bond);
    }

    /// @inheritdoc IDisputeGame
    function timeout(Game calldata game) external {
        (DisputeId gameId, DisputeRecord record) = _load(game);
        _checkOpen(gameId, record);
        if (block.timestamp <= record.deadline()) revert DisputeClockRunning(gameId, record.deadline());

        if (record.isNodesTurn()) {
            _convict(game.statementId, gameId, DisputeState.NodeLost, game.challenger, game.bond);
        } else {
            _acquit(game, gameId);
        }
    }

    /// @inheritdoc IDisputeGame
    function close(Game calldata game, Game calldata deciding) external {
        (DisputeId gameId, DisputeRecord record) = _load(game);
        _checkOpen(gameId, record);
        StatementRecord statement = _statements[game.statementId];
        if (!statement.isFalse()) revert DisputeNotDecided(game.statementId);

        _end(game.statementId, gameId, DisputeState.Moot, game.challenger, game.bond);
        if (_isRight(game, deciding, statement) && _sharers[game.statementId].enter(game.challenger, game.rank)) {
            emit SharerEntered(game.statementId, game.challenger, game.rank);
        }
    }

    /// @inheritdoc IDisputeGame
    function refute(
        Statement calldata statement,
        bytes calldata header,
        TensorPreimage[] calldata inputs,
        bytes32 salt
    ) external returns (DisputeId refutationId) {
        bool saysFitting = statement.outputRoot != PayloadLib.INPUT_MALFORMED;
        if (saysFitting) _checkNoError(statement);
        StatementId statementId = _inWindow(statement);
        _sealedBefore(msg.sender, statementId, statement.inputRoot, salt);
        IReferee referee = _refereeFor(statement.version);
        (bytes32 graphRoot, bytes32 inputRoot, bool fitting) = referee.fits(header, inputs);
        _checkGraph(statement.version, graphRoot);
        if (inputRoot != statement.inputRoot) revert DisputeWrongInput(inputRoot, statement.inputRoot);
        if (fitting == saysFitting) revert DisputeNotRefuted(statementId);

        refutationId = HashLib.refutationId(statementId);
        _convict(statementId, refutationId, DisputeState.Refuted, msg.sender, 0);
    }

    /// @inheritdoc IDisputeGame
    function sealedInBlock(bytes32 commitment) external view returns (uint256) {
        return _seals[commitment];
    }

    /// @inheritdoc IDisputeGame
    function challengeSealOf(
        address challenger,
        StatementId statementId,
        bytes32 shown,
        bytes32 salt
    ) external view returns (bytes32) {
        return HashLib.challengeSeal(challenger, statementId, shown, salt);
    }

    /// @dev The id of a statement that can still be disputed.
    function _inWindow(Statement calldata statement) private view returns (StatementId statementId) {
        uint256 endsAt;
        (statementId, endsAt) = _disputable(statement);
        if (block.timestamp >= endsAt) revert DisputeWindowOver(statementId, endsAt);
    }

    /// @dev Begins a game about a statement.
    /// @param game What a referee has made of what the challenger lays down.
    /// @param outputRoot What that leads to.
    /// @param r The data roots of all steps, or the roots of groups.
    function _start(
        Statement calldata statement,
        Game memory game,
        bytes32 outputRoot,
        bytes32 salt,
        bytes32[] calldata r
    ) private returns (DisputeId gameId) {
        _checkNoError(statement);
        game.statementId = _inWindow(statement);
        if (outputRoot == statement.outputRoot) revert DisputeSameOutput(outputRoot);

        game.inputRoot = statement.inputRoot;
        game.outputRoot = statement.outputRoot;
        game.node = statement.node;
        game.challenger = msg.sender;
        game.rules = _rules;
        game.bond = game.rules.bond();
        game.openedAt = block.timestamp;
        game.rank = salt == 0 ? block.number : _sealedBefore(msg.sender, game.statementId, game.traceRoot, salt);

        gameId = HashLib.gameIdOfMemory(game);
        _debit(msg.sender, game.bond);
        uint256 deadline = block.timestamp + game.rules.respondPeriod();
        _begin(game.statementId, gameId, DisputeState.Asked, deadline);
        emit Challenged(game.statementId, gameId, game.node, game, r, deadline);
    }

    /// @dev The earlier block in which somebody has put down what it shows now.
    function _sealedBefore(
        address challenger,
        StatementId statementId,
        bytes32 shown,
        bytes32 salt
    ) private view returns (uint256 number) {
        bytes32 commitment = HashLib.challengeSeal(challenger, statementId, shown, salt);
        number = _seals[commitment];
        if (number == 0 || number == block.number) revert DisputeNotSealed(commitment);
    }

    function _load(Game calldata game) private view returns (DisputeId gameId, DisputeRecord record) {
        gameId = HashLib.gameId(game);
        record = _records[gameId];
        if (record.isUnknown()) revert DisputeUnknown(gameId);
    }

    /// @dev A game in which it is this move's turn, in time.
    function _turn(
        Game calldata game,
        DisputeState state
    ) private view returns (DisputeId gameId, DisputeRecord record) {
        (gameId, record) = _load(game);
        _checkState(gameId, record, state);
        _checkInTime(gameId, record);
    }

    /// @dev A game in which the node may name this step, in time.
    function _turnToName(Game calldata game, uint256 step) private view returns (DisputeId gameId) {
        DisputeRecord record;
        (gameId, record) = _load(game);
        DisputeState state = record.state();
        bool inGroup = state == DisputeState.Laid;
        if (!inGroup && state != DisputeState.Asked) revert DisputeWrongState(gameId, state);
        _checkInTime(gameId, record);
        if (inGroup && step / GROUP_STEPS != record.chunk()) revert DisputeOutsideGroup(gameId, step, record.chunk());
    }

    /// @dev The same game one move further, in which whoever is next has its whole clock.
    function _move(
        DisputeId gameId,
        DisputeRecord record,
        DisputeState state,
        uint256 period,
        uint256 chunk
    ) private returns (uint256 deadline) {
        deadline = block.timestamp + period;
        _records[gameId] = record.moved(state, deadline, chunk);
    }

    function _checkState(DisputeId gameId, DisputeRecord record, DisputeState expected) private pure {
        if (record.state() != expected) revert DisputeWrongState(gameId, record.state());
    }

    /// @dev Root of a tree of this depth, of which one part is shown.
    /// @param part Its number; there are `count` words in each.
    function _rootOfPart(
        DisputeId gameId,
        bytes32[] calldata words,
        uint256 part,
        uint256 count,
        uint256 depth,
        bytes32[] calldata path
    ) private pure returns (bytes32) {
        if (words.length != count) revert DisputeWrongCount(gameId, words.length, count);
        return MerkleLib.rootOfRange(words, part * count, depth, path);
    }

    function _checkChallenger(DisputeId gameId, Game calldata game) private view {
        if (msg.sender != game.challenger) revert DisputeNotChallenger(gameId, msg.sender, game.challenger);
    }

    function _checkOperator(address node) private view {
        if (!STAKING.isOperator(node, msg.sender)) revert DisputeNotOperator(node, msg.sender);
    }

    /// @param given What words or a step come to with what proves them.
    function _checkRoot(DisputeId gameId, bytes32 given, bytes32 expected) private pure {
        if (given != expected) revert DisputeWrongRoot(gameId, given, expected);
    }

    function _checkAnswer(DisputeId gameId, DisputeRecord record, Answer memory answer) private pure {
        if (DisputeRecordLib.answerOf(answer) != record.answer()) revert DisputeWrongAnswer(gameId);
    }

    function _checkCase(DisputeId gameId, Game calldata game, Case calldata c) private pure {
        bool same = c.traceRoot == game.traceRoot && c.inputRoot == game.inputRoot && c.outputRoot == game.outputRoot;
        if (!same) revert DisputeWrongCase(gameId);
    }

    /// @dev Whether a game that was left stands behind the deciding one for the reward.
    function _isRight(
        Game calldata game,
        Game calldata deciding,
        StatementRecord statement
    ) private view returns (bool) {
        DisputeId expected = statement.deciding();
        if (block.timestamp >= statement.falseAt() + MONEY_CLOCK_FLOOR) return false;
        // Demands and refutations are decided without a trace.
        if (_records[expected].state() != DisputeState.NodeLost) return false;
        DisputeId given = HashLib.gameId(deciding);
        if (DisputeId.unwrap(given) != DisputeId.unwrap(expected)) revert DisputeNotDeciding(given, expected);
        return game.traceRoot == deciding.traceRoot;
    }

    /// @dev The challenger has not proven its case in time.
    /// @custom:rounds The node's part down; the rest is burned.
    function _acquit(Game calldata game, DisputeId gameId) private {
        _settle(game.statementId);
        uint256 toNode = (game.bond * game.rules.bondToNodeBps()) / GameRulesLib.BPS;
        _forfeit(game.bond - toNode);
        (address owner, ) = STAKING.ownerOf(game.node);
        _end(game.statementId, gameId, DisputeState.ChallengerLost, owner, toNode);
    }
}
