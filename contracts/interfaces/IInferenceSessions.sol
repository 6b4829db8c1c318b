// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StatementId} from "../types/CommitmentTypes.sol";
import {Payment} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {
    NodeConsent,
    Receipt,
    ReceiptProof,
    Redemption,
    Session,
    SessionId,
    SessionRecord,
    SessionRules,
    SessionState,
    VoucherFault
} from "../types/SessionTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IMarketServing} from "./IMarketServing.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IReceiptBook} from "./IReceiptBook.sol";
import {ISessionKeys} from "./ISessionKeys.sol";

/// @title Calls by the thousand: one node answers off chain, paid by vouchers, bound by receipts
/// @notice Payer and node agree on a *session*: a version, a price of a call, a key that signs, and the collateral that the
/// node loses for a single lie. The payer puts money into it, once. Every answer then comes with a *receipt*, the node's signed
/// statement; for every answer the payer signs a *voucher* of all that the node may claim so far. The chain sees the last
/// voucher alone.
///
/// Money: a voucher is redeemed by anyone, in any order, once per amount. What was redeemed waits until the receipts that it
/// paid for can be disputed no more, and never exceeds what answers for them. Then node, model owner and treasury are paid.
/// A payer closes with notice, in which the node can redeem; what is left is its own again. A node closes at once.
///
/// Lies: whoever has a receipt can show it in ReceiptBook within its horizon, and dispute it in DisputeGame like any other
/// statement. If it is found false, or if two receipts for one call contradict each other, the node loses the session's
/// whole collateral, and the payer gets back all that was not paid yet.
interface IInferenceSessions is IMarketServing, ISessionKeys {
    /// @notice A session has begun, with `deposit` (OPG, base units) of the payer in it.
    event SessionOpened(
        SessionId indexed sessionId,
        address indexed payer,
        address indexed node,
        Session session,
        uint256 deposit
    );

    /// @notice A session has got more money (OPG, base units).
    event SessionFunded(SessionId indexed sessionId, address indexed from, uint256 amount);

    /// @notice Vouchers are redeemed until `closesAt` (unix seconds), and then no more.
    event SessionClosing(SessionId indexed sessionId, address indexed caller, uint256 closesAt);

    /// @notice The node has claimed `redeemed` since the session was opened (OPG, base units).
    event VoucherRedeemed(SessionId indexed sessionId, uint256 redeemed);

    /// @notice One of many vouchers was left out: it claims `amount` where `redeemed` was claimed already and at most `most`
    /// can be (OPG, base units, since the session was opened).
    event VoucherRefused(
        SessionId indexed sessionId,
        VoucherFault fault,
        uint256 amount,
        uint256 redeemed,
        uint256 most
    );

    /// @notice What was due is done: money that is final was paid (OPG, base units), and what nobody can redeem any more has
    /// gone back to the payer.
    event SessionSettled(
        SessionId indexed sessionId,
        SessionState state,
        uint256 pay,
        uint256 fee,
        uint256 royalty,
        uint256 refund
    );

    /// @notice A node has lied: it has lost its collateral. Of it the payer got `compensation`, and each of `reporters`
    /// `reward`; the payer got back `refund` of what it had put in. All OPG, base units.
    event SessionFalsified(
        SessionId indexed sessionId,
        address indexed node,
        uint256 refund,
        uint256 compensation,
        address[] reporters,
        uint256 reward
    );

    /// @notice Later sessions live under other numbers.
    event SessionRulesSet(SessionRules rules, uint256 marginPeriod);

    /// @notice The session names other rules than those of now.
    /// @custom:fix Agree on a session with `expected` (`governed`).
    error SessionsOtherRules(SessionRules given, SessionRules expected);

    /// @notice The session names another royalty than its model asks of it.
    /// @custom:fix Agree on a session with the `payee` and `royalty` (OPG for a call, base units) of `royaltyOf`.
    error SessionsOtherRoyalty(address payee, uint256 royalty);

