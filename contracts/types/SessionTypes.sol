// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Batch} from "./CommitmentTypes.sol";
import {AccountAmount} from "./JobTypes.sol";
import {VersionId} from "./ModelTypes.sol";

/// @dev `keccak256(abi.encode(SESSION_TAG, chainid, InferenceSessions, session))`. Both sides know it before the session is
/// opened, and it can be opened once.
type SessionId is bytes32;

/// @dev The small numbers of a session, from the lowest bit: endsAt 40 (unix seconds; when vouchers are worth nothing any
/// more) | nonce 216 (tells sessions apart that are equal otherwise).
type SessionShape is bytes32;

/// @dev The governed numbers that a session lives under and carries, from the lowest bit: feeBps 16 | royaltyCapBps 16 |
/// challengerShareBps 16 | exposureBps 16 | leastLockCalls 24 | disputeBond 24 | closeNoticePeriod 24 |
/// receiptHorizonPeriod 24 | maxSessionPeriod 24 | horizonPeriod 24. `SessionNumbers` says what they mean. Read and written
/// by `SessionRulesLib`.
type SessionRules is bytes32;

/// @dev What storage keeps of a session, from the lowest bit: state 8 | funded 44 | redeemed 44 | paid 44 | marked 44 |
/// markedAt 36 | closesAt 36. Amounts are sums since the session was opened, in millionths of OPG: what came in, what
/// vouchers have claimed of it, what of that is final and paid out, and what of it is final a receipt's horizon after
/// `markedAt`. Times are unix seconds; `closesAt` is zero while nobody has asked to close. Read and written by
/// `SessionRecordLib`.
type SessionRecord is uint256;

bytes32 constant SESSION_TAG = keccak256("OPG/session");

/// @dev A session, as it travels in events and calldata; storage keeps one slot under its hash. Payer and node agree on every
/// word of it before it is opened, so that vouchers and receipts can name it at once.
struct Session {
    VersionId versionId; // what the node runs
    AccountAmount payer; // pays, and gets what is left; with the price of a call that its royalty and collateral follow
    AccountAmount node; // answers; with the collateral that it loses for one lie
    address key; // signs vouchers
    AccountAmount royalty; // owner of the model; with its part of a call's price
    SessionShape shape;
    SessionRules rules;
}

/// @dev Zero is none.
enum SessionState {
    None,
    Open, // vouchers can be redeemed until it ends
    Closed, // the rest has gone back to the payer; what was redeemed last, and the collateral, still wait
    Released, // final: the node was paid, and its collateral is free
    Falsified // final: the node has lied, and lost its collateral and what was not paid yet
}

/// @dev The numbers of `SessionRules`, unpacked. Periods in seconds.
struct SessionNumbers {
    uint16 feeBps; // of what is redeemed, to the treasury
    uint16 royaltyCapBps; // of what is redeemed, to the model's owner at most
    uint16 challengerShareBps; // of what a liar's own stake has left when the payer is whole
    uint16 exposureBps; // of the collateral; so much can be redeemed and not be final
    uint24 leastLockCalls; // prices of a call that the collateral holds at least
    uint24 disputeBond; // whole OPG; four of them answer besides
    uint24 closeNoticePeriod; // to redeem in, once the payer has asked to close
    uint24 receiptHorizonPeriod; // in which a receipt can be disputed
    uint24 maxSessionPeriod;
}

/// @dev A signature in the compact form of ERC-2098: `vs` is s, with the parity of the point above it.
struct CompactSignature {
    bytes32 r;
    bytes32 vs;
}

/// @dev That a node wants a session, by its signer's EIP-712 signature of
/// `SessionConsent(bytes32 sessionId,uint48 validUntil)`.
struct NodeConsent {
    uint48 validUntil; // unix seconds, inclusive
    CompactSignature signature;
}

/// @dev A voucher with the session that it belongs to. The key signs `Voucher(bytes32 channelId,uint128 maxClaimableAmount)`
/// of EIP-712: the session's id, and all that the node may claim since the session was opened.
struct Redemption {
    Session session;
    uint128 amount; // OPG
    CompactSignature signature;
}

/// @dev Zero is none.
enum VoucherFault {
    None,
    NoSession, // unknown, or over
    NotByKey, // the session's key has not signed it
    NothingNew // no more than was redeemed already, or can be at present
}

/// @dev A node's statement off chain. Its signer signs it as EIP-712 struct of the same name and fields, or puts that struct's
/// hash into a batch.
struct Receipt {
    SessionId sessionId;
    uint64 sequence; // of the call in its session
    VersionId versionId;
    bytes32 inputRoot;
    bytes32 outputRoot;
    uint96 price; // OPG
    uint48 issuedAt; // unix seconds
}

/// @dev What shows that a node has made a receipt: its signer's signature, or a batch of its signer with the receipt's EIP-712
/// struct hash as a leaf.
struct ReceiptProof {
    CompactSignature signature; // ignored where a batch is named
    Batch batch; // of root zero if there is none
    uint256 index; // of the leaf
    bytes32[] path; // of the leaf
}

/// @dev A receipt that was shown, from the lowest bit: disputableUntil 48 (unix seconds, exclusive) | price 96 (OPG).
type ShownReceipt is uint256;

/// @dev What a payer lets a key do in its name.
struct KeyGrant {
    uint96 limit; // slot 0; OPG that the key can still put into sessions
    uint48 expiresAt; // unix seconds; no session of the key outlasts it
    bytes32 versionsRoot; // slot 1; of the versions that the key may open sessions for; zero for any
}
