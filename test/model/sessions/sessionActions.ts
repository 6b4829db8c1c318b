import { MaxUint256, TypedDataEncoder, ZeroAddress, ZeroHash } from "ethers";

import { abiEncode } from "../../../packages/sdk/src/codecs/abi.ts";
import { Transport } from "../../../packages/sdk/src/codecs/commitment.ts";
import { paymentNonce } from "../../../packages/sdk/src/codecs/job.ts";
import { RECEIVE_AUTHORIZATION_TYPES } from "../../../packages/sdk/src/codecs/payment.ts";
import {
  consentDigest,
  receiptDigest,
  receiptsDomain,
  sessionsDomain,
  voucherDigest,
} from "../../../packages/sdk/src/codecs/receipt.ts";
import type { PackedSession, Session } from "../../../packages/sdk/src/codecs/session.ts";
import { compactOf } from "../../../packages/sdk/src/codecs/signature.ts";
import { HONEST, IDENTITY_OF_TOY, LYING } from "../../support/optimistic.ts";
import { SMALL } from "../../support/disputes.ts";
import type { Actions } from "../actions.ts";
import type { BroughtReceipt, BroughtVoucher, Calls, Kind } from "../steps.ts";
import type { View, Views } from "../views.ts";
import { sign, type World } from "../World.ts";
import type { MadeReceipt } from "./ReceiptsModel.ts";
import { SessionModel } from "./SessionModel.ts";
import type { Brought, Consent } from "./SessionsModel.ts";

type SessionKind = Extract<
  Kind,
  | "serveSessions"
  | "unserveSessions"
  | "grantKey"
  | "open"
  | "openSigned"
  | "topUpSession"
  | "redeem"
  | "redeemMany"
  | "close"
  | "settleSession"
  | "punishLie"
  | "punishContradiction"
  | "show"
  | "challenge"
  | "timeout"
>;

const contract = "sessions" as const;

const packed = (session: PackedSession) => [
  session.versionId,
  session.payer,
  session.node,
  session.key,
  session.royalty,
  session.shape,
  session.rules,
];

const domainOf = (world: World) => {
  const { chainId, address } = world.models.sessions.constants;
  return sessionsDomain(chainId, address);
};

/** Terms as a session that nobody has opened. */
function agreed(world: World, terms: Session): SessionModel {
  const { chainId, address } = world.models.sessions.constants;
  return new SessionModel(terms, { chainId, sessions: address }, 0n);
}

/** A session of this number, or one that differs from it in its nonce. */
function named(world: World, number: number, isStray: boolean): SessionModel {
  const session = world.session(number);
  return isStray ? agreed(world, { ...session.terms, nonce: session.terms.nonce + (1n << 100n) }) : session;
}

function consentOf(world: World, terms: Session, { signer, validUntil }: Consent) {
  const digest = consentDigest(domainOf(world), agreed(world, terms).id, validUntil);
  const { r, vs } = compactOf(sign(signer, digest));
  return [validUntil, [r, vs]];
}

/** The payment that goes with an opening: what it says, and what its payer signs. */
function paymentOf(world: World, { terms, deposit, relayFee, value }: Calls["openSigned"]) {
  const { chainId, address } = world.models.sessions.constants;
  const subject = abiEncode(["bytes32", "uint256", "uint256"], [agreed(world, terms).id, deposit, relayFee]);
  const nonce = paymentNonce(chainId, address, subject);
  const domain = { name: "OPG", version: "1", chainId, verifyingContract: world.addresses.token };
  const message = { from: terms.payer, to: address, value, validAfter: 0n, validBefore: MaxUint256, nonce };
  return { nonce, digest: TypedDataEncoder.hash(domain, RECEIVE_AUTHORIZATION_TYPES, message) };
}

function voucherOf(world: World, { session, amount, signer, isStray }: BroughtVoucher) {
  const { id: sessionId, packed: words } = named(world, session, isStray);
  const { r, vs } = compactOf(sign(signer, voucherDigest(domainOf(world), { sessionId, amount })));
  return [packed(words), amount, [r, vs]];
}

const brought = (world: World, { session, amount, signer, isStray }: BroughtVoucher): Brought => ({
  session: named(world, session, isStray),
  amount,
  signer,
});

/** A receipt of a session, or of another one, about the one input of all calls. */
function receiptOf(world: World, number: number, given: BroughtReceipt): MadeReceipt {
  const { id: sessionId, terms } = world.sessions.get(given.of) ?? world.session(number);
  return {
    sessionId,
    sequence: BigInt(given.sequence),
    versionId: terms.versionId,
    inputRoot: HONEST.inputRoot,
    outputRoot: (given.isLie ? LYING : HONEST).outputRoot,
    price: given.price,
    issuedAt: given.issuedAt,
    signer: given.signer,
  };
}

