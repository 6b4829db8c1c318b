import { id, ZeroAddress, ZeroHash } from "ethers";

import * as sessions from "../src/actions/sessions/index.ts";
import { packSession, type Session } from "../src/codecs/session.ts";
import { packSessionRules, type SessionRules, unpackSessionRules } from "../src/codecs/sessionRules.ts";
import { type Case, checkCalls, encodes } from "./callCases.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const [node, account, key] = [addressOf("node"), addressOf("account"), addressOf("key")];
const [versionId, root, sessionId] = [id("version"), id("root"), id("session")];
const rules: SessionRules = unpackSessionRules(`0x${"00".repeat(24)}${"01".repeat(8)}`);
const fields: Session = {
  versionId,
  payer: account,
  callPrice: 3n,
  node,
  collateral: 400n,
  key,
  royaltyPayee: addressOf("owner"),
  royalty: 1n,
  endsAt: 99,
  nonce: 7n,
  rules,
};
const session = packSession(fields);
const sessionFields = Object.values(session);
const signature = { r: id("r"), vs: id("vs") };
const signatureFields = Object.values(signature);
const consent = { validUntil: 9, signature };
const payment = { value: 5n, validAfter: 1, validBefore: 2, signature: "0x1234" };
const paymentFields = [5n, 1n, 2n, "0x1234"];
const receipt = {
  sessionId,
  sequence: 17n,
  versionId,
  inputRoot: id("input"),
  outputRoot: id("output"),
  price: 3n,
  issuedAt: 50,
};
const receiptFields = [sessionId, 17n, versionId, id("input"), id("output"), 3n, 50n];
const signed = { signature };
const signedFields = [signatureFields, [ZeroAddress, ZeroHash, 0n], 0n, []];
const leaf = { batch: { poster: node, root, count: 4n }, index: 3n, path: [id("beside")] };
const leafFields = [[ZeroHash, ZeroHash], [node, root, 4n], 3n, [id("beside")]];
const redemption = { session, amount: 6n, signature };
const redemptionFields = [sessionFields, 6n, signatureFields];
const deposit = { account, amount: 5n };
const opening = { session, deposit: 8n, relayFee: 2n, consent, payment };

const cases: readonly Case[] = [
  encodes(sessions.depositForSessions, deposit, "sessions", "deposit", [account, 5n]),
  encodes(
    sessions.depositForSessionsWithAuthorization,
    { account, from: node, salt: id("salt"), payment },
    "sessions",
    "depositWithAuthorization",
    [account, node, id("salt"), paymentFields],
  ),
  encodes(sessions.withdrawFromSessions, { to: account, amount: 5n }, "sessions", "withdraw", [account, 5n]),
  encodes(sessions.spendForSessions, { from: account, to: node, amount: 5n }, "sessions", "spend", [account, node, 5n]),
  encodes(sessions.serveSessions, { node, versionId, maxLock: 5n, endsAt: 9 }, "sessions", "serve", [
    node,
    versionId,
    5n,
    9n,
  ]),
  encodes(sessions.unserveSessions, { node, versionId }, "sessions", "unserve", [node, versionId]),
  encodes(sessions.claimSessions, { node, versionId }, "sessions", "claim", [node, versionId]),
  encodes(sessions.openSessionOnChain, { session, deposit: 8n, consent, versionProof: [root] }, "sessions", "open", [
    sessionFields,
    8n,
    [9n, signatureFields],
    [root],
  ]),
  encodes(sessions.openSessionWithAuthorization, opening, "sessions", "openWithAuthorization", [
    sessionFields,
    8n,
    2n,
    [9n, signatureFields],
    paymentFields,
  ]),
  encodes(sessions.topUpSession, { session, from: account, amount: 5n, versionProof: [root] }, "sessions", "topUp", [
    sessionFields,
    account,
    5n,
    [root],
  ]),
  encodes(sessions.redeemVoucher, redemption, "sessions", "redeem", [redemptionFields]),
  encodes(sessions.redeemVouchers, { redemptions: [redemption] }, "sessions", "redeemMany", [[redemptionFields]]),
  encodes(sessions.closeSession, { session }, "sessions", "close", [sessionFields]),
  encodes(sessions.settleSession, { session }, "sessions", "settle", [sessionFields]),
  encodes(sessions.grantKey, { key, limit: 5n, expiresAt: 9, versionsRoot: root }, "sessions", "grantKey", [
    key,
    5n,
    9n,
    root,
  ]),
  encodes(sessions.revokeKey, { key }, "sessions", "grantKey", [key, 0n, 0n, ZeroHash]),
  encodes(sessions.punishLie, { session, receipt }, "sessions", "punishLie", [sessionFields, receiptFields]),
  encodes(
    sessions.punishContradiction,
    { session, first: { receipt, proof: signed }, second: { receipt, proof: leaf } },
    "sessions",
    "punishContradiction",
    [sessionFields, receiptFields, signedFields, receiptFields, leafFields],
  ),
  encodes(sessions.setSessionRules, { rules, marginPeriod: 20 }, "sessions", "setRules", [
    packSessionRules(rules),
    20n,
  ]),
  encodes(sessions.setSessionTreasury, { account }, "sessions", "setTreasury", [account]),
  encodes(sessions.collectSessionFees, { accounts: [account] }, "sessions", "collectFees", [[account]]),
  encodes(
    sessions.showReceipt,
    { sessionsContract: ADDRESSES.sessions, session, receipt, proof: leaf },
    "receipts",
    "show",
    [ADDRESSES.sessions, sessionFields, receiptFields, leafFields],
  ),
  encodes(
    sessions.offerPrice,
    { node, versionId, callPrice: 3n, collateral: 400n, endpoint: "https://node.example" },
    "prices",
    "offer",
    [node, versionId, [3n, 400n, "https://node.example"]],
  ),
];

/** What has no action: a permit is signed beside its call, and a batch is made of calls. */
const WITHOUT_ACTION = { sessions: ["depositWithPermit", "setAuthority", "multicall"] } as const;

checkCalls(["sessions", "receipts", "prices"], cases, WITHOUT_ACTION);
