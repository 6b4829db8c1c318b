// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {IStatementKeeper} from "../../contracts/interfaces/IStatementKeeper.sol";
import {DisputeRecordLib} from "../../contracts/libraries/DisputeRecordLib.sol";
import {GameRulesLib} from "../../contracts/libraries/GameRulesLib.sol";
import {StatementRecordLib} from "../../contracts/libraries/StatementRecordLib.sol";
import {RoundId, StatementId, Transport} from "../../contracts/types/CommitmentTypes.sol";
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
    Statement,
    StepProof,
    Verdict
} from "../../contracts/types/DisputeTypes.sol";
import {ModelId, VERSION_TAG, VersionId} from "../../contracts/types/ModelTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {Case, GROUP_STEPS} from "../../contracts/types/RefereeTypes.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";
import {Tally} from "./Tally.sol";
import {TOY_BYTES, TOY_LAST, TOY_PART_WORDS, Toy, toyInput, toyInputRoot} from "./Toy.sol";

/// @title A node, challengers, voters who replace the rules, and anybody, at random
/// @dev Every call takes one random number and reads from it what to do. What an honest side does in its time must succeed:
/// its refusal reverts the handler, which fails the campaign. All else goes through `_try`.
contract DisputeHandler is SuiteAdmin, Tally, IStatementKeeper {
    using DisputeRecordLib for DisputeRecord;
    using GameRulesLib for DisputeRules;
    using GameRulesLib for GameRules;
    using StatementRecordLib for *;

    struct Stated {
        Statement statement;
        StatementId id;
        uint256 kind; // of the trace that the node defends
        uint32 length; // of the input, bytes
        bool malformed; // the node says that the input is
        Verdict verdict; // the first one that was final
    }

    struct Played {
        Game game;
        uint256 stated;
        uint256 kind; // of the challenger's trace
        uint256 answered; // kind of the tensor that the node laid down
        uint256 step;
        bool inGroups;
        uint256 changes; // of the state
        bool judged;
        DisputeState end; // the first one
    }

    uint256 private constant CHALLENGERS = 3;
    uint256 private constant MOST_STATEMENTS = 4;
    uint256 private constant MOST_GAMES = 12;
    uint32 private constant MISFIT_BYTES = TOY_BYTES + 1;
    bytes32 private immutable INPUT = toyInputRoot(toyInput(TOY_BYTES));

    Toy public immutable TOY = new Toy(INPUT);
    address public immutable NODE = VM.addr(1);
    address public constant STRANGER = address(0x5712A9E2);

    mapping(bytes32 jobId => mapping(StatementId statementId => uint256)) public override disputableUntil;

    address[] public challengers;
    Stated[] private _stated;
    Played[] private _played;
    Demand[] private _demands;
    /// @dev Tokens sent where nobody is owed them.
    uint256 public gifts;
    /// @dev What went in and out through deposits, withdrawals and burning.
    uint256 public paidIn;
    uint256 public paidOut;
    /// @dev How often each way to end came about.
    mapping(DisputeState end => uint256) public ends;
    /// @dev Moves in games whose rules had been replaced, by what they led to.
    mapping(DisputeState to => uint256) public movesUnderReplacedRules;

    constructor() {
        DISPUTES.addReferee(IReferee(address(TOY.REFEREE())));
        _endow(NODE);
        _register(NODE, 2, 1_000e18);
        for (uint160 i; i < CHALLENGERS; ++i) {
            address challenger = address(0xc4a_0000 + i);
            challengers.push(challenger);
            _deposit(challenger, FORTUNE);
        }
    }

    /// @notice The node states something, true or not, while few statements are about. Some inputs do not fit, and some
    /// statements say so.
    function state(uint256 seed) external {
        if (_stated.length == MOST_STATEMENTS) return;
        uint256 kind = seed % TOY.KINDS();
        Stated storage made = _stated.push();
        made.kind = kind;
        made.length = (seed >> 40) % 4 == 0 ? MISFIT_BYTES : TOY_BYTES;
        made.malformed = (seed >> 48) % 4 == 0;
        bytes32 inputRoot = toyInputRoot(toyInput(made.length));
        Statement storage statement = made.statement;
        statement.consumer = address(this);
        statement.jobId = bytes32(_stated.length);
        statement.modelId = ModelId.wrap(bytes32(uint256(1)));
        statement.version.profile = TOY.PROFILE();
        statement.version.graphRoot = TOY.graphRoot();
        statement.inputRoot = inputRoot;
        statement.node = NODE;
        statement.transport = Transport.Direct;
        statement.outputRoot =
            made.malformed ? COMMITMENTS.rootOf(PayloadError.InputMalformed, "") : TOY.outputRoot(kind);
        VersionId version = VersionId.wrap(keccak256(abi.encode(VERSION_TAG, statement.modelId, statement.version)));
        bytes32 jobId = statement.jobId;
        uint256 window = 30 + ((seed >> 8) % 300);
        RoundId roundId = COMMITMENTS.roundIdOf(address(this), jobId, 0, version, inputRoot);
        made.id = COMMITMENTS.statementIdOf(roundId, NODE, statement.outputRoot);
        disputableUntil[jobId][made.id] = block.timestamp + window;
    }

    /// @notice A challenger lays down a trace, true or not, at once or in groups.
    function challenge(uint256 seed) external {
        if (_stated.length == 0 || _played.length == MOST_GAMES) return;
        uint256 number = seed % _stated.length;
        uint256 kind = (seed >> 8) % TOY.KINDS();
        address challenger = challengers[(seed >> 16) % CHALLENGERS];
        bool inGroups = (seed >> 24) % 2 == 0;
        bytes memory call = _openingOf(_stated[number].statement, kind, inGroups);
        if (!_wouldTry(seed, challenger, address(DISPUTES), call)) return;
        (bool done, ) = _try(challenger, call);
        if (!done) return;
        Played storage played = _played.push();
        played.stated = number;
        played.kind = kind;
        played.inGroups = inGroups;
        played.game = _openedGame(number, challenger, kind);
        _noteMove(played);
    }

    /// @notice Somebody refutes a statement, rightly or not; who is right and in time succeeds.
    function refute(uint256 seed) external {
        if (_stated.length == 0) return;
        uint256 number = seed % _stated.length;
        Stated storage made = _stated[number];
        address challenger = challengers[(seed >> 8) % CHALLENGERS];
        bytes32 salt = keccak256(abi.encode(seed, block.number));
        bytes32 seal = DISPUTES.challengeSealOf(challenger, made.id, made.statement.inputRoot, salt);
        _try(challenger, abi.encodeCall(IDisputeGame.seal, (seal)));
        if ((seed >> 16) % 8 > 0) VM.roll(block.number + 1);
        uint32 shown = (seed >> 24) % 8 == 0 ? TOY_BYTES + MISFIT_BYTES - made.length : made.length;
        bytes memory call = abi.encodeCall(IDisputeGame.refute, (made.statement, TOY.header(), toyInput(shown), salt));
        uint256 endsAt = disputableUntil[made.statement.jobId][made.id];
        bool open = block.timestamp < endsAt && !DISPUTES.statementRecordOf(made.id).isFalse();
        bool proven = (seed >> 16) % 8 > 0 && shown == made.length;
        (bool done, bytes memory why) = _try(challenger, call);
        require(done == (open && proven && isMisfit(number)), string(why));
        if (done) ++ends[DisputeState.Refuted];
    }

    /// @dev Whether the shapes alone show that a statement is false.
    function isMisfit(uint256 number) public view returns (bool) {
        return _stated[number].malformed == (_stated[number].length == TOY_BYTES);
    }

    /// @notice Whoever is to move in a game moves rightly, if it is still in time; a liar lies where it can.
    function move(uint256 seed) external {
        if (_played.length == 0) return;
        Played storage played = _played[seed % _played.length];
        DisputeRecord record = _recordOf(played);
        if (record.isOver() || block.timestamp > record.deadline()) return;
        DisputeState turn = record.state();
        if (turn == DisputeState.Grouped) _enter(played, seed >> 8);
        else if (turn == DisputeState.Entered) _lay(played, record.chunk());
        else if (turn == DisputeState.Asked || turn == DisputeState.Laid) _respond(played, seed >> 8);
        else if (turn == DisputeState.Answered) _pick(played, seed >> 8);
        else if (turn == DisputeState.Picked) _reveal(played, record.chunk());
        else _judge(played);
    }

    /// @notice Somebody ends a game that is late or moot.
    function end(uint256 seed) external {
        if (_played.length == 0) return;
        Played storage played = _played[seed % _played.length];
        DisputeId deciding = DISPUTES.statementRecordOf(played.game.statementId).deciding();
        uint256 before = DISPUTES.balanceOf(NODE);
        bytes memory call = abi.encodeCall(IDisputeGame.timeout, (played.game));
        bool done;
        if (_wouldTry(seed, STRANGER, address(DISPUTES), call)) (done, ) = _try(STRANGER, call);
        if (done && _recordOf(played).state() == DisputeState.ChallengerLost) {
            uint256 due = (played.game.bond * played.game.rules.bondToNodeBps()) / 10_000;
            require(DISPUTES.balanceOf(NODE) == before + due, "another part than the game's");
        }
        for (uint256 i; i < _played.length && !done; ++i) {
            if (_idOf(_played[i].game) != DisputeId.unwrap(deciding)) continue;
            call = abi.encodeCall(IDisputeGame.close, (played.game, _played[i].game));
            if (_wouldTry(seed ^ i, STRANGER, address(DISPUTES), call)) (done, ) = _try(STRANGER, call);
        }
        if (done) _noteMove(played);
    }

    /// @notice Somebody demands words, or a demand is met or reclaimed.
    function demand(uint256 seed) external {
        if (_stated.length == 0) return;
        Stated storage stated = _stated[seed % _stated.length];
        address payer = challengers[(seed >> 8) % CHALLENGERS];
        if (_demands.length < MOST_STATEMENTS) {
            bytes memory call = abi.encodeCall(IDisputeGame.demand, (stated.statement, PayloadSide.Output, 0, 0, 1));
            uint256 price = DISPUTES.supplyPriceOf(1);
            uint256 deadline = block.timestamp + DISPUTES.governed().demandPeriod();
            if (!_wouldTry(seed, payer, address(DISPUTES), call)) return;
            (bool done, ) = _try(payer, call);
            if (!done) return;
            _demands.push(Demand(stated.id, stated.statement.outputRoot, NODE, payer, price, 0, 0, 1, deadline));
            return;
        }
        Demand memory made = _demands[(seed >> 16) % _demands.length];
        if ((seed >> 32) % 2 == 0) {
            for (uint256 kind; kind < TOY.KINDS(); ++kind) {
                if (TOY.outputRoot(kind) != made.root) continue;
                _tryIfSensible(seed, abi.encodeCall(IDisputeGame.supply, (made, TOY.supply(kind))));
            }
        }
        _tryIfSensible(seed, abi.encodeCall(IDisputeGame.reclaim, (made)));
    }

    /// @notice Money moves in and out; some is given to nobody.
    function pay(uint256 seed) external {
        address account = challengers[seed % CHALLENGERS];
        uint256 kind = (seed >> 8) % 4;
        uint256 amount = (seed >> 16) % 10e18;
        if (kind == 0) {
            _deposit(account, amount);
        } else if (kind == 1) {
            (bool done, ) = _try(account, abi.encodeCall(ILedger.withdraw, (STRANGER, amount)));
            if (done) paidOut += amount;
        } else if (kind == 2) {
            paidOut += DISPUTES.burnForfeited();
        } else {
            TOKEN.transfer(address(DISPUTES), amount);
            gifts += amount;
        }
    }

    /// @notice A vote replaces the rules of the next games and demands.
    function govern(uint256 seed) external {
        DisputeRules memory rules;
        rules.bondFactor = uint8(2 + (seed % 49));
        rules.bondFloor = uint24(1 + ((seed >> 8) % 50));
        rules.respondPeriod = uint24(5 + ((seed >> 16) % 16));
        rules.pickPeriod = uint24(5 + ((seed >> 24) % 6));
        rules.revealPeriod = uint24(5 + ((seed >> 32) % 6));
        rules.judgePeriod = uint24(5 + ((seed >> 40) % 16));
        rules.demandPeriod = uint24(5 + ((seed >> 48) % 6));
        rules.demandMarkupBps = uint16(12_500 + ((seed >> 56) % 37_501));
        rules.bondToNodeBps = uint16(5_000 + ((seed >> 72) % 3_001));
        rules.referenceGasPrice = uint40(1e6 + ((seed >> 88) % 1e6));
        rules.opgPerEth = uint32(DISPUTES.governed().opgPerEth());
        DISPUTES.setRules(rules.pack());
        _count(true);
    }

    /// @notice Time passes, often just to an edge.
    function wait(uint256 seed) external {
        VM.warp(block.timestamp + 1 + (seed % 25));
        VM.roll(block.number + 1);
    }

    function statementCount() external view returns (uint256) {
        return _stated.length;
    }

    function statedAt(uint256 i) external view returns (Stated memory) {
        return _stated[i];
    }

    function gameCount() external view returns (uint256) {
        return _played.length;
    }

    function playedAt(uint256 i) external view returns (Played memory played, DisputeRecord record) {
        return (_played[i], _recordOf(_played[i]));
    }

    function demandCount() external view returns (uint256) {
        return _demands.length;
    }

    function demandAt(uint256 i) external view returns (Demand memory made, DisputeRecord record) {
        made = _demands[i];
        bytes32 tag = keccak256("OPG/demand");
        bytes32 id = keccak256(abi.encode(tag, block.chainid, address(DISPUTES), made)) >> 40;
        return (made, DISPUTES.recordOf(DisputeId.wrap(id)));
    }

    /// @dev An honest node names the first difference; a liar any step, with any tensor that is not the challenger's.
    function _respond(Played storage played, uint256 seed) private {
        uint256 defended = _stated[played.stated].kind;
        uint256 kind = defended == 0 ? 0 : seed % TOY.KINDS();
        uint256 step = defended == 0 ? TOY.firstUnlike(0, played.kind) : ((seed >> 8) % 2) * TOY_LAST;
        StepProof memory proof = TOY.proof(played.kind, step);
        bytes memory call = abi.encodeCall(IDisputeGame.respond, (played.game, proof, TOY.nodes(kind, step)));
        (bool done, bytes memory why) = _try(NODE, call);
        require(done || defended != 0, string(why));
        if (!done) return;
        (played.answered, played.step) = (kind, step);
        _noteMove(played);
    }

    /// @dev An honest node enters the group of the first difference; a liar any, and one that there is not.
    function _enter(Played storage played, uint256 seed) private {
        bool honest = _stated[played.stated].kind == 0;
        uint256 group = honest ? TOY.firstUnlike(0, played.kind) / GROUP_STEPS : seed % 3;
        (bool done, bytes memory why) = _try(NODE, abi.encodeCall(IDisputeGame.enter, (played.game, uint8(group))));
        require(done == (group < 2), string(why));
        if (done) _noteMove(played);
    }

    /// @dev Whoever has laid a trace down has its groups.
    function _lay(Played storage played, uint256 group) private {
        (bytes32[] memory r, bytes32[] memory path) = TOY.group(played.kind, group);
        bytes memory call = abi.encodeCall(IDisputeGame.lay, (played.game, r, path));
        (bool done, bytes memory why) = _try(played.game.challenger, call);
        require(done, string(why));
        _noteMove(played);
    }

    function _pick(Played storage played, uint256 seed) private {
        bool honest = played.kind == 0;
        uint256 word = honest ? TOY.firstWrongWord(played.answered, 0, played.step) : seed % TOY.LARGE();
        bytes memory call = abi.encodeCall(IDisputeGame.pick, (played.game, uint8(word / TOY_PART_WORDS)));
        (bool done, bytes memory why) = _try(played.game.challenger, call);
        require(done, string(why));
        _noteMove(played);
    }

    function _reveal(Played storage played, uint256 chunk) private {
        (bytes32[] memory words, bytes32[] memory path) = TOY.chunk(played.answered, chunk);
        Answer memory answer = TOY.answer(played.answered, played.step);
        bytes memory call = abi.encodeCall(IDisputeGame.reveal, (played.game, answer, words, path));
        (bool done, bytes memory why) = _try(NODE, call);
        require(done, string(why));
        _noteMove(played);
    }

    /// @dev An honest challenger proves its case; a liar accuses whatever it likes.
    function _judge(Played storage played) private {
        uint256 word = TOY.firstWrongWord(played.answered, played.kind, played.step);
        uint256 depth = TOY.answer(played.answered, played.step).depth;
        Case memory c = TOY.caseAgainst(played.answered, played.kind, played.step, word);
        c.outputRoot = played.game.outputRoot; // a liar may lay down another tensor than it has stated
        (bool done, bytes memory why) = _try(STRANGER, abi.encodeCall(IDisputeGame.judge, (played.game, depth, c)));
        bool decided = DISPUTES.statementRecordOf(played.game.statementId).isFalse();
        // The toy computes from an input that fits; where it does not, there is no case to prove.
        require(done || played.kind != 0 || decided || isMisfit(played.stated), string(why));
        if (!done) return;
        played.judged = true;
        _noteMove(played);
    }

    /// @dev Notes what is final for the first time, after every call.
    function note() external {
        for (uint256 i; i < _stated.length; ++i) {
            Stated storage made = _stated[i];
            if (made.verdict == Verdict.Open) {
                made.verdict = DISPUTES.verdictOf(made.id, disputableUntil[made.statement.jobId][made.id]);
            }
        }
        for (uint256 i; i < _played.length; ++i) {
            DisputeState now_ = _recordOf(_played[i]).state();
            if (_played[i].end != DisputeState.None || now_ < DisputeState.NodeLost) continue;
            _played[i].end = now_;
            ++ends[now_];
        }
    }

    /// @dev Whoever is next has the whole clock of the rules that the game began under.
    function _noteMove(Played storage played) private {
        ++played.changes;
        GameRules rules = played.game.rules;
        DisputeRecord record = _recordOf(played);
        bool replaced = GameRules.unwrap(rules) != GameRules.unwrap(DISPUTES.governed());
        if (replaced) ++movesUnderReplacedRules[record.state()];
        if (record.isOver()) return;
        uint256[7] memory periods = [
            rules.respondPeriod(),
            rules.respondPeriod(),
            rules.pickPeriod(),
            rules.revealPeriod(),
            rules.pickPeriod(),
            rules.revealPeriod(),
            rules.judgePeriod()
        ];
        uint256 turn = uint256(record.state()) - uint256(DisputeState.Asked);
        require(record.deadline() == block.timestamp + periods[turn], "another clock than the game's");
    }

    function _openingOf(Statement memory statement, uint256 kind, bool inGroups) private view returns (bytes memory) {
        if (!inGroups) {
            return abi.encodeCall(IDisputeGame.challenge, (statement, TOY.header(), TOY.roots(kind), bytes32(0)));
        }
        return
            abi.encodeCall(
                IDisputeGame.challengeInGroups,
                (statement, TOY.header(), TOY.groups(kind), TOY.outputs(kind), bytes32(0))
            );
    }

    function _openedGame(uint256 number, address challenger, uint256 kind) private view returns (Game memory) {
        return TOY.gameOf(DISPUTES, _stated[number].statement, _stated[number].id, challenger, kind);
    }

    function _recordOf(Played storage played) private view returns (DisputeRecord) {
        return DISPUTES.recordOf(DisputeId.wrap(_idOf(played.game)));
    }

    function _idOf(Game memory game) private view returns (bytes32) {
        return keccak256(abi.encode(keccak256("OPG/game"), block.chainid, address(DISPUTES), game)) >> 40;
    }

    function _tryIfSensible(uint256 seed, bytes memory data) private {
        if (_wouldTry(seed, STRANGER, address(DISPUTES), data)) _try(STRANGER, data);
    }

    function _try(address who, bytes memory data) private returns (bool done, bytes memory given) {
        return _send(who, address(DISPUTES), data);
    }

    function _deposit(address account, uint256 amount) private {
        TOKEN.approve(address(DISPUTES), amount);
        DISPUTES.deposit(account, amount);
        paidIn += amount;
    }
}