const receiptWords = (receipt: MadeReceipt) => [
  receipt.sessionId,
  receipt.sequence,
  receipt.versionId,
  receipt.inputRoot,
  receipt.outputRoot,
  receipt.price,
  receipt.issuedAt,
];

function proofOf(world: World, receipt: MadeReceipt) {
  const { chainId } = world.models.sessions.constants;
  const { r, vs } = compactOf(
    sign(receipt.signer, receiptDigest(receiptsDomain(chainId, world.addresses.receipts), receipt)),
  );
  return [[r, vs], [ZeroAddress, ZeroHash, 0n], 0n, []];
}

/** What the opening of a session can change. */
function opened(views: Views, world: World, number: number, terms: Session, from: string): View[] {
  const session = world.sessions.get(number);
  return [
    views.account(terms.payer, "sessions"),
    views.account(from, "sessions"),
    views.serving(terms.node, terms.versionId, "sessions"),
    views.grant(terms.payer, from),
    ...(session === undefined ? [] : [views.session(session)]),
  ];
}

/** What the punishment of a node can change. */
function punished(views: Views, world: World, number: number, reporters: readonly string[]): View[] {
  const session = world.session(number);
  const { node, versionId } = session.terms;
  return [
    ...views.settled(session),
    ...reporters.map((reporter) => views.account(reporter, "sessions")),
    ...views.node(node).slice(0, 4),
    ...views.lock(node, world.addresses.sessions, versionId),
    ...views.holdings("sessions"),
    views.supply(),
  ];
}

const served = (views: Views, world: World, { node, version }: { readonly node: string; readonly version: string }) => [
  views.serving(node, version, "sessions"),
  ...views.node(node).slice(2, 4),
  ...views.lock(node, world.addresses.sessions, version),
];

