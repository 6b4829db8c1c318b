import { randomBytes, toBigInt } from "ethers";

import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import { abiEncode } from "../../codecs/abi.ts";
import { paymentNonce } from "../../codecs/job.ts";
import { leastSessionCollateral, packSession, type PackedSession, type Session } from "../../codecs/session.ts";
import type { CompactSignature } from "../../codecs/signature.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import { signerOf } from "../send.ts";
import { type Payment, type PaymentPeriod, signReceiveAuthorization } from "../token/payments.ts";
import { getSessionServing } from "./serving.ts";
import { getSessionRules, openedSession, type SessionParameters, sessionIdOf } from "./sessions.ts";

const { sessions } = interfaces;

/** What a payer chooses of a session; parameters of {@link draftSession}. Amounts in base units of OPG. */
export interface DraftSessionParameters {
  readonly versionId: string;
  readonly node: string;
  /** Of one call. */
  readonly callPrice: bigint;
  /** Signs vouchers; by default the payer itself. */
  readonly key?: string;
  /** Who pays; by default the client's account. */
  readonly payer?: string;
  /** What the node loses for one lie; by default the least that the rules ask for. */
  readonly collateral?: bigint;
  /** Unix seconds; by default as late as the rules, less a margin of a minute, and the node's lock let it be. */
  readonly endsAt?: number;
  /** Tells sessions apart that are equal otherwise; by default random. */
  readonly nonce?: bigint;
}

/** So much earlier than the rules allow does a session end by default: clocks of two machines differ. */
const END_MARGIN = 60;

/**
 * A session as the node has to consent to it: what was chosen, the numbers in force, and what the model's owner asks.
 * @throws ProtocolError `RegistryUnknownVersion`, `RegistryVersionDeprecated`, `RegistryRequesterNotAllowed`; NoBlockError.
 */
export async function draftSession(client: Client, parameters: DraftSessionParameters): Promise<Session> {
  const { versionId, node, callPrice } = parameters;
  const payer = parameters.payer ?? signerOf(client).account;
  const [rules, serving, quote, now] = await Promise.all([
    getSessionRules(client),
    getSessionServing(client, { node, versionId }),
    explained(client.sessions.royaltyOf(versionId, payer, callPrice)),
    chainTime(client),
  ]);
  const longest = Number(rules.maxSessionPeriod);
  const byRules = now + longest - Math.min(END_MARGIN, longest >> 1);
  // What is stated last can be disputed for so long, and the lock has to answer for it.
  const byLock = serving.endsAt - Number(rules.horizonPeriod);
  // A lock that leaves no time is the node's to speak of, which refuses what ends now.
  const latest = Math.max(now, Math.min(byRules, byLock));
  return {
    versionId,
    payer,
    callPrice,
    node,
    collateral: parameters.collateral ?? leastSessionCollateral(rules, callPrice),
    key: parameters.key ?? payer,
    royaltyPayee: quote.payee,
    royalty: quote.royalty,
    endsAt: parameters.endsAt ?? latest,
    nonce: parameters.nonce ?? toBigInt(randomBytes(16)),
    rules,
  };
}

/** That a node wants a session. */
export interface NodeConsent {
  /** Unix seconds, inclusive. */
  readonly validUntil: number;
  readonly signature: CompactSignature;
}

/** Parameters of {@link openSessionOnChain}. */
export interface OpenSessionOnChainParameters extends SessionParameters {
  /** OPG that go into it, base units; whole millionths. */
  readonly deposit: bigint;
  readonly consent: NodeConsent;
  /** Of the version under the list of a key's grant; none for the payer itself. */
  readonly versionProof?: readonly string[];
}

/**
 * Opens a session on which payer and node have agreed, out of the payer's balance. Only for the payer, or a key with its
 * grant.
 * @throws ProtocolError `SessionsOtherRules`, `SessionsOutOfBounds`, `SessionsExists`, `SessionsOtherRoyalty`,
 * `SessionsNoConsent`, `SessionsKeyNotGranted`, `SessionsVersionNotGranted`, `MarketLockTooSmall`, `MarketNodeNotCovered`,
 * `LedgerInsufficientBalance`, `EntryPaused`.
 */
export const openSessionOnChain = action(
  "sessions",
  ({ session, deposit, consent, versionProof = [] }: OpenSessionOnChainParameters) =>
    sessions.encodeFunctionData("open", [session, deposit, consent, [...versionProof]]),
  { result: (mined) => openedSession(eventIn(mined, "SessionOpened")) },
);

/** Parameters of {@link signSessionOpening}. */
export interface SignSessionOpeningParameters extends PaymentPeriod {
  readonly session: Session;
  /** OPG that go into the session, base units; whole millionths. */
  readonly deposit: bigint;
  /** OPG for whoever sends it, base units; by default none. */
  readonly relayFee?: bigint;
  /** OPG that the payment brings, base units; by default deposit and fee. What is missing comes out of the balance. */
  readonly value?: bigint;
}

/** A session that its payer has signed for. */
export interface SignedSessionOpening {
  readonly session: PackedSession;
  readonly deposit: bigint;
  readonly relayFee: bigint;
  readonly payment: Payment;
}

/**
 * Signs a session of the client's account with the payment for it, which somebody else can send. Sends nothing.
 * @throws NoBlockError unless `validBefore` is given.
 */
export async function signSessionOpening(
  client: Client,
  { session, deposit, relayFee = 0n, value, ...period }: SignSessionOpeningParameters,
): Promise<SignedSessionOpening> {
  const packed = packSession(session);
  const to = client.addresses.sessions;
  const subject = abiEncode(["bytes32", "uint256", "uint256"], [sessionIdOf(client, packed), deposit, relayFee]);
  const payment = await signReceiveAuthorization(client, {
    to,
    value: value ?? deposit + relayFee,
    nonce: paymentNonce(client.chainId, to, subject),
    ...period,
  });
  return { session: packed, deposit, relayFee, payment };
}

/** Parameters of {@link openSessionWithAuthorization}. */
export interface OpenSessionWithAuthorizationParameters extends SignedSessionOpening {
  readonly consent: NodeConsent;
}

/**
 * Opens a session that `signSessionOpening` made, and earns its fee. Anyone may.
 * @throws ProtocolError as `openSessionOnChain`, and `ERC3009UsedAuthorization`, `ERC3009InvalidAuthorizationTime`,
 * `ERC3009InvalidSignature`, `ERC20InsufficientBalance`.
 */
export const openSessionWithAuthorization = action(
  "sessions",
  ({ session, deposit, relayFee, consent, payment }: OpenSessionWithAuthorizationParameters) =>
    sessions.encodeFunctionData("openWithAuthorization", [session, deposit, relayFee, consent, payment]),
  { result: (mined) => openedSession(eventIn(mined, "SessionOpened")) },
);
