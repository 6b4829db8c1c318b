// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MarketAccounts} from "./base/MarketAccounts.sol";
import {MarketRules} from "./base/MarketRules.sol";
import {MarketServing} from "./base/MarketServing.sol";
import {SessionKeys} from "./base/SessionKeys.sol";
import {SessionSignatures} from "./base/SessionSignatures.sol";
import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {IInferenceSessions} from "./interfaces/IInferenceSessions.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {AccountLib} from "./libraries/AccountLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {LieLib} from "./libraries/LieLib.sol";
import {SessionLib} from "./libraries/SessionLib.sol";
import {SessionRecordLib} from "./libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "./libraries/SessionRulesLib.sol";
import {ShownReceiptLib} from "./libraries/ShownReceiptLib.sol";
import {UnitLib} from "./libraries/UnitLib.sol";
import {StatementId} from "./types/CommitmentTypes.sol";
import {Verdict} from "./types/DisputeTypes.sol";
import {AccountAmount} from "./types/JobTypes.sol";
import {Account, Payment} from "./types/MarketTypes.sol";
import {VersionId} from "./types/ModelTypes.sol";
import {
    NodeConsent,
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
    ShownReceipt,
    VoucherFault
} from "./types/SessionTypes.sol";
import {Slashing} from "./types/StakingTypes.sol";

