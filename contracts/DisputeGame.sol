// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {Ledger} from "./base/Ledger.sol";
import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IReferee} from "./interfaces/IReferee.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {DisputeRecordLib} from "./libraries/DisputeRecordLib.sol";
import {GameRulesLib} from "./libraries/GameRulesLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {MerkleLib} from "./libraries/MerkleLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {RankingLib} from "./libraries/RankingLib.sol";
import {StatementRecordLib} from "./libraries/StatementRecordLib.sol";
import {SupplyLib} from "./libraries/SupplyLib.sol";
import {RoundId, StatementId} from "./types/CommitmentTypes.sol";
import {
    Answer,
    Demand,
    DisputeId,
    DisputeRecord,
    DisputeRules,
    DisputeState,
    Game,
    GameRules,
    PayloadSide,
    SHARER_PLACES,
    Sharer,
    Statement,
    StatementRecord,
    StepProof,
    Supply,
    Verdict
} from "./types/DisputeTypes.sol";
import {ModelId, VersionId, VersionIdentity} from "./types/ModelTypes.sol";
import {TensorPreimage} from "./types/PayloadTypes.sol";
import {Case} from "./types/RefereeTypes.sol";

/// @title Whether a statement is false
contract DisputeGame is AccessManaged, Multicall, Ledger, IDisputeGame {
    using DisputeRecordLib for Answer;
    using DisputeRecordLib for DisputeRecord;
    using GameRulesLib for GameRules;
    using RankingLib for Sharer;
    using RankingLib for Sharer[SHARER_PLACES];
    using StatementRecordLib for StatementRecord;

    /// @dev What is gas worth can move by a factor of two in so long: too slowly for an attack to wait for it.
    uint256 private constant RATE_PERIOD = 7 days;
    /// @dev Levels of a large tensor's tree that the node lays down at once.
    uint256 private constant TOP_LEVELS = 8;
    uint256 private constant MOST_WORDS = 1_024;
    /// @dev A challenge lays down a word for each step: so many fit into a transaction on every chain.
    uint256 private constant MOST_STEPS = 4_096;

    /// @inheritdoc IDisputeGame
    INodeStaking public immutable STAKING;
    /// @inheritdoc IDisputeGame
    IResultCommitments public immutable COMMITMENTS;
    /// @inheritdoc IDisputeGame
    uint256 public immutable MONEY_CLOCK_FLOOR;
    /// @inheritdoc IDisputeGame
    uint256 public immutable MOST_GAME_PERIOD;
    /// @inheritdoc IDisputeGame
    uint256 public immutable LEAST_WINDOW_PERIOD;

    GameRules private _rules;
    uint256 private _rateChangeableAt;
    uint256 private _forfeited;
    mapping(address account => uint256 amount) private _balances;
    mapping(bytes32 profile => IReferee) private _referees;
    /// @inheritdoc IDisputeGame
    mapping(VersionId versionId => bool) public isAdmitted;
    mapping(bytes32 commitment => uint256 number) private _seals;
    mapping(StatementId statementId => StatementRecord) private _statements;
    mapping(DisputeId disputeId => DisputeRecord) private _records;
    mapping(StatementId statementId => Sharer[SHARER_PLACES]) private _sharers;

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
    ) AccessManaged(authority) Ledger(staking.TOKEN()) {
        GameRulesLib.within("moneyClockFloor", moneyClockFloor, 5, 48 hours);
        _checkNesting(leastWindowPeriod + mostGamePeriod + 1, staking.THAW_PERIOD());
        STAKING = staking;
        COMMITMENTS = commitments;
        MONEY_CLOCK_FLOOR = moneyClockFloor;
        MOST_GAME_PERIOD = mostGamePeriod;
        LEAST_WINDOW_PERIOD = leastWindowPeriod;
        _setRules(GameRulesLib.pack(rules));
        for (uint256 i; i < referees.length; ++i) _addReferee(referees[i]);
    }

    /// @inheritdoc IDisputeGame
    function burnForfeited() external nonReentrant returns (uint256 amount) {
        amount = _forfeited;
        _forfeited = 0;
        emit ForfeitedBurned(amount);
        TOKEN.burn(amount);
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
        _checkNoError(statement);
        (StatementId statementId, uint256 endsAt) = _disputable(statement);
        if (block.timestamp >= endsAt) revert DisputeWindowOver(statementId, endsAt);
        Game memory game = _openingOf(statement, statementId, header, r);
        game.rank = _rankOf(game, salt);

        gameId = HashLib.gameIdOfMemory(game);
        _debit(msg.sender, game.bond);
        uint256 deadline = block.timestamp + game.rules.respondPeriod();
        _begin(statementId, gameId, DisputeState.Asked, deadline);
        emit Challenged(statementId, gameId, game.node, game, r, deadline);
    }

    /// @inheritdoc IDisputeGame
    function respond(Game calldata game, StepProof calldata proof, bytes32[] calldata nodes) external {
        (DisputeId gameId, ) = _turn(game, DisputeState.Asked);
        _checkOperator(game.node);
        bytes32 stepHash = keccak256(proof.step);
        _checkPath(gameId, proof.root, proof.index, proof.rootPath, game.traceRoot);
        _checkPath(gameId, stepHash, proof.index, proof.stepPath, game.stepsRoot);
        (bytes32 nodeRoot, uint256 depth, bool words) = IReferee(game.referee).own(proof.step, nodes);
        if (nodeRoot == proof.root) revert DisputeSameTensor(gameId, proof.index);

        Answer memory answer = Answer(stepHash, nodeRoot, depth);
        DisputeState state = words ? DisputeState.Shown : DisputeState.Answered;
        uint256 deadline = block.timestamp + (words ? game.rules.judgePeriod() : game.rules.pickPeriod());
        _records[gameId] = DisputeRecordLib.answered(state, deadline, answer.answerOf());
        emit Answered(gameId, proof.index, answer, nodes, state, deadline);
    }

    /// @inheritdoc IDisputeGame
    function pick(Game calldata game, uint8 chunk) external {
        (DisputeId gameId, DisputeRecord record) = _turn(game, DisputeState.Answered);
        if (msg.sender != game.challenger) revert DisputeNotChallenger(gameId, msg.sender, game.challenger);

        uint256 deadline = block.timestamp + game.rules.revealPeriod();
        _records[gameId] = record.moved(DisputeState.Picked, deadline, chunk);
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
        uint256 count = 1 << (answer.depth - TOP_LEVELS);
        if (words.length != count) revert DisputeWrongCount(gameId, words.length, count);
        bytes32 root = MerkleLib.rootOfRange(words, record.chunk() * count, answer.depth, path);
        if (root != answer.nodeRoot) revert DisputeWrongWords(gameId, root, answer.nodeRoot);

        uint256 deadline = block.timestamp + game.rules.judgePeriod();
        _records[gameId] = record.moved(DisputeState.Shown, deadline, record.chunk());
        emit Shown(gameId, words, deadline);
    }

    /// @inheritdoc IDisputeGame
    function judge(Game calldata game, Answer calldata answer, Case calldata c) external {
        (DisputeId gameId, DisputeRecord record) = _load(game);
        DisputeState state = record.state();
        bool answered = state == DisputeState.Answered || state == DisputeState.Picked || state == DisputeState.Shown;
        if (!answered) revert DisputeWrongState(gameId, state);
        _checkInTime(gameId, record);
        _checkAnswer(gameId, record, answer);
        bool itsCase = c.traceRoot == game.traceRoot && c.inputRoot == game.inputRoot;
        itsCase = itsCase && c.nodeRoot == answer.nodeRoot && keccak256(c.step) == answer.stepHash;
        if (!itsCase) revert DisputeWrongCase(gameId);
        if (!IReferee(game.referee).faulty(c)) revert DisputeNoFault(gameId);

        _convict(game.statementId, gameId, DisputeState.NodeLost, game.challenger, game.bond);
    }

    /// @inheritdoc IDisputeGame
    function timeout(Game calldata game) external {
        (DisputeId gameId, DisputeRecord record) = _load(game);
        _checkOpen(gameId, record);
        if (block.timestamp <= record.deadline()) revert DisputeClockRunning(gameId, record.deadline());

        DisputeState state = record.state();
        if (state == DisputeState.Asked || state == DisputeState.Picked) {
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
        (StatementId statementId, uint256 endsAt) = _disputable(statement);
        if (block.timestamp >= endsAt) revert DisputeWindowOver(statementId, endsAt);
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
    function demand(
        Statement calldata statement,
        PayloadSide side,
        uint256 tensor,
        uint256 firstWord,
        uint256 count
    ) external returns (DisputeId demandId) {
        GameRulesLib.within("count", count, 1, MOST_WORDS);
        _checkNoError(statement);
        (StatementId statementId, uint256 endsAt) = _disputable(statement);
        GameRules rules = _rules;
        uint256 deadline = block.timestamp + rules.demandPeriod();
        if (deadline + MONEY_CLOCK_FLOOR > endsAt) revert DisputeWindowOver(statementId, endsAt);

        Demand memory made = Demand({
            statementId: statementId,
            root: side == PayloadSide.Input ? statement.inputRoot : statement.outputRoot,
            node: statement.node,
            payer: msg.sender,
            price: rules.supplyPrice(count),
            tensor: tensor,
            firstWord: firstWord,
            count: count,
            deadline: deadline
        });
        demandId = HashLib.demandIdOfMemory(made);
        _debit(msg.sender, made.price);
        _begin(statementId, demandId, DisputeState.Demanded, deadline);
        emit WordsDemanded(statementId, demandId, made.node, made);
    }

    /// @inheritdoc IDisputeGame
    function supply(Demand calldata demand_, Supply calldata supply_) external {
        (DisputeId demandId, DisputeRecord record) = _loadDemand(demand_);
        _checkInTime(demandId, record);
        SupplyLib.check(demand_, supply_);

        _settle(demand_.statementId);
        emit WordsSupplied(demandId, supply_);
        (address owner, ) = STAKING.ownerOf(demand_.node);
        _end(demand_.statementId, demandId, DisputeState.Supplied, owner, demand_.price);
    }

    /// @inheritdoc IDisputeGame
    function reclaim(Demand calldata demand_) external {
        (DisputeId demandId, DisputeRecord record) = _loadDemand(demand_);
        if (_statements[demand_.statementId].isFalse()) {
            _end(demand_.statementId, demandId, DisputeState.Moot, demand_.payer, demand_.price);
            return;
        }
        if (block.timestamp <= record.deadline()) revert DisputeClockRunning(demandId, record.deadline());
        _convict(demand_.statementId, demandId, DisputeState.Withheld, demand_.payer, demand_.price);
    }

    /// @inheritdoc IDisputeGame
    function addReferee(IReferee referee) external restricted {
        _addReferee(referee);
    }

    /// @inheritdoc IDisputeGame
    function setRules(GameRules rules) external restricted {
        uint256 rate = _rules.opgPerEth();
        if (rules.opgPerEth() != rate) {
            if (block.timestamp < _rateChangeableAt) revert DisputeRateTooSoon(_rateChangeableAt);
            GameRulesLib.within("opgPerEth", rules.opgPerEth(), (rate + 1) / 2, 2 * rate);
            _rateChangeableAt = block.timestamp + RATE_PERIOD;
        }
        _setRules(rules);
    }

    /// @inheritdoc IDisputeGame
    function verdictOf(RoundId roundId, address node, bytes32 outputRoot) external view returns (Verdict) {
        StatementId statementId = HashLib.statementId(roundId, node, outputRoot);
        StatementRecord statement = _statements[statementId];
        if (statement.isFalse()) return Verdict.False;
        uint256 endsAt = COMMITMENTS.disputableUntil(roundId, node, outputRoot);
        if (endsAt == 0) revert DisputeNotDisputable(statementId);
        bool over = block.timestamp >= endsAt && statement.underWay() == 0;
        return over ? Verdict.Upheld : Verdict.Open;
    }

    /// @inheritdoc IDisputeGame
    function sharersOf(StatementId statementId) external view returns (address[] memory challengers, uint256 finalAt) {
        StatementRecord statement = _statements[statementId];
        if (!statement.isFalse()) return (challengers, 0);
        Sharer[SHARER_PLACES] memory others = _sharers[statementId];
        uint256 count;
        while (count < SHARER_PLACES && !others[count].isNone()) ++count;
        challengers = new address[](count + 1);
        challengers[0] = _records[statement.deciding()].account();
        for (uint256 i; i < count; ++i) challengers[i + 1] = others[i].account();
        return (challengers, statement.falseAt() + MONEY_CLOCK_FLOOR);
    }

    /// @inheritdoc IDisputeGame
    function statementRecordOf(StatementId statementId) external view returns (StatementRecord) {
        return _statements[statementId];
    }

    /// @inheritdoc IDisputeGame
    function recordOf(DisputeId disputeId) external view returns (DisputeRecord) {
        return _records[disputeId];
    }

    /// @inheritdoc IDisputeGame
    function balanceOf(address account) external view returns (uint256) {
        return _balances[account];
    }

    /// @inheritdoc IDisputeGame
    function forfeited() external view returns (uint256) {
        return _forfeited;
    }

    /// @inheritdoc IDisputeGame
    function bond() external view returns (uint256) {
        return _rules.bond();
    }

    /// @inheritdoc IDisputeGame
    function supplyPriceOf(uint256 count) external view returns (uint256) {
        return _rules.supplyPrice(count);
    }

    /// @inheritdoc IDisputeGame
    function refereeOf(bytes32 profile) external view returns (IReferee) {
        return _referees[profile];
    }

    /// @inheritdoc IDisputeGame
    function governed() external view returns (GameRules) {
        return _rules;
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

    function _credit(address account, uint256 amount) internal override {
        _balances[account] += amount;
    }

    function _debit(address account, uint256 amount) internal override {
        uint256 balance = _balances[account];
        if (amount > balance) revert LedgerInsufficientBalance(account, balance, amount);
        // It was just compared.
        unchecked {
            _balances[account] = balance - amount;
        }
    }

    /// @dev The statement's id, and until when it can be disputed. This is the one place that knows how a statement was made:
    /// another transport needs another proof of existence here, and changes nothing of what follows.
    function _disputable(Statement calldata statement) private view returns (StatementId id, uint256 endsAt) {
        VersionId versionId = HashLib.versionId(statement.modelId, statement.version);
        RoundId roundId = HashLib.roundId(
            address(COMMITMENTS),
            statement.consumer,
            statement.jobId,
            statement.attempt,
            versionId,
            statement.inputRoot
        );
        id = HashLib.statementId(roundId, statement.node, statement.outputRoot);
        endsAt = COMMITMENTS.disputableUntil(roundId, statement.node, statement.outputRoot);
        if (endsAt == 0) revert DisputeNotDisputable(id);
    }

    /// @dev Of an error there is neither a trace nor a word.
    function _checkNoError(Statement calldata statement) private pure {
        if (PayloadLib.isError(statement.outputRoot)) revert DisputeErrorOutput(statement.outputRoot);
    }

    function _refereeFor(VersionIdentity calldata version) private view returns (IReferee referee) {
        referee = _referees[version.profile];
        if (address(referee) == address(0)) revert DisputeNoReferee(version.profile);
    }

    function _checkGraph(VersionIdentity calldata version, bytes32 given) private pure {
        if (given != version.graphRoot) revert DisputeWrongGraph(given, version.graphRoot);
    }

    /// @dev The game that a trace opens here and now, without its rank.
    function _openingOf(
        Statement calldata statement,
        StatementId statementId,
        bytes calldata header,
        bytes32[] calldata r
    ) private view returns (Game memory game) {
        IReferee referee;
        bytes32 outputRoot;
        (referee, game.stepsRoot, game.traceRoot, outputRoot) = _open(statement.version, header, r);
        if (outputRoot == statement.outputRoot) revert DisputeSameOutput(outputRoot);

        game.statementId = statementId;
        game.inputRoot = statement.inputRoot;
        game.node = statement.node;
        game.challenger = msg.sender;
        game.referee = address(referee);
        game.rules = _rules;
        game.bond = game.rules.bond();
        game.openedAt = block.timestamp;
    }

    /// @dev What a referee makes of a trace, if it judges the version and the header is of its graph.
    function _open(
        VersionIdentity calldata version,
        bytes calldata header,
        bytes32[] calldata r
    ) private view returns (IReferee referee, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        referee = _refereeFor(version);
        bytes32 graphRoot;
        (graphRoot, stepsRoot, traceRoot, outputRoot) = referee.open(header, r);
        _checkGraph(version, graphRoot);
    }

    function _rankOf(Game memory game, bytes32 salt) private view returns (uint256) {
        return salt == 0 ? block.number : _sealedBefore(game.challenger, game.statementId, game.traceRoot, salt);
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

    function _begin(StatementId statementId, DisputeId disputeId, DisputeState state, uint256 deadline) private {
        StatementRecord statement = _statements[statementId];
        if (statement.isFalse()) revert DisputeDecided(statementId);
        if (!_records[disputeId].isUnknown()) revert DisputeExists(disputeId);
        _statements[statementId] = statement.oneMore();
        _records[disputeId] = DisputeRecordLib.begun(state, deadline);
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
        if (record.state() != state) revert DisputeWrongState(gameId, record.state());
        _checkInTime(gameId, record);
    }

    function _loadDemand(Demand calldata demand_) private view returns (DisputeId demandId, DisputeRecord record) {
        demandId = HashLib.demandId(demand_);
        record = _records[demandId];
        if (record.isUnknown()) revert DisputeUnknown(demandId);
        _checkOpen(demandId, record);
    }

    function _checkOpen(DisputeId disputeId, DisputeRecord record) private pure {
        if (record.isOver()) revert DisputeWrongState(disputeId, record.state());
    }

    function _checkInTime(DisputeId disputeId, DisputeRecord record) private view {
        if (block.timestamp > record.deadline()) revert DisputeTooLate(disputeId, record.deadline());
    }

    function _checkOperator(address node) private view {
        if (!STAKING.isOperator(node, msg.sender)) revert DisputeNotOperator(node, msg.sender);
    }

    function _checkPath(
        DisputeId gameId,
        bytes32 word,
        uint256 index,
        bytes32[] calldata path,
        bytes32 expected
    ) private pure {
        bytes32 given = MerkleLib.rootOfPath(word, index, path);
        if (given != expected) revert DisputeWrongPath(gameId, given, expected);
    }

    function _checkAnswer(DisputeId gameId, DisputeRecord record, Answer calldata answer) private pure {
        if (DisputeRecordLib.answerOf(answer) != record.answer()) revert DisputeWrongAnswer(gameId);
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

    /// @dev Makes the statement false. Who began gets back what it laid down.
    function _convict(
        StatementId statementId,
        DisputeId disputeId,
        DisputeState state,
        address account,
        uint256 amount
    ) private {
        if (_statements[statementId].isFalse()) revert DisputeDecided(statementId);
        _statements[statementId] = StatementRecordLib.decided(disputeId);
        _end(statementId, disputeId, state, account, amount);
    }

    /// @dev The challenger has not proven its case in time.
    /// @custom:rounds The node's part down; the rest is burned.
    function _acquit(Game calldata game, DisputeId gameId) private {
        _settle(game.statementId);
        uint256 toNode = (game.bond * game.rules.bondToNodeBps()) / GameRulesLib.BPS;
        _forfeited += game.bond - toNode;
        (address owner, ) = STAKING.ownerOf(game.node);
        _end(game.statementId, gameId, DisputeState.ChallengerLost, owner, toNode);
    }

    /// @dev One dispute less is under way.
    function _settle(StatementId statementId) private {
        StatementRecord statement = _statements[statementId];
        if (statement.isFalse()) revert DisputeDecided(statementId);
        _statements[statementId] = statement.oneLess();
    }

    function _end(
        StatementId statementId,
        DisputeId disputeId,
        DisputeState state,
        address payee,
        uint256 paid
    ) private {
        _records[disputeId] = DisputeRecordLib.ended(state, payee);
        _credit(payee, paid);
        emit DisputeEnded(statementId, disputeId, state, payee, paid);
    }

    function _addReferee(IReferee referee) private {
        bytes32 profile = referee.profile();
        IReferee present = _referees[profile];
        if (profile == 0 || address(present) != address(0)) revert DisputeRefereeTaken(profile, present);
        _referees[profile] = referee;
        emit RefereeAdded(profile, referee);
    }

    function _setRules(GameRules rules) private {
        rules.check(MONEY_CLOCK_FLOOR);
        _checkNesting(rules.gamePeriod(), MOST_GAME_PERIOD);
        _checkNesting(2 * rules.demandPeriod() + MONEY_CLOCK_FLOOR, LEAST_WINDOW_PERIOD);
        _rules = rules;
        emit RulesSet(rules);
    }

    function _checkNesting(uint256 given, uint256 most) private pure {
        if (given > most) revert DisputeDeadlinesDoNotNest(given, most);
    }
}
