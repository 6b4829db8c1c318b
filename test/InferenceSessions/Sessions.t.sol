// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceSessions} from "../../contracts/interfaces/IInferenceSessions.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {ISessionKeys} from "../../contracts/interfaces/ISessionKeys.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {StatementId, Transport} from "../../contracts/types/CommitmentTypes.sol";
import {Statement} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {
    Receipt,
    ReceiptProof,
    Redemption,
    Session,
    SessionId,
    SessionNumbers,
    SessionRecord,
    SessionRules,
    SessionShape,
    SessionState,
    VoucherFault
} from "../../contracts/types/SessionTypes.sol";
import {bound, outside} from "../support/Fuzz.sol";
import {SessionStage} from "../support/SessionStage.sol";
import {sessionNumbers} from "../support/Suite.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

/// @title Which sessions are opened, what vouchers and receipts can do in them, and how they end
contract SessionsTest is SessionStage {
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionNumbers;
    using SessionRulesLib for SessionRules;

    uint256 private constant CLOSE_NOTICE = 10;
    uint256 private constant LEAST_COLLATERAL = 4.5e18; // 50 calls and four bonds
    bytes32[] private _noProof;

    function setUp() external {
        _stage();
    }

    /// @dev Both sides know the rules and the royalty that they agree on: no other word of them is taken.
    function testFuzz_open_wantsTheRulesAndTheRoyaltyOfNow(SessionRules rules, address payee, uint96 royalty) external {
        Session memory session = _session(0);
        SessionRules expected = session.rules;
        AccountAmount asked = session.royalty;
        VM.assume(SessionRules.unwrap(rules) != SessionRules.unwrap(expected));
        session.rules = rules;
        bytes4 selector = IInferenceSessions.SessionsOtherRules.selector;
        _refuse(REQUESTER, _open(session), abi.encodeWithSelector(selector, rules, expected));
        session.rules = expected;
        session.royalty = JobLib.pair(payee, royalty);
        if (AccountAmount.unwrap(session.royalty) == AccountAmount.unwrap(asked)) return;
        selector = IInferenceSessions.SessionsOtherRoyalty.selector;
        (address owner, uint256 part) = SESSIONS.royaltyOf(_version, REQUESTER, CALL_PRICE);
        _refuse(REQUESTER, _open(session), abi.encodeWithSelector(selector, owner, part));
    }

    /// @dev No session without what its node has signed, for a time that is not over.
    function testFuzz_open_wantsTheNodesConsent(uint256 key, uint48 validUntil, address caller) external {
        VM.assume(caller != REQUESTER);
        Session memory session = _session(0);
        SessionId id = _sessionIdOf(session);
        key = bound(key, 2, type(uint128).max);
        bytes memory call = _openBy(session, key, type(uint48).max, _noProof);
        bytes4 selector = IInferenceSessions.SessionsNoConsent.selector;
        _refuse(REQUESTER, call, abi.encodeWithSelector(selector, id, VM.addr(NODE_KEY), type(uint48).max));
        validUntil = uint48(bound(validUntil, 0, block.timestamp - 1));
        call = _openBy(session, NODE_KEY, validUntil, _noProof);
        _refuse(REQUESTER, call, abi.encodeWithSelector(selector, id, VM.addr(NODE_KEY), validUntil));
        _refuse(caller, _open(session), _notGranted(caller, DEPOSIT, 0, _endOf(session), 0));
        _accept(REQUESTER, _open(session));
    }

    /// @dev A session is opened once, whatever has become of it; with another nonce it is another one. [T101]
    function testFuzz_open_happensOnce(uint216 nonce, bool closed) external {
        VM.assume(nonce != 0);
        (Session memory session, SessionId id) = _opened(0);
        if (closed) _accept(VM.addr(NODE_KEY), abi.encodeCall(SESSIONS.close, (session)));
        _refuse(REQUESTER, _open(session), abi.encodeWithSelector(IInferenceSessions.SessionsExists.selector, id));
        (, SessionId other) = _opened(nonce);
        require(SessionId.unwrap(other) != SessionId.unwrap(id), "another one");
    }

    /// @dev A field outside its bounds is refused by its name.
    function testFuzz_open_boundsTheFields(uint256 low, uint256 late) external {
        Session memory session = _session(0);
        low = bound(low, 0, LEAST_COLLATERAL - 1);
        session.node = JobLib.pair(_nodes[0], low);
        _refuseField(session, "collateral", low, LEAST_COLLATERAL, type(uint96).max);
        session = _session(0);
        session.key = address(0);
        _refuseField(session, "key", 0, 1, type(uint160).max);
        session = _session(0);
        (uint256 first, uint256 last) = (block.timestamp + 1, block.timestamp + 3_600);
        uint256 endsAt = outside(late, first, last, type(uint40).max);
        session.shape = SessionShape.wrap(bytes32(endsAt));
        _refuseField(session, "endsAt", endsAt, first, last);
        session = _session(0);
        session.payer = JobLib.pair(REQUESTER, 0);
        _refuseField(session, "callPrice", 0, 1, type(uint96).max);
    }

    /// @dev Whatever price of a call a session names, its collateral is that of the price, to the unit, and so is its royalty.
    /// [T183]
    function testFuzz_open_wantsTheCollateralOfThePrice(uint96 any, uint256 low) external {
        uint256 price = bound(any, 1, 7e18);
        uint256 least = 50 * price + 4e18;
        Session memory session = _session(0);
        session.payer = JobLib.pair(REQUESTER, price);
        (address payee, uint256 royalty) = SESSIONS.royaltyOf(_version, REQUESTER, price);
        uint256 cap = (price * 3_000) / 10_000;
        require(royalty == (ROYALTY < cap ? ROYALTY : cap), "royalty");
        session.royalty = JobLib.pair(payee, royalty);
        uint256[2] memory bad = [least - 1, bound(low, 0, least - 1)];
        for (uint256 i; i < bad.length; ++i) {
            session.node = JobLib.pair(_nodes[0], bad[i]);
            _refuseField(session, "collateral", bad[i], least, type(uint96).max);
        }
        session.node = JobLib.pair(_nodes[0], least);
        _accept(REQUESTER, _open(session));
        (, , uint256 used, , ) = SESSIONS.servingOf(_nodes[0], _version);
        require(used == least, "collateral");
    }

    /// @dev A deposit is whole millionths of OPG, some of them, and the payer has it.
    function testFuzz_open_wantsADepositThatIsThere(uint256 dust, uint256 excess) external {
        dust = bound(dust, 0, UNIT - 1);
        uint256 most = SessionRecordLib.MOST_FUNDED;
        _refuseDeposit(dust, _outOfBounds("funded", dust, UNIT, most));
        if (dust > 0) _refuseDeposit(DEPOSIT + dust, _outOfBounds("fraction", dust, 0, 0));
        excess = bound(excess, 1, (most - FORTUNE / 2) / UNIT) * UNIT;
        bytes4 selector = ILedger.LedgerInsufficientBalance.selector;
        uint256 deposit = FORTUNE / 2 + excess;
        _refuseDeposit(deposit, abi.encodeWithSelector(selector, REQUESTER, FORTUNE / 2, deposit));
    }

    /// @dev A key puts what it was granted into sessions that end in time, of versions that its list has. [T182]
    function testFuzz_key_staysWithinItsGrant(address key, uint96 limit, uint48 expiresAt, bytes32 sibling) external {
        VM.assume(key != REQUESTER);
        Session memory session = _session(0);
        uint256 endsAt = _endOf(session);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(_version))));
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = sibling;
        bytes32 root = Trees.sortedPair(leaf, sibling);
        _grant(key, limit, expiresAt, root);
        bytes memory call = _openBy(session, NODE_KEY, type(uint48).max, proof);
        if (limit < DEPOSIT || expiresAt < endsAt) {
            _refuse(key, call, _notGranted(key, DEPOSIT, limit, endsAt, expiresAt));
        }
        (limit, expiresAt) = (
            uint96(bound(limit, DEPOSIT, type(uint96).max)),
            uint48(bound(expiresAt, endsAt, endsAt + 9))
        );
        _grant(key, limit, expiresAt, root);
        bytes4 selector = ISessionKeys.SessionsVersionNotGranted.selector;
        bytes memory unlisted = _openBy(session, NODE_KEY, type(uint48).max, _noProof);
        _refuse(key, unlisted, abi.encodeWithSelector(selector, key, _version, root));
        _accept(key, call);
        require(SESSIONS.grantOf(REQUESTER, key).limit == limit - DEPOSIT, "limit");
        require(_sessionOf(session).funded() == DEPOSIT, "funded");
    }

    /// @dev Into an open session goes money of its payer, by a key within its grant, or of whoever brings it; of nobody else.
    function testFuzz_topUp_isOfOnesOwn(address caller, address from, uint256 amount, uint96 limit) external {
        VM.assume(caller != REQUESTER && from != REQUESTER && from != caller);
        (Session memory session, SessionId id) = _opened(0);
        amount = bound(amount, 1, 1e6) * UNIT;
        bytes memory call = abi.encodeCall(SESSIONS.topUp, (session, from, amount, _noProof));
        _refuse(caller, call, abi.encodeWithSelector(IInferenceSessions.SessionsNotParty.selector, id, caller));
        uint256 endsAt = _endOf(session);
        _grant(caller, limit, uint48(endsAt), 0);
        call = abi.encodeCall(SESSIONS.topUp, (session, REQUESTER, amount, _noProof));
        if (amount > limit) _refuse(caller, call, _notGranted(caller, amount, limit, endsAt, endsAt));
        else _accept(caller, call);
        _accept(REQUESTER, call);
        uint256 sum = DEPOSIT + (amount > limit ? amount : 2 * amount);
        require(_sessionOf(session).funded() == sum, "funded");
    }

    /// @dev What is signed by the key is paid once, up to what is there; all else is refused with its reason. [T104]
    function testFuzz_redeem_paysWhatIsSigned(uint128 amount, uint256 key, uint128 again) external {
        (Session memory session, ) = _opened(0);
        key = bound(key, 1, type(uint128).max);
        amount = uint128(bound(amount, UNIT, 2 * DEPOSIT));
        if (key != PAYER_KEY) _refuseVoucher(session, amount, key, VoucherFault.NotByKey, 0, DEPOSIT);
        uint128 crumb = uint128(bound(again, 0, UNIT - 1));
        _refuseVoucher(session, crumb, PAYER_KEY, VoucherFault.NothingNew, 0, DEPOSIT);
        _accept(address(this), abi.encodeCall(SESSIONS.redeem, (_voucher(session, amount, PAYER_KEY))));
        uint256 sum = amount > DEPOSIT ? DEPOSIT : amount - (amount % UNIT);
        require(_sessionOf(session).redeemed() == sum, "redeemed");
        again = uint128(bound(again, 0, sum));
        _refuseVoucher(session, again, PAYER_KEY, VoucherFault.NothingNew, sum, DEPOSIT);

        VM.warp(_endOf(session));
        _refuseVoucher(session, type(uint128).max, PAYER_KEY, VoucherFault.NoSession, sum, 0);
        session.shape = SessionShape.wrap(bytes32(uint256(SessionShape.unwrap(session.shape)) | (1 << 40)));
        _refuseVoucher(session, amount, PAYER_KEY, VoucherFault.NoSession, 0, 0);
    }

    /// @dev One voucher that is worth nothing stops no other.
    function testFuzz_redeemMany_skipsWhatIsWorthNothing(uint8[4] calldata wrong) external {
        Redemption[] memory redemptions = new Redemption[](wrong.length);
        uint256 good;
        for (uint256 i; i < wrong.length; ++i) {
            (Session memory session, ) = _opened(i);
            uint256 kind = wrong[i] % 4;
            if (kind == 0) ++good;
            if (kind == 3) session = _session(100 + i);
            redemptions[i] = _voucher(session, kind == 2 ? 0 : uint128(UNIT), kind == 1 ? NODE_KEY : PAYER_KEY);
        }
        require(SESSIONS.redeemMany(redemptions) == good, "count");
        for (uint256 i; i < wrong.length; ++i) {
            uint256 redeemed = _sessionOf(redemptions[i].session).redeemed();
            require(redeemed == (wrong[i] % 4 == 0 ? UNIT : 0), "redeemed");
        }
    }

    /// @dev Only the two sides end a session early: the node at once, the payer or its key with notice, and not twice. [T102]
    function testFuzz_close_isForTheTwoSides(address caller, bool byKey, uint256 early) external {
        VM.assume(caller != REQUESTER && caller != VM.addr(PAYER_KEY));
        VM.assume(caller != _nodes[0] && caller != VM.addr(NODE_KEY));
        (Session memory session, SessionId id) = _opened(0);
        bytes memory call = abi.encodeCall(SESSIONS.close, (session));
        _refuse(caller, call, abi.encodeWithSelector(IInferenceSessions.SessionsNotParty.selector, id, caller));
        VM.warp(bound(early, block.timestamp, _endOf(session) - CLOSE_NOTICE - 1));
        uint256 closesAt = block.timestamp + CLOSE_NOTICE;
        _accept(byKey ? VM.addr(PAYER_KEY) : REQUESTER, call);
        require(_sessionOf(session).closesAt() == closesAt, "notice");
        bytes memory again = abi.encodeWithSelector(IInferenceSessions.SessionsClosing.selector, id, closesAt);
        _refuse(REQUESTER, call, again);
        _accept(_nodes[0], call);
        require(_sessionOf(session).state() == SessionState.Closed, "at once");
        _refuse(_nodes[0], call, _wrongState(id, SessionState.Closed));
    }

    /// @dev Whose notice would not end before the session does asks for nothing.
    function testFuzz_close_endsNothingLater(uint256 late) external {
        (Session memory session, SessionId id) = _opened(0);
        uint256 end = _endOf(session);
        VM.warp(bound(late, end - CLOSE_NOTICE, end - 1));
        bytes memory refusal = abi.encodeWithSelector(IInferenceSessions.SessionsClosing.selector, id, end);
        _refuse(REQUESTER, abi.encodeCall(SESSIONS.close, (session)), refusal);
    }

    /// @dev There is something to settle when money is final, at the end, and when the collateral is free; not between.
    function testFuzz_settle_waitsUntilSomethingIsDue(address caller, uint256 early, uint256 between) external {
        (Session memory session, SessionId id) = _opened(0);
        bytes memory call = abi.encodeCall(SESSIONS.settle, (session));
        bytes memory nothing = abi.encodeWithSelector(IInferenceSessions.SessionsNothingDue.selector, id);
        uint256 end = _endOf(session);
        VM.warp(bound(early, block.timestamp, end - 1));
        _refuse(caller, call, nothing);
        VM.warp(end);
        _accept(caller, call);
        uint256 releasable = end + session.rules.horizonPeriod();
        VM.warp(bound(between, end, releasable - 1));
        _refuse(caller, call, nothing);
        VM.warp(releasable);
        _accept(caller, call);
        _refuse(caller, call, _wrongState(id, SessionState.Released));
        (, , uint256 used, , ) = SESSIONS.servingOf(_nodes[0], _version);
        require(used == 0, "collateral of nothing");
    }

    /// @dev Nothing can be done to a session that was never opened, whatever its words.
    function testFuzz_unknown_isRefused(Session calldata session, Receipt calldata receipt, address caller) external {
        SessionId id = _sessionIdOf(session);
        bytes memory refusal = abi.encodeWithSelector(IInferenceSessions.SessionsUnknown.selector, id);
        ReceiptProof memory proof;
        _refuse(caller, abi.encodeCall(SESSIONS.close, (session)), refusal);
        _refuse(caller, abi.encodeCall(SESSIONS.settle, (session)), refusal);
        _refuse(caller, abi.encodeCall(SESSIONS.topUp, (session, caller, 0, _noProof)), refusal);
        _refuse(caller, abi.encodeCall(SESSIONS.punishLie, (session, receipt)), refusal);
        _refuse(
            caller,
            abi.encodeCall(SESSIONS.punishContradiction, (session, receipt, proof, receipt, proof)),
            refusal
        );
    }

    /// @dev A lie is punished when it was shown in this session and found false, once: the collateral goes, and the payer is whole.
    function testFuzz_punishLie_wantsAFalseReceipt(address caller, uint64 sequence, bytes32 root) external {
        VM.assume(!PayloadLib.isError(root)); // of which there is no output to ask for
        (Session memory session, SessionId id) = _opened(0);
        (Session memory other, SessionId otherId) = _opened(1);
        Receipt memory receipt = _receipt(session, sequence, root);
        StatementId statementId = RECEIPTS.statementIdOf(_nodes[0], receipt);
        bytes memory call = abi.encodeCall(SESSIONS.punishLie, (session, receipt));
        bytes4 notShown = IInferenceSessions.SessionsNotShown.selector;
        _refuse(caller, call, abi.encodeWithSelector(notShown, id, statementId));
        RECEIPTS.show(address(SESSIONS), session, receipt, _attest(receipt, NODE_KEY));
        bytes memory foreign = abi.encodeCall(SESSIONS.punishLie, (other, receipt));
        _refuse(caller, foreign, abi.encodeWithSelector(notShown, otherId, statementId));
        bytes4 selector = IInferenceSessions.SessionsNotFalse.selector;
        _refuse(caller, call, abi.encodeWithSelector(selector, id, statementId));
        uint256 before = _balanceIn(REQUESTER);
        _convict(_statementOf(receipt));
        VM.warp(block.timestamp + FLOOR);
        _accept(caller, call);
        require(_sessionOf(session).state() == SessionState.Falsified, "state");
        require(_balanceIn(REQUESTER) == before + DEPOSIT + CALL_PRICE, "the payer is whole");
        require(_balanceIn(WATCHER) == (COLLATERAL - CALL_PRICE) / 2, "reward");
        _refuse(caller, call, _wrongState(id, SessionState.Falsified));
    }

    /// @dev Two receipts contradict each other if they say different things of one call. [T107]
    function testFuzz_punishContradiction_wantsTwoOfOneCall(uint64 sequence, bytes32 root, uint64 change) external {
        VM.assume(root != "right" && change != 0);
        (Session memory session, SessionId id) = _opened(0);
        Receipt memory first = _receipt(session, sequence, "right");
        bytes4 selector = IInferenceSessions.SessionsNoContradiction.selector;
        _refusePair(session, first, first, abi.encodeWithSelector(selector, id, sequence, sequence));
        Receipt memory second = _receipt(session, sequence ^ change, root);
        _refusePair(session, first, second, abi.encodeWithSelector(selector, id, sequence, sequence ^ change));
        second.sequence = sequence;
        _accept(WATCHER, _contradict(session, first, second));
        require(_balanceIn(WATCHER) == (COLLATERAL - CALL_PRICE) / 2, "reward");
        require(_sessionOf(session).state() == SessionState.Falsified, "state");
    }

    /// @dev Whoever could judge a version later would find no stake: it is judged, or it is not served.
    function testFuzz_serve_wantsAnAdmittedVersion(VersionId version) external {
        VM.assume(VersionId.unwrap(version) != VersionId.unwrap(_version));
        bytes memory call = abi.encodeCall(SESSIONS.serve, (_nodes[0], version, MAX_LOCK, NOW + 80 days));
        bytes4 selector = IInferenceSessions.SessionsVersionNotAdmitted.selector;
        _refuse(_nodes[0], call, abi.encodeWithSelector(selector, version));
    }

    /// @dev What can come after a session is over before stake has thawed, and a lock can last for all of it.
    function testFuzz_setRules_nestsTheHorizonInTheThaw(uint24 receiptHorizon, uint256 margin, uint256 bad) external {
        SessionNumbers memory numbers = sessionNumbers();
        numbers.receiptHorizonPeriod = uint24(bound(receiptHorizon, 30, 400));
        bad = outside(bad, 3, 30 days, type(uint256).max);
        bytes memory call = abi.encodeCall(SESSIONS.setRules, (numbers.pack(), bad));
        _refuse(address(this), call, _outOfBounds("marginPeriod", bad, 3, 30 days));
        margin = bound(margin, 3, 100);
        uint256 horizon = numbers.receiptHorizonPeriod + DISPUTES.MOST_GAME_PERIOD() + FLOOR + margin;
        uint256 thaw = STAKING.THAW_PERIOD();
        call = abi.encodeCall(SESSIONS.setRules, (numbers.pack(), margin));
        bytes4 selector = IInferenceSessions.SessionsDeadlinesDoNotNest.selector;
        if (horizon >= thaw) return _refuse(address(this), call, abi.encodeWithSelector(selector, horizon, thaw - 1));
        _accept(address(this), call);
        (SessionRules rules, ) = SESSIONS.governed();
        require(rules.horizonPeriod() == horizon, "horizon");
    }

    function _accept(address caller, bytes memory call) private {
        _accept(caller, address(SESSIONS), call);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(SESSIONS), call, refusal);
    }

    function _refuseField(Session memory session, bytes32 field, uint256 given, uint256 least, uint256 most) private {
        _refuse(REQUESTER, _open(session), _outOfBounds(field, given, least, most));
    }

    function _refuseDeposit(uint256 deposit, bytes memory refusal) private {
        Session memory session = _session(0);
        bytes memory call = abi.encodeCall(
            SESSIONS.open,
            (session, deposit, _agree(session, type(uint48).max, NODE_KEY), _noProof)
        );
        _refuse(REQUESTER, call, refusal);
    }

    function _refuseVoucher(
        Session memory session,
        uint128 amount,
        uint256 key,
        VoucherFault fault,
        uint256 redeemed,
        uint256 most
    ) private {
        bytes memory refusal = abi.encodeWithSelector(
            IInferenceSessions.SessionsVoucherRefused.selector,
            _sessionIdOf(session),
            fault,
            amount,
            redeemed,
            most
        );
        _refuse(address(this), abi.encodeCall(SESSIONS.redeem, (_voucher(session, amount, key))), refusal);
    }

    function _refusePair(
        Session memory session,
        Receipt memory first,
        Receipt memory second,
        bytes memory refusal
    ) private {
        _refuse(address(this), _contradict(session, first, second), refusal);
    }

    /// @dev What the first node has stated with a receipt.
    function _statementOf(Receipt memory receipt) private view returns (Statement memory statement) {
        (statement.consumer, statement.jobId) = (address(RECEIPTS), SessionId.unwrap(receipt.sessionId));
        (statement.attempt, statement.modelId) = (receipt.sequence, _model);
        (statement.version, statement.inputRoot) = (_judgedIdentity(), receipt.inputRoot);
        (statement.node, statement.outputRoot) = (_nodes[0], receipt.outputRoot);
        statement.transport = Transport.Direct;
    }

    function _contradict(
        Session memory session,
        Receipt memory first,
        Receipt memory second
    ) private view returns (bytes memory) {
        return
            abi.encodeCall(
                SESSIONS.punishContradiction,
                (session, first, _attest(first, NODE_KEY), second, _attest(second, NODE_KEY))
            );
    }

    function _grant(address key, uint96 limit, uint48 expiresAt, bytes32 root) private {
        _accept(REQUESTER, abi.encodeCall(SESSIONS.grantKey, (key, limit, expiresAt, root)));
    }

    function _balanceIn(address account) private view returns (uint256 balance) {
        (balance, ) = SESSIONS.accountOf(account);
    }

    function _notGranted(
        address key,
        uint256 amount,
        uint256 limit,
        uint256 until,
        uint256 expiresAt
    ) private pure returns (bytes memory) {
        bytes4 selector = ISessionKeys.SessionsKeyNotGranted.selector;
        return abi.encodeWithSelector(selector, REQUESTER, key, amount, limit, until, expiresAt);
    }

    function _wrongState(SessionId id, SessionState state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IInferenceSessions.SessionsWrongState.selector, id, state);
    }

    function _outOfBounds(
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SessionRulesLib.SessionsOutOfBounds.selector, field, given, least, most);
    }
}