/// @title Calls by the thousand: one node answers off chain, paid by vouchers, bound by receipts
contract InferenceSessions is MarketRules, MarketServing, SessionKeys, SessionSignatures, IInferenceSessions {
    using AccountLib for Account;
    using JobLib for AccountAmount;
    using LieLib for Slashing;
    using SessionLib for Session;
    using SessionLib for SessionShape;
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionRules;
    using ShownReceiptLib for ShownReceipt;

    /// @dev A lock ends within this of its beginning (`MAX_LOCK_PERIOD` of NodeStaking).
    uint256 private constant MOST_LOCK_PERIOD = 90 days;

    /// @inheritdoc IInferenceSessions
    IDisputeGame public immutable GAME;
    /// @inheritdoc IInferenceSessions
    IModelRegistry public immutable REGISTRY;
    /// @inheritdoc IInferenceSessions
    IReceiptBook public immutable RECEIPTS;

    mapping(SessionId sessionId => SessionRecord) private _sessions;

    /// @param authority The access manager.
    /// @param registry Where versions are found.
    /// @param game Whose verdicts count; knows where stake is locked and slashed.
    /// @param receipts Where receipts are shown.
    /// @param numbers The governed numbers at first.
    /// @param marginPeriod Seconds to punish in after the last clock.
    /// @param mandates Who may use the balance of somebody else.
    /// @param treasury Where fees go at first.
    constructor(
        address authority,
        IModelRegistry registry,
        IDisputeGame game,
        IReceiptBook receipts,
        SessionNumbers memory numbers,
        uint256 marginPeriod,
        IMandates mandates,
        address treasury
    ) AccessManaged(authority) MarketAccounts(mandates) MarketServing(game.STAKING()) {
        GAME = game;
        REGISTRY = registry;
        RECEIPTS = receipts;
        _setTreasury(treasury);
        _setRules(SessionRulesLib.pack(numbers), marginPeriod);
    }

    /// @inheritdoc IInferenceSessions
    function serve(address node, VersionId versionId, uint256 maxLock, uint256 endsAt) external {
        if (!GAME.isAdmitted(versionId)) revert SessionsVersionNotAdmitted(versionId);
        _serve(node, versionId, 0, maxLock, endsAt);
    }

    /// @inheritdoc IInferenceSessions
    function open(
        Session calldata session,
        uint256 deposit,
        NodeConsent calldata consent,
        bytes32[] calldata versionProof
    ) external returns (SessionId) {
        address payer = session.payer.account();
        _useGrant(payer, session.versionId, session.shape.endsAt(), deposit, versionProof);
        return _open(session, HashLib.sessionId(session), payer, deposit, consent);
    }

    /// @inheritdoc IInferenceSessions
    function openWithAuthorization(
        Session calldata session,
        uint256 deposit,
        uint256 relayFee,
        NodeConsent calldata consent,
        Payment calldata payment
    ) external nonReentrant returns (SessionId id) {
        id = HashLib.sessionId(session);
        address payer = session.payer.account();
        _receive(payer, payer, keccak256(abi.encode(id, deposit, relayFee)), payment);
        if (relayFee > 0) _move(payer, msg.sender, relayFee);
        _open(session, id, payer, deposit, consent);
    }

    /// @inheritdoc IInferenceSessions
    function topUp(Session calldata session, address from, uint256 amount, bytes32[] calldata versionProof) external {
        (SessionId id, SessionRecord record) = _load(session);
        _checkState(id, record, record.state() == SessionState.Open);
        // Nobody else's balance has a grant for this session.
        if (msg.sender != from && from != session.payer.account()) revert SessionsNotParty(id, msg.sender);
        _useGrant(from, session.versionId, session.shape.endsAt(), amount, versionProof);
        _debit(from, amount);
        uint256 sum = record.funded() + amount;
        SessionLib.checkFunded(sum);
        _sessions[id] = record.withFunded(sum);
        emit SessionFunded(id, from, amount);
    }

    /// @inheritdoc IInferenceSessions
    function redeem(Redemption calldata redemption) external {
        (SessionId id, VoucherFault fault, uint256 redeemed, uint256 most) = _redeem(redemption);
        if (fault != VoucherFault.None) {
            revert SessionsVoucherRefused(id, fault, redemption.amount, redeemed, most);
        }
    }

    /// @inheritdoc IInferenceSessions
    function redeemMany(Redemption[] calldata redemptions) external returns (uint256 count) {
        for (uint256 i; i < redemptions.length; ++i) {
            (SessionId id, VoucherFault fault, uint256 redeemed, uint256 most) = _redeem(redemptions[i]);
            if (fault == VoucherFault.None) ++count;
            else emit VoucherRefused(id, fault, redemptions[i].amount, redeemed, most);
        }
    }

    /// @inheritdoc IInferenceSessions
    function close(Session calldata session) external {
        (SessionId id, SessionRecord record) = _load(session);
        _checkState(id, record, record.state() == SessionState.Open);
        uint256 end = session.endOf(record);
        uint256 closesAt = block.timestamp;
        bool byNode = STAKING.isOperator(session.node.account(), msg.sender);
        if (!byNode) {
            bool byPayer = msg.sender == session.payer.account() || msg.sender == session.key;
            if (!byPayer) revert SessionsNotParty(id, msg.sender);
            closesAt += session.rules.closeNoticePeriod();
        }
        if (closesAt >= end) revert SessionsClosing(id, end);

        record = record.closing(closesAt);
        emit SessionClosing(id, msg.sender, closesAt);
        if (byNode) _advance(session, id, record);
        else _sessions[id] = record;
    }

    /// @inheritdoc IInferenceSessions
    function settle(Session calldata session) external {
        (SessionId id, SessionRecord record) = _loadLive(session);
        if (!_advance(session, id, record)) revert SessionsNothingDue(id);
    }

    /// @inheritdoc IInferenceSessions
    function punishLie(Session calldata session, Receipt calldata receipt) external nonReentrant {
        (SessionId id, SessionRecord record) = _loadLive(session);
        StatementId statementId = RECEIPTS.statementIdOf(session.node.account(), receipt);
        ShownReceipt shown = RECEIPTS.shownOf(statementId);
        // What was shown is of the session that the receipt names.
        bool own = SessionId.unwrap(receipt.sessionId) == SessionId.unwrap(id);
        if (shown.isNone() || !own) revert SessionsNotShown(id, statementId);
        Verdict verdict = GAME.verdictOf(statementId, shown.disputableUntil());
        if (verdict != Verdict.False) revert SessionsNotFalse(id, statementId);
        _punish(session, id, record, shown.price(), GAME.finalSharersOf(statementId));
    }

    /// @inheritdoc IInferenceSessions
    function punishContradiction(
        Session calldata session,
        Receipt calldata first,
        ReceiptProof calldata firstProof,
        Receipt calldata second,
        ReceiptProof calldata secondProof
    ) external nonReentrant {
        (SessionId id, SessionRecord record) = _loadLive(session);
        StatementId one = _made(session, first, firstProof);
        StatementId other = _made(session, second, secondProof);
        if (first.sequence != second.sequence || StatementId.unwrap(one) == StatementId.unwrap(other)) {
            revert SessionsNoContradiction(id, first.sequence, second.sequence);
        }

        address[] memory reporters = new address[](1);
        reporters[0] = msg.sender;
        _punish(session, id, record, Math.max(first.price, second.price), reporters);
    }

    /// @inheritdoc IInferenceSessions
    function setRules(SessionRules rules, uint256 marginPeriod) external restricted {
        _setRules(rules, marginPeriod);
    }

    /// @inheritdoc IInferenceSessions
    function sessionOf(SessionId sessionId) external view returns (SessionRecord) {
        return _sessions[sessionId];
    }

    /// @inheritdoc IInferenceSessions
    function royaltyOf(
        VersionId versionId,
        address payer,
        uint256 callPrice
    ) external view returns (address payee, uint256 royalty) {
        return _royaltyOf(versionId, payer, callPrice, SessionRules.wrap(_keptRules()));
    }

    /// @inheritdoc IInferenceSessions
    function governed() external view returns (SessionRules rules, address treasury) {
        return (SessionRules.wrap(_keptRules()), _treasury);
    }

    function _open(
        Session calldata session,
        SessionId id,
        address payer,
        uint256 deposit,
        NodeConsent calldata consent
    ) private returns (SessionId) {
        SessionRules expected = SessionRules.wrap(_openRules());
        if (SessionRules.unwrap(session.rules) != SessionRules.unwrap(expected)) {
            revert SessionsOtherRules(session.rules, expected);
        }
        session.check();
        SessionLib.checkFunded(deposit);
        if (!_sessions[id].isUnknown()) revert SessionsExists(id);
        (address payee, uint256 royalty) = _royaltyOf(session.versionId, payer, session.callPrice(), expected);
        if (AccountAmount.unwrap(session.royalty) != AccountAmount.unwrap(JobLib.pair(payee, royalty))) {
            revert SessionsOtherRoyalty(payee, royalty);
        }
        address node = session.node.account();
        _checkConsent(id, node, consent);
        uint256 lockPeriod = session.shape.endsAt() - block.timestamp + expected.horizonPeriod();
        _takeSeat(session.versionId, node, session.collateral(), lockPeriod);
        _debit(payer, deposit);
        _sessions[id] = SessionRecordLib.opened(deposit);
        emit SessionOpened(id, payer, node, session, deposit);
        return id;
    }

    /// @dev Claims what a voucher allows, or says why it allows nothing.
    function _redeem(
        Redemption calldata redemption
    ) private returns (SessionId id, VoucherFault fault, uint256 redeemed, uint256 most) {
        Session calldata session = redemption.session;
        id = HashLib.sessionId(session);
        SessionRecord record = _sessions[id];
        redeemed = record.redeemed();
        if (record.state() != SessionState.Open || block.timestamp >= session.endOf(record)) {
            return (id, VoucherFault.NoSession, redeemed, 0);
        }
        most = session.mostRedeemable(record);
        uint256 sum = UnitLib.inUnits(Math.min(redemption.amount, most));
        if (sum <= redeemed) return (id, VoucherFault.NothingNew, redeemed, most);
        if (_voucherSigner(id, redemption.amount, redemption.signature) != session.key) {
            return (id, VoucherFault.NotByKey, redeemed, most);
        }
        _sessions[id] = record.redeemedTo(sum);
        emit VoucherRedeemed(id, sum);
    }

    /// @dev Does what is due for a session that is not final.
    /// @return due Whether anything was.
    function _advance(Session calldata session, SessionId id, SessionRecord record) private returns (bool due) {
        uint256 gained;
        uint256 refund;
        uint256 freed;
        (record, gained) = record.matured(session.rules.receiptHorizonPeriod());
        if (record.state() == SessionState.Open && block.timestamp >= session.endOf(record)) {
            (record, refund) = record.ended();
            due = true;
        }
        if (record.state() == SessionState.Closed && block.timestamp >= session.releasableAt(record)) {
            uint256 rest;
            (record, rest) = record.released();
            gained += rest;
            freed = session.collateral();
            due = true;
        }
        if (gained == 0 && !due) return false;
        _sessions[id] = record;
        _payOut(session, id, record.state(), gained, freed, refund);
        return true;
    }

    /// @dev Divides money that is final.
    function _payOut(
        Session calldata session,
        SessionId id,
        SessionState state,
        uint256 gained,
        uint256 freed,
        uint256 refund
    ) private {
        (uint256 pay, uint256 fee, uint256 royalty) = session.divide(gained);
        if (pay > 0 || freed > 0) _vacateSeat(session.versionId, session.node.account(), freed, pay);
        if (royalty > 0) _credit(session.royalty.account(), royalty);
        if (refund > 0 || fee > 0) {
            address payer = session.payer.account();
            _accounts[payer] = _accounts[payer].plus(refund).plusFees(fee);
        }
        emit SessionSettled(id, state, pay, fee, royalty, refund);
    }

    /// @dev Takes the whole collateral of a session: it pays the price of what was false and those who proved it; the rest is
    /// burned. What was not paid yet goes back to the payer.
    function _punish(
        Session calldata session,
        SessionId id,
        SessionRecord record,
        uint256 price,
        address[] memory reporters
    ) private {
        uint256 refund;
        (_sessions[id], refund) = record.falsified();
        address node = session.node.account();
        uint256 collateral = session.collateral();
        _vacateSeat(session.versionId, node, collateral, 0);
        Slashing memory slashing = _slashLock(session.versionId, node, collateral, 0, collateral);
        // A receipt names its price itself; what its call can have cost is in the session.
        uint256 compensation = Math.min(Math.min(price, session.callPrice()), slashing.rewarded);
        uint256 share = _reward(reporters, slashing.rewardOf(compensation, session.rules.challengerShareBps()));
        _credit(session.payer.account(), refund + compensation);
        emit SessionFalsified(id, node, refund, compensation, reporters, share);
        _burn(slashing.rewarded - compensation - share * reporters.length);
    }

    function _setRules(SessionRules rules, uint256 marginPeriod) private {
        uint256 floor = GAME.MONEY_CLOCK_FLOOR();
        rules.check(floor, GAME.LEAST_WINDOW_PERIOD());
        SessionRulesLib.within("marginPeriod", marginPeriod, (floor + 1) / 2, 30 days);
        // A receipt that was given last, the longest game about it, and the time in which others who were right can say so.
        uint256 horizon = rules.receiptHorizonPeriod() + GAME.MOST_GAME_PERIOD() + floor + marginPeriod;
        uint256 thawPeriod = STAKING.THAW_PERIOD();
        if (horizon >= thawPeriod) revert SessionsDeadlinesDoNotNest(horizon, thawPeriod - 1);
        uint256 longest = rules.maxSessionPeriod() + horizon;
        if (longest > MOST_LOCK_PERIOD) revert SessionsDeadlinesDoNotNest(longest, MOST_LOCK_PERIOD);
        // Stake thaws for at most 60 days, which is less than 2^24 seconds.
        rules = rules.withHorizon(horizon);
        emit SessionRulesSet(rules, marginPeriod);
        _keepRules(SessionRules.unwrap(rules));
    }

    function _load(Session calldata session) private view returns (SessionId id, SessionRecord record) {
        id = HashLib.sessionId(session);
        record = _sessions[id];
        if (record.isUnknown()) revert SessionsUnknown(id);
    }

    /// @dev A session for which collateral still answers.
    function _loadLive(Session calldata session) private view returns (SessionId id, SessionRecord record) {
        (id, record) = _load(session);
        _checkState(id, record, record.isLive());
    }

    function _royaltyOf(
        VersionId versionId,
        address payer,
        uint256 callPrice,
        SessionRules rules
    ) private view returns (address payee, uint256 royalty) {
        uint256 asked;
        (asked, payee, ) = REGISTRY.quote(versionId, payer);
        royalty = Math.min(asked, JobLib.part(callPrice, rules.royaltyCapBps()));
    }

    function _checkConsent(SessionId id, address node, NodeConsent calldata consent) private view {
        (address signer, , bool covered) = _standingOf(node, block.timestamp);
        bool agreed = signer != address(0) && _consentSigner(id, consent) == signer;
        if (!agreed || block.timestamp > consent.validUntil) revert SessionsNoConsent(id, signer, consent.validUntil);
        if (!covered) revert MarketNodeNotCovered(node);
    }

    /// @dev Reverts unless the node has made this receipt, not too long ago.
    function _made(
        Session calldata session,
        Receipt calldata receipt,
        ReceiptProof calldata proof
    ) private view returns (StatementId statementId) {
        (statementId, ) = RECEIPTS.check(address(this), session, receipt, proof);
    }

    /// @dev Reverted in one place: the check stands in several functions.
    function _checkState(SessionId id, SessionRecord record, bool isRight) private pure {
        if (!isRight) revert SessionsWrongState(id, record.state());
    }
}
