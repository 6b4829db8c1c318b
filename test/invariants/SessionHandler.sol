// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InferenceSessions} from "../../contracts/InferenceSessions.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {StatementId, Transport} from "../../contracts/types/CommitmentTypes.sol";
import {Statement, Verdict} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {
    NodeConsent,
    Receipt,
    ReceiptProof,
    Session,
    SessionId,
    SessionNumbers,
    SessionRecord,
    SessionRules,
    SessionShape,
    SessionState
} from "../../contracts/types/SessionTypes.sol";
import {spread} from "../support/Fuzz.sol";
import {SessionSigning} from "../support/SessionSigning.sol";
import {sessionNumbers} from "../support/Suite.sol";
import {VM} from "../support/Vm.sol";
import {JudgedHandler} from "./JudgedHandler.sol";

/// @title Payers, keys, honest and lying nodes, challengers and strangers of sessions, at random, and a guardian and voters who
/// pause and replace rules in between
/// @dev Every call takes one random number and reads from it what to do. What must be possible to anyone reverts the handler
/// if it is refused, which fails the campaign; all else goes through `_try`, which counts.
contract SessionHandler is JudgedHandler, SessionSigning {
    using JobLib for AccountAmount;
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionNumbers;
    using SessionRulesLib for SessionRules;

    /// @dev A receipt that was shown; its kind is that of the toy's output.
    struct Shown {
        Receipt receipt;
        uint256 kind;
        StatementId id;
    }

    struct Opened {
        Session session;
        uint256 cameIn; // OPG, deposit and top-ups
        uint256 wentOut; // OPG, all that was paid and given back
        uint256 signed; // the largest voucher
        uint256 slashes;
        uint256 seatsBack;
        bool lied; // the node has, or has contradicted itself
        SessionRecord last;
        Shown[] shown;
    }

    /// @dev What a call about a session can move, OPG.
    struct Books {
        uint256 balances; // of all accounts, fees included
        uint256 earned;
        uint256 used;
        uint256 maxLock;
    }

    uint256 private constant MOST_LIVE = 4;
    uint256 private constant UNIT = 1e12;
    uint256 private constant KEY = 77;

    Opened[] private _opened;
    /// @dev What must never happen.
    uint256 public secondPayments;
    uint256 public fallenSums;
    uint256 public secondEnds;
    /// @dev What the campaign would prove nothing about if it never did it.
    uint256 public lies;
    uint256 public contradictions;
    uint256 public releases;
    uint256 public releasesWhilePaused;
    uint256 public capped;

    constructor() {
        _begin(SESSIONS);
        people.push(STRANGER);
        people.push(PUBLISHER);
    }

    /// @notice Opens a session, while few are live.
    function open(uint256 seed) external {
        uint256 any = spread(seed);
        if (_liveCount() >= MOST_LIVE) return _play(any);
        Session memory session = _sessionOf(any);
        uint256 deposit = (1 + ((any >> 96) % 1e8)) * UNIT;
        bytes memory call = abi.encodeCall(
            InferenceSessions.open,
            (session, deposit, _consentTo(session), new bytes32[](0))
        );
        if (isPaused()) {
            _refuseEntry(session.payer.account(), address(SESSIONS), call);
            return _liveCount() == 0 ? _passTo(GUARDIAN.pausedUntil()) : _play(any);
        }
        if (!_wouldTry(any, session.payer.account(), address(SESSIONS), call)) return;
        if (!_try(session.payer.account(), call)) return;
        Opened storage opened = _opened.push();
        (opened.session, opened.cameIn) = (session, deposit);
        opened.last = SESSIONS.sessionOf(_sessionIdOf(session));
        require(!opened.last.isUnknown(), "a session is not the hash of its fields");
    }

    /// @notice Takes sessions that are live one step on.
    function play(uint256 seed) external {
        for (uint256 i; i < 6; ++i) _play(spread(seed) >> (16 * i));
    }

    /// @notice Brings vouchers and receipts again, whatever the state of their session.
    function playAgain(uint256 seed) external {
        uint256 any = spread(seed);
        if (_opened.length == 0) return;
        Opened storage opened = _opened[any % _opened.length];
        uint256 amount = opened.signed == 0 ? 1 : opened.signed - ((any >> 8) % 2);
        uint256 before = opened.last.redeemed();
        bool wasOver = !opened.last.isLive();
        bool did = _redeem(opened, amount, any);
        if (did && (amount <= before || wasOver)) ++secondPayments;
        if (wasOver && opened.shown.length > 0) {
            Receipt memory receipt = opened.shown[(any >> 16) % opened.shown.length].receipt;
            if (_callIfSensible(opened, STRANGER, abi.encodeCall(SESSIONS.punishLie, (opened.session, receipt)), any)) {
                ++secondEnds;
            }
            if (_contradict(opened, receipt, any)) ++secondEnds;
        }
        bytes memory settle = abi.encodeCall(SESSIONS.settle, (opened.session));
        if (wasOver && _callIfSensible(opened, STRANGER, settle, any)) ++secondEnds;
    }

    /// @notice Moves money that is not at stake, and gives some to nobody.
    function moveMoney(uint256 seed) external {
        uint256 any = spread(seed);
        _moveMoney(people[any % (people.length - 2)], (any >> 8) % 5, any >> 16);
    }

    /// @notice Nodes serve anew or stop.
    function serve(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[any % nodes.length];
        uint256 maxLock = 300e18 + ((any >> 64) % 400e18);
        bytes memory call = abi.encodeCall(SESSIONS.serve, (node, VERSION, maxLock, block.timestamp + 80 days));
        if ((any >> 8) % 8 == 0) call = abi.encodeCall(SESSIONS.unserve, (node, VERSION));
        _try(_signerOf(node), call);
    }

    /// @notice A vote replaces the rules of the next sessions: every number that what has begun is held to, too.
    function govern(uint256 seed) external {
        uint256 any = spread(seed);
        SessionNumbers memory numbers = sessionNumbers();
        numbers.feeBps = uint16(any % 1_001);
        numbers.royaltyCapBps = uint16((any >> 16) % 5_001);
        numbers.challengerShareBps = uint16(2_500 + ((any >> 32) % 2_501));
        numbers.exposureBps = uint16(1_000 + ((any >> 48) % 9_001));
        numbers.disputeBond = uint24(1 + ((any >> 64) % 3));
        numbers.closeNoticePeriod = uint24(5 + ((any >> 72) % 20));
        numbers.receiptHorizonPeriod = uint24(30 + ((any >> 80) % 60));
        SESSIONS.setRules(numbers.pack(), 10 + ((any >> 88) % 11));
        _count(true);
    }

    /// @notice Ends a live session, as anyone can once time has passed.
    function finish(uint256 i) external {
        for (uint256 j; j < _opened.length; ++j) {
            Opened storage opened = _opened[((i % _opened.length) + j) % _opened.length];
            if (opened.last.isLive()) return _finish(opened);
        }
    }

    function count() external view returns (uint256) {
        return _opened.length;
    }

    function openedAt(uint256 i) external view returns (Opened memory opened, SessionRecord record) {
        return (_opened[i], SESSIONS.sessionOf(_sessionIdOf(_opened[i].session)));
    }

    function _serve(address node, uint256 maxLock) internal override {
        SESSIONS.serve(node, VERSION, maxLock, block.timestamp + 80 days);
    }

    function _finish(Opened storage opened) private {
        for (uint256 j; j < opened.shown.length; ++j) DISPUTER.end(opened.shown[j].id);
        _passTo(_endOf(opened) + opened.session.rules.horizonPeriod());
        bool wasPaused = isPaused();
        require(_call(opened, STRANGER, abi.encodeCall(SESSIONS.settle, (opened.session))), "not released");
        require(opened.last.state() == SessionState.Released, "not final");
        if (wasPaused) ++releasesWhilePaused;
    }

    function _play(uint256 any) private {
        if (_opened.length == 0) return;
        Opened storage opened = _opened[any % _opened.length];
        for (uint256 i; !opened.last.isLive(); ++i) {
            if (i == _opened.length) return;
            opened = _opened[(any + i) % _opened.length];
        }
        any >>= 16;
        uint256 choice = any % 16;
        any >>= 8;
        Session memory session = opened.session;
        if (choice < 4) _pay(opened, any);
        else if (choice == 4) _topUp(opened, any);
        else if (choice == 5) _close(opened, any);
        else if (choice == 6) _callIfSensible(opened, STRANGER, abi.encodeCall(SESSIONS.settle, (session)), any);
        else if (choice < 9) _show(opened, any);
        else if (choice < 12) _dispute(opened, any);
        else if (choice < 14) _punish(opened, any);
        else if (choice == 14 && any % 4 == 0) _punishTwice(opened, any);
        else _passTo(block.timestamp + ((any >> 8) % 30));
    }

    /// @dev Vouchers of all sizes, some of them by the wrong key.
    function _pay(Opened storage opened, uint256 any) private {
        uint256 amount = (any >> 8) % (2 * opened.last.funded() + UNIT);
        bool forged = any % 8 == 0;
        if (!forged && amount > opened.signed) opened.signed = amount;
        uint256 key = forged ? KEY + 1 : KEY;
        bytes memory call = abi.encodeCall(SESSIONS.redeem, (_voucher(opened.session, uint128(amount), key)));
        bool did = _callIfSensible(opened, STRANGER, call, any);
        require(!(did && forged), "a forged voucher was paid");
        if (did && amount > opened.last.redeemed() + UNIT && opened.last.redeemed() < opened.last.funded()) ++capped;
    }

    function _topUp(Opened storage opened, uint256 any) private {
        uint256 amount = (any % 1e7) * UNIT;
        address from = people[(any >> 32) % people.length];
        bytes memory call = abi.encodeCall(SESSIONS.topUp, (opened.session, from, amount, new bytes32[](0)));
        if (_wouldTry(any, from, address(SESSIONS), call) && _try(from, call)) opened.cameIn += amount;
        opened.last = SESSIONS.sessionOf(_sessionIdOf(opened.session));
    }

    function _close(Opened storage opened, uint256 any) private {
        address sender = opened.session.payer.account();
        if (any % 3 == 0) sender = opened.session.key;
        if (any % 3 == 1) sender = _signerOf(opened.session.node.account());
        _callIfSensible(opened, sender, abi.encodeCall(SESSIONS.close, (opened.session)), any);
    }

    /// @dev The node answers, mostly the truth, and somebody shows what it has signed.
    function _show(Opened storage opened, uint256 any) private {
        uint256 kind = any % 3 == 0 ? 1 + ((any >> 8) % 3) : 0;
        uint256 issuedAt = block.timestamp - ((any >> 16) % 8);
        Receipt memory receipt = _receiptOf(opened, opened.shown.length, TOY.outputRoot(kind), issuedAt);
        bytes memory call = abi.encodeCall(
            RECEIPTS.show,
            (address(SESSIONS), opened.session, receipt, _proofOf(opened, receipt))
        );
        if (!_wouldTry(any, STRANGER, address(RECEIPTS), call) || !_try(STRANGER, address(RECEIPTS), call)) return;
        if (kind != 0) opened.lied = true;
        opened.shown.push(Shown(receipt, kind, RECEIPTS.statementIdOf(opened.session.node.account(), receipt)));
    }

    function _dispute(Opened storage opened, uint256 any) private {
        // Of those that were shown last: others can be disputed no more.
        uint256 length = opened.shown.length;
        if (length == 0) return;
        Shown storage shown = opened.shown[length == 1 ? 0 : length - 1 - (any % 2)];
        if (block.timestamp >= RECEIPTS.disputableUntil(0, shown.id)) return;
        Statement memory statement = Statement(
            address(RECEIPTS),
            SessionId.unwrap(_sessionIdOf(opened.session)),
            shown.receipt.sequence,
            MODEL,
            identity(),
            INPUT,
            opened.session.node.account(),
            shown.receipt.outputRoot,
            Transport.Direct
        );
        address challenger = people[(any >> 8) % (people.length - 2)];
        if (any % 5 == 0) DISPUTER.demand(statement, shown.id, shown.kind, STRANGER);
        else DISPUTER.challenge(statement, shown.id, shown.kind, challenger);
    }

    /// @dev Waits for the verdicts about receipts, and punishes the first that is false; or tries to, where none is.
    function _punish(Opened storage opened, uint256 any) private {
        if (opened.shown.length == 0) return;
        Shown storage shown = opened.shown[any % opened.shown.length];
        for (uint256 i; i < opened.shown.length && !_isFalse(shown.id); ++i) {
            shown = opened.shown[i];
            DISPUTER.end(shown.id);
        }
        bool isFalse = _isFalse(shown.id);
        if (isFalse) {
            (, uint256 finalAt) = DISPUTES.sharersOf(shown.id);
            _passTo(finalAt);
            require(shown.kind != 0, "an honest node was convicted");
        }
        bool live = opened.last.isLive();
        bytes memory call = abi.encodeCall(SESSIONS.punishLie, (opened.session, shown.receipt));
        bool did = _callIfSensible(opened, STRANGER, call, any);
        require(did == (isFalse && live), "another punishment than the verdict's");
        if (did) ++lies;
    }

    function _isFalse(StatementId id) private view returns (bool) {
        return DISPUTES.verdictOf(id, 1) == Verdict.False;
    }

    /// @dev A node that has answered one call twice.
    function _punishTwice(Opened storage opened, uint256 any) private {
        Receipt memory receipt = _receiptOf(opened, (any >> 8) % 4, TOY.outputRoot(0), block.timestamp);
        opened.lied = true;
        require(_contradict(opened, receipt, any), "a contradiction is not punished");
        ++contradictions;
    }

    function _contradict(Opened storage opened, Receipt memory receipt, uint256 any) private returns (bool) {
        Receipt memory other = _receiptOf(opened, receipt.sequence, bytes32(any | 1), block.timestamp);
        return
            _callIfSensible(
                opened,
                STRANGER,
                abi.encodeCall(
                    SESSIONS.punishContradiction,
                    (opened.session, receipt, _proofOf(opened, receipt), other, _proofOf(opened, other))
                ),
                any
            );
    }

    function _redeem(Opened storage opened, uint256 amount, uint256 any) private returns (bool) {
        bytes memory call = abi.encodeCall(SESSIONS.redeem, (_voucher(opened.session, uint128(amount), KEY)));
        return _callIfSensible(opened, STRANGER, call, any);
    }

    function _callIfSensible(
        Opened storage opened,
        address sender,
        bytes memory call,
        uint256 seed
    ) private returns (bool) {
        return _wouldTry(seed, sender, address(SESSIONS), call) && _call(opened, sender, call);
    }

    /// @dev Does something to a session, and notes what that has moved: nothing but what its record says.
    function _call(Opened storage opened, address sender, bytes memory call) private returns (bool did) {
        address node = opened.session.node.account();
        Books memory before = _booksOf(node);
        did = _try(sender, call);
        Books memory now_ = _booksOf(node);
        SessionRecord was = opened.last;
        SessionRecord is_ = SESSIONS.sessionOf(_sessionIdOf(opened.session));
        opened.last = is_;
        opened.wentOut += (was.funded() - was.paid()) - (is_.funded() - is_.paid());
        bool falsified = is_.state() == SessionState.Falsified && was.isLive();
        bool released = is_.state() == SessionState.Released && was.isLive();
        if (is_.redeemed() < was.redeemed() && !falsified) ++fallenSums;
        if (falsified) ++opened.slashes;
        if (released) ++releases;
        uint256 collateral = opened.session.node.amount();
        if (falsified || released) ++opened.seatsBack;
        require(before.used - now_.used == (falsified || released ? collateral : 0), "another seat");
        require(before.maxLock - now_.maxLock == (falsified ? collateral : 0), "another loss");
        if (falsified) return did;
        uint256 moved = now_.balances + now_.earned - before.balances - before.earned;
        require(moved == (was.funded() - was.paid()) - (is_.funded() - is_.paid()), "money came or went");
    }

    function _receiptOf(
        Opened storage opened,
        uint256 sequence,
        bytes32 outputRoot,
        uint256 issuedAt
    ) private view returns (Receipt memory) {
        uint96 price = uint96(opened.session.payer.amount());
        return
            Receipt(
                _sessionIdOf(opened.session),
                uint64(sequence),
                VERSION,
                INPUT,
                outputRoot,
                price,
                uint48(issuedAt)
            );
    }

    function _proofOf(Opened storage opened, Receipt memory receipt) private view returns (ReceiptProof memory) {
        return _attest(receipt, _signerKeys[opened.session.node.account()]);
    }

    function _consentTo(Session memory session) private view returns (NodeConsent memory) {
        return _agree(session, uint48(block.timestamp), _signerKeys[session.node.account()]);
    }

    function _sessionOf(uint256 any) private view returns (Session memory session) {
        (session.rules, ) = SESSIONS.governed();
        uint256 price = (1 + (any % 1e6)) * UNIT;
        uint256 least = price * session.rules.leastLockCalls() + 4 * session.rules.disputeBond();
        session.versionId = VERSION;
        session.payer = JobLib.pair(people[(any >> 32) % (people.length - 2)], price);
        session.node = JobLib.pair(nodes[(any >> 40) % nodes.length], least + ((any >> 48) % 100e18));
        session.key = VM.addr(KEY);
        (address payee, uint256 royalty) = SESSIONS.royaltyOf(VERSION, session.payer.account(), price);
        session.royalty = JobLib.pair(payee, royalty);
        uint256 endsAt = block.timestamp + 1 + ((any >> 64) % 200);
        session.shape = SessionShape.wrap(bytes32(endsAt | (_opened.length << 40)));
    }

    function _endOf(Opened storage opened) private view returns (uint256) {
        uint256 closesAt = opened.last.closesAt();
        return closesAt == 0 ? uint40(uint256(SessionShape.unwrap(opened.session.shape))) : closesAt;
    }

    function _booksOf(address node) private view returns (Books memory books) {
        for (uint256 i; i < people.length; ++i) {
            (uint256 balance, uint256 fees) = SESSIONS.accountOf(people[i]);
            books.balances += balance + fees;
        }
        (, books.maxLock, books.used, books.earned, ) = SESSIONS.servingOf(node, VERSION);
    }

    function _liveCount() private view returns (uint256 live) {
        for (uint256 i; i < _opened.length; ++i) if (_opened[i].last.isLive()) ++live;
    }
}