    /// @notice There was such a session.
    /// @custom:fix Agree on another nonce.
    error SessionsExists(SessionId sessionId);

    /// @notice There is no such session.
    /// @custom:fix Give the session as its event has it; the address and the chain must be right.
    error SessionsUnknown(SessionId sessionId);

    /// @notice The session is over, as far as this goes.
    /// @custom:fix Nothing: `state` allows no more of it.
    error SessionsWrongState(SessionId sessionId, SessionState state);

    /// @notice The node's signer has not agreed to this session.
    /// @custom:fix Get a consent of `signer` that is valid now; zero means that the node has none.
    error SessionsNoConsent(SessionId sessionId, address signer, uint256 validUntil);

    /// @notice No version can be served here that nobody could judge.
    /// @custom:fix Admit the version to DisputeGame first, which anyone can.
    error SessionsVersionNotAdmitted(VersionId versionId);

    /// @notice The caller can neither close the session nor pay for it out of `payer`'s balance.
    /// @custom:fix Call from the payer, the session's key, or the node's signer or owner.
    error SessionsNotParty(SessionId sessionId, address caller);

    /// @notice The session ends at `closesAt` (unix seconds) already: so early that asking now would not end it sooner.
    /// @custom:fix Wait until then and call `settle`.
    error SessionsClosing(SessionId sessionId, uint256 closesAt);

    /// @notice The voucher claims nothing that it could: see `VoucherFault`; amounts as in `VoucherRefused`.
    /// @custom:fix NoSession: it is over, or the session is not given as its event has it. NotByKey: have the session's key
    /// sign `amount`. NothingNew: redeem a newer voucher; where `most` is below `amount`, `settle` first, or ask the payer
    /// for more money.
    error SessionsVoucherRefused(
        SessionId sessionId,
        VoucherFault fault,
        uint256 amount,
        uint256 redeemed,
        uint256 most
    );

    /// @notice Nothing is due.
    /// @custom:fix Try again when money is final, the session has ended, or its collateral can be let go.
    error SessionsNothingDue(SessionId sessionId);

    /// @notice The receipt was not shown.
    /// @custom:fix Show it to ReceiptBook first, and give the session that it names.
    error SessionsNotShown(SessionId sessionId, StatementId statementId);

    /// @notice The receipt is not found false.
    /// @custom:fix Dispute it in DisputeGame, and try again when that has found it false.
    error SessionsNotFalse(SessionId sessionId, StatementId statementId);

    /// @notice The two receipts do not contradict each other.
    /// @custom:fix Show two of one sequence number with different version, input or output.
    error SessionsNoContradiction(SessionId sessionId, uint256 first, uint256 second);

    /// @notice The longest session, or what can follow it, would outlast the time in which its collateral can be reached.
    /// @custom:fix Shorten periods until `given` is at most `most` (seconds).
    error SessionsDeadlinesDoNotNest(uint256 given, uint256 most);

    /// @notice Lets stake answer for sessions with a node. Locks `maxLock` in all, in place of what was locked before.
    /// @param node The node.
    /// @param versionId A version that DisputeGame has admitted.
    /// @param maxLock OPG that answer for its sessions at most, base units.
    /// @param endsAt End of the lock, unix seconds; a session needs its own end and the horizon behind it.
    /// @custom:caller The node's signer or owner.
    function serve(address node, VersionId versionId, uint256 maxLock, uint256 endsAt) external;

    /// @notice Opens a session, with money of the payer's balance.
    /// @param session All of it as both sides have agreed.
    /// @param deposit OPG that go into it, base units; whole millionths of OPG.
    /// @param consent The node's.
    /// @param versionProof That a session key may open sessions for the version; empty otherwise.
    /// @return sessionId Its id.
    /// @custom:caller The payer, or a key with its grant.
    function open(
        Session calldata session,
        uint256 deposit,
        NodeConsent calldata consent,
        bytes32[] calldata versionProof
    ) external returns (SessionId sessionId);