/** What can be done on InferenceSessions, and to prove what was stated in sessions. */
export const sessionActions: Actions<SessionKind> = {
  serveSessions: {
    contract,
    method: "serve",
    args: (_world, c) => [c.node, c.version, c.maxLock, c.endsAt],
    run: (world, c, from) => {
      world.models.sessions.serve(from, c.node, c.version, c.maxLock, c.endsAt);
    },
    touched: served,
  },
  unserveSessions: {
    contract,
    method: "unserve",
    args: (_world, c) => [c.node, c.version],
    run: (world, c, from) => {
      world.models.sessions.seats.unserve(from, c.node, c.version);
    },
    touched: served,
  },
  grantKey: {
    contract,
    method: "grantKey",
    args: (_world, c) => [c.key, c.grant.limit, c.grant.expiresAt, c.grant.versionsRoot],
    run: (world, c, from) => {
      world.models.sessions.grantKey(from, c.key, c.grant);
    },
    touched: (views, _world, c, from) => [views.grant(from, c.key)],
  },
  open: {
    contract,
    method: "open",
    args: (world, c) => [
      packed(agreed(world, c.terms).packed),
      c.deposit,
      consentOf(world, c.terms, c.consent),
      c.proof,
    ],
    run: (world, c, from) => {
      world.sessions.set(c.session, world.models.sessions.open(from, c.terms, c.deposit, c.consent, c.proof));
    },
    touched: (views, world, c, from) => opened(views, world, c.session, c.terms, from),
  },
  openSigned: {
    contract,
    method: "openWithAuthorization",
    args: (world, c) => {
      const signature = sign(c.signer, paymentOf(world, c).digest);
      const payment = [c.value, 0n, MaxUint256, signature];
      const consent = consentOf(world, c.terms, c.consent);
      return [packed(agreed(world, c.terms).packed), c.deposit, c.relayFee, consent, payment];
    },
    run: (world, c, from) => {
      const payment = { value: c.value, nonce: paymentOf(world, c).nonce, signed: c.signer === c.terms.payer };
      const { sessions } = world.models;
      world.sessions.set(c.session, sessions.openSigned(from, c.terms, c.deposit, c.relayFee, c.consent, payment));
    },
    touched: (views, world, c, from) => [
      ...opened(views, world, c.session, c.terms, from),
      views.balance(c.terms.payer),
      ...views.holdings("sessions"),
    ],
  },
  topUpSession: {
    contract,
    method: "topUp",
    args: (world, c) => [packed(world.session(c.session).packed), c.payer, c.amount, c.proof],
    run: (world, c, from) => {
      world.models.sessions.topUp(from, world.session(c.session), c.payer, c.amount, c.proof);
    },
    touched: (views, world, c, from) => [
      views.session(world.session(c.session)),
      views.account(c.payer, "sessions"),
      views.grant(c.payer, from),
    ],
  },
  redeem: {
    contract,
    method: "redeem",
    args: (world, c) => [voucherOf(world, c.voucher)],
    run: (world, c, from) => {
      world.models.sessions.redeem(from, brought(world, c.voucher));
    },
    touched: (views, world, c) => [views.session(world.session(c.voucher.session))],
  },
  redeemMany: {
    contract,
    method: "redeemMany",
    args: (world, c) => [c.vouchers.map((voucher) => voucherOf(world, voucher))],
    run: (world, c, from) => {
      const vouchers = c.vouchers.map((voucher) => brought(world, voucher));
      world.models.sessions.redeemMany(from, vouchers, (event, ...args) => {
        world.report("sessions", event, ...args);
      });
    },
    reports: ["VoucherRefused"],
    touched: (views, world, c) => c.vouchers.map(({ session }) => views.session(world.session(session))),
  },
  close: {
    contract,
    method: "close",
    args: (world, c) => [packed(world.session(c.session).packed)],
    run: (world, c, from) => {
      world.models.sessions.close(from, world.session(c.session));
    },
    touched: (views, world, c) => views.settled(world.session(c.session)),
  },
  settleSession: {
    contract,
    method: "settle",
    args: (world, c) => [packed(named(world, c.session, c.isStray).packed)],
    run: (world, c, from) => {
      world.models.sessions.settle(from, named(world, c.session, c.isStray));
    },
    touched: (views, world, c) => views.settled(world.session(c.session)),
  },
  punishLie: {
    contract,
    method: "punishLie",
    args: (world, c) => [packed(world.session(c.session).packed), receiptWords(receiptOf(world, c.session, c.receipt))],
    run: (world, c, from) => {
      world.models.sessions.punishLie(from, world.session(c.session), receiptOf(world, c.session, c.receipt));
    },
    touched: (views, world, c) => punished(views, world, c.session, world.cast.delegators),
  },
  punishContradiction: {
    contract,
    method: "punishContradiction",
    args: (world, c) => {
      const [first, second] = [c.first, c.second].map((receipt) => receiptOf(world, c.session, receipt));
      if (first === undefined || second === undefined) throw new Error("It takes two");
      const proven = [first, second].flatMap((receipt) => [receiptWords(receipt), proofOf(world, receipt)]);
      return [packed(world.session(c.session).packed), ...proven];
    },
    run: (world, c, from) => {
      const first = receiptOf(world, c.session, c.first);
      const second = receiptOf(world, c.session, c.second);
      world.models.sessions.punishContradiction(from, world.session(c.session), first, second);
    },
    touched: (views, world, c, from) => punished(views, world, c.session, [from]),
  },
  show: {
    contract: "receipts",
    method: "show",
    args: (world, c) => {
      const receipt = receiptOf(world, c.session, c.receipt);
      const session = packed(world.session(c.session).packed);
      return [world.addresses.sessions, session, receiptWords(receipt), proofOf(world, receipt)];
    },
    run: (world, c, from) => {
      world.models.receipts.show(from, world.session(c.session), receiptOf(world, c.session, c.receipt));
    },
    touched: (views, world, c) => [views.shown(statementOf(world, c.session, c.receipt))],
  },
  challenge: {
    contract: "disputes",
    method: "challenge",
    args: (world, c) => {
      const receipt = receiptOf(world, c.session, c.receipt);
      const { node } = world.session(c.session).terms;
      const statement = {
        consumer: world.addresses.receipts,
        jobId: receipt.sessionId,
        attempt: receipt.sequence,
        modelId: world.registered(receipt.versionId).modelId,
        version: IDENTITY_OF_TOY,
        inputRoot: receipt.inputRoot,
        node,
        outputRoot: receipt.outputRoot,
        transport: Transport.Direct,
      };
      return [statement, SMALL.header, [...HONEST.r], ZeroHash];
    },
    run: (world, c, from) => {
      const { node } = world.session(c.session).terms;
      world.games.set(c.game, world.models.disputes.challenge(from, node, receiptOf(world, c.session, c.receipt)));
    },
    touched: (views, world, c, from) => views.disputed(statementOf(world, c.session, c.receipt), from),
  },
  timeout: {
    contract: "disputes",
    method: "timeout",
    args: (world, c) => [world.game(c.game).struct],
    run: (world, c, from) => {
      world.models.disputes.timeout(from, world.game(c.game));
    },
    touched: (views, world, c) => {
      const { statementId, challenger } = world.game(c.game).struct;
      return views.disputed(statementId, challenger);
    },
  },
};

const statementOf = (world: World, number: number, receipt: BroughtReceipt): string =>
  world.models.receipts.statementOf(world.session(number).terms.node, receiptOf(world, number, receipt));