    /// @notice Opens a session for a payer who sends no transaction: its ERC-3009 authorisation pays for it. What it brings
    /// is added to the payer's balance, out of which deposit and fee are taken; its value can be zero.
    /// @param session All of it as both sides have agreed.
    /// @param deposit OPG that go into it, base units; whole millionths of OPG.
    /// @param relayFee OPG for the caller, base units; added to its balance.
    /// @param consent The node's.
    /// @param payment The authorisation; its nonce must be that of `subject = keccak256(abi.encode(sessionId, deposit,
    /// relayFee))`, so nothing can be swapped.
    /// @return sessionId Its id.
    /// @custom:caller Anyone.
    function openWithAuthorization(
        Session calldata session,
        uint256 deposit,
        uint256 relayFee,
        NodeConsent calldata consent,
        Payment calldata payment
    ) external returns (SessionId sessionId);

    /// @notice Adds money to an open session.
    /// @param session The session.
    /// @param from Whose balance pays: the caller, or the payer where the caller is a key with its grant.
    /// @param amount OPG, base units; whole millionths of OPG.
    /// @param versionProof As in `open`.
    function topUp(Session calldata session, address from, uint256 amount, bytes32[] calldata versionProof) external;

    /// @notice Claims what a voucher allows, as far as money is there and what answers for it reaches.
    /// @custom:caller Anyone.
    function redeem(Redemption calldata redemption) external;

    /// @notice Claims what many vouchers allow, of any sessions. One that is no good is left out and reported.
    /// @return count Of vouchers that were good.
    /// @custom:caller Anyone.
    function redeemMany(Redemption[] calldata redemptions) external returns (uint256 count);

    /// @notice Ends a session: at once if the node asks, and after the notice period if the payer does.
    /// @custom:caller The payer, the session's key, or the node's signer or owner.
    function close(Session calldata session) external;

    /// @notice Brings a session up to date: pays what is final, gives back what nobody can redeem any more, and in the end lets
    /// go of the collateral.
    /// @custom:caller Anyone.
    function settle(Session calldata session) external;

    /// @notice Punishes the node for a receipt that was shown and found false.
    /// @param session The session.
    /// @param receipt As it was shown.
    /// @custom:caller Anyone.
    function punishLie(Session calldata session, Receipt calldata receipt) external;

    /// @notice Punishes the node for two receipts of one call that contradict each other; the caller shares in what it loses.
    /// @param session The session.
    /// @param first One receipt.
    /// @param firstProof That the node has made it.
    /// @param second Another one with the same sequence number, and different version, input or output.
    /// @param secondProof That the node has made it.
    /// @custom:caller Anyone.
    function punishContradiction(
        Session calldata session,
        Receipt calldata first,
        ReceiptProof calldata firstProof,
        Receipt calldata second,
        ReceiptProof calldata secondProof
    ) external;

    /// @notice Sets the numbers that later sessions live under.
    /// @param rules Without the horizon, which follows.
    /// @param marginPeriod Seconds to punish in after the last clock.
    /// @custom:caller Whom the access manager allows.
    function setRules(SessionRules rules, uint256 marginPeriod) external;

    /// @notice What is known of a session.
    function sessionOf(SessionId sessionId) external view returns (SessionRecord);

    /// @notice What the owner of a model asks of a call, as a session has to name it.
    /// @param versionId The version.
    /// @param payer Who opens the session.
    /// @param callPrice OPG, base units.
    /// @return payee The owner.
    /// @return royalty OPG for a call, base units.
    function royaltyOf(
        VersionId versionId,
        address payer,
        uint256 callPrice
    ) external view returns (address payee, uint256 royalty);

    /// @notice The numbers of the next session, and where fees go.
    function governed() external view returns (SessionRules rules, address treasury);

    /// @notice Whose verdicts count.
    function GAME() external view returns (IDisputeGame);

    /// @notice Where versions are found.
    function REGISTRY() external view returns (IModelRegistry);

    /// @notice Where receipts are shown.
    function RECEIPTS() external view returns (IReceiptBook);
}
