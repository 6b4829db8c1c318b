import { getAddress, type Signer } from "ethers";

import { depositForSessions, getSessionBalance } from "../actions/sessions/accounts.ts";
import { getGrant } from "../actions/sessions/keys.ts";
import { draftSession, openSessionOnChain, type OpenSessionOnChainParameters } from "../actions/sessions/opening.ts";
import { consentSigner } from "../actions/sessions/receipts.ts";
import { sessionIdOf } from "../actions/sessions/sessions.ts";
import { signerOf } from "../actions/send.ts";
import { chainTime } from "../chainTime.ts";
import type { Client } from "../client.ts";
import { packSession, unpackSession } from "../codecs/session.ts";
import { TransactionRevertedError } from "../errors/faults.ts";
import { explained, ProtocolError } from "../errors/ProtocolError.ts";
import { askConsent, askOffer } from "./door.ts";
import { GrantEndsError, NoConsentError, SessionUnsureError } from "./errors.ts";
import { marginOf, SessionClient, type SessionClientParameters } from "./SessionClient.ts";
import { MemorySessionStore, type SessionStore } from "./state.ts";

/** Parameters of {@link openSession}. */
export interface OpenSessionParameters extends Pick<
  SessionClientParameters,
  "retries" | "timeout" | "freshPeriod" | "clockTolerance" | "signature"
> {
  readonly versionId: string;
  /** Base URL of the node's door. */
  readonly url: string;
  /** Who must be behind that door; by default the session is with whoever is there. */
  readonly node?: string;
  /** OPG that go into it, base units; whole millionths. */
  readonly deposit: bigint;
  /** Most that one call may cost, OPG base units; by default what the node asks. */
  readonly mostPrice?: bigint;
  /** What the node loses for one lie, OPG base units; by default the least that the rules ask for. */
  readonly collateral?: bigint;
  /** Who pays, out of a balance that is there; by default the client's account, to whose balance is added what is missing. */
  readonly payer?: string;
  /** That the version is on the list of the grant by which the client's account opens sessions of the payer, if that has one. */
  readonly versionProof?: readonly string[];
  /** Signs vouchers; by default the client's signer. */
  readonly key?: Signer;
  /** Where the payer keeps its place; by default it is forgotten with the process. */
  readonly store?: SessionStore;
  /** Unix seconds; by default as late as the rules, the node's lock, and the grant of who opens for a payer let it be. */
  readonly endsAt?: number;
  /**
   * Of a `SessionUnsureError`: what was agreed on then is found, or sent again, and nothing else is opened. A ProtocolError or a
   * TransactionRevertedError says that it cannot be opened any more.
   */
  readonly opening?: OpenSessionOnChainParameters;
  /** Ends what is asked of the node; a transaction that was sent goes on. */
  readonly signal?: AbortSignal;
}

/**
 * Agrees with a node on a session, and opens it out of the payer's balance.
 * @throws NoConsentError; GrantEndsError; SessionUnsureError if nobody says whether it was opened; ProtocolError as
 * `openSessionOnChain`, or TransactionRevertedError where the chain does not say why; NoBlockError; OipStatusError,
 * SessionFormatError, a RangeError for too long an answer, or what `fetch` throws.
 */
export async function openSession(client: Client, parameters: OpenSessionParameters): Promise<SessionClient> {
  const { opening = await agree(client, parameters) } = parameters;
  const wasSent = parameters.opening !== undefined;
  if (!(wasSent && (await isOpened(client, opening)))) {
    await bring(client, opening, wasSent);
  }
  return connect(client, parameters, opening);
}

/** The session of an opening. */
export function connect(
  client: Client,
  parameters: Omit<OpenSessionParameters, "endsAt">,
  { session }: OpenSessionOnChainParameters,
): SessionClient {
  const { key = signerOf(client).signer, store = new MemorySessionStore() } = parameters;
  return new SessionClient({ ...parameters, client, session, key, store });
}

/** Asks a node for its consent to a session. */
async function agree(client: Client, parameters: OpenSessionParameters): Promise<OpenSessionOnChainParameters> {
  const { versionId, url, node, deposit, mostPrice, collateral, versionProof = [], signal } = parameters;
  const { signer, account } = signerOf(client);
  const { key = signer } = parameters;
  const payer = getAddress(parameters.payer ?? account);
  const offer = await askOffer({ url, versionId, signal });
  if (node !== undefined && getAddress(node) !== offer.node) {
    throw new NoConsentError(offer.node, `the session was to be with ${getAddress(node)}`);
  }
  if (mostPrice !== undefined && offer.callPrice > mostPrice) {
    throw new NoConsentError(offer.node, `it asks ${offer.callPrice} base units of OPG a call, more than ${mostPrice}`);
  }
  const draft = await draftSession(client, {
    versionId,
    node: offer.node,
    callPrice: offer.callPrice,
    payer,
    key: await key.getAddress(),
    ...(collateral !== undefined && { collateral }),
  });
  const margin = marginOf(draft.rules);
  const soonest = (await chainTime(client)) + margin;
  // What ends sooner would cost gas, and pay for no call.
  if (draft.endsAt <= soonest) {
    throw new NoConsentError(
      offer.node,
      `its lock runs out, and leaves a session less than the ${margin} s before its end in which calls may be refused`,
    );
  }
  const expiresAt = payer === account ? draft.endsAt : (await getGrant(client, { payer, key: account })).expiresAt;
  if (expiresAt <= soonest) throw new GrantEndsError(payer, account, expiresAt, margin);
  const fields = { ...draft, endsAt: parameters.endsAt ?? Math.min(draft.endsAt, expiresAt) };
  const session = packSession(fields);
  const consent = await askConsent({ url, session: fields, signal });
  const { signer: nodeSigner } = await explained(client.staking.signerOf(fields.node));
  if (consentSigner(client, sessionIdOf(client, session), consent) !== nodeSigner) {
    throw new NoConsentError(fields.node, "what answers at this address is not the node");
  }
  return { session, deposit, consent, versionProof };
}

/** Adds to the balance of the client's account what is missing; nobody else's is its to fill. */
async function fund(client: Client, { session, deposit }: OpenSessionOnChainParameters): Promise<void> {
  const { account } = signerOf(client);
  if (unpackSession(session).payer !== account) return;
  const { balance } = await getSessionBalance(client, { account });
  if (balance < deposit) await depositForSessions(client, { amount: deposit - balance });
}

/** Pays for a session and opens it. What was sent may be on its way when an error comes: the chain knows better. */
async function bring(client: Client, opening: OpenSessionOnChainParameters, wasSent: boolean): Promise<void> {
  let isSent = wasSent;
  try {
    await fund(client, opening);
    isSent = true;
    await openSessionOnChain(client, opening);
  } catch (error) {
    if (!isSent) throw error;
    // Where the chain does not answer, either, the error that came first says why, and what was sent may yet be mined.
    const isThere = await isOpened(client, opening).catch(() => false);
    if (isThere) return;
    const isPending = wasSent && (await canBeMined(client, opening).catch(() => true));
    if (isRefused(error) && !isPending) throw error;
    throw new SessionUnsureError(sessionIdOf(client, opening.session), opening, error);
  }
}

/** Whether the chain has said no to an opening; of one that was sent before, that it cannot be opened any more. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ProtocolError || error instanceof TransactionRevertedError;

async function isOpened(client: Client, { session }: OpenSessionOnChainParameters): Promise<boolean> {
  return (await explained(client.sessions.sessionOf(sessionIdOf(client, session)))) !== 0n;
}

/** Whether an opening that was sent can still be mined. */
async function canBeMined(client: Client, { consent }: OpenSessionOnChainParameters): Promise<boolean> {
  return (await chainTime(client)) <= consent.validUntil;
}

/** Parameters of {@link resumeSession}. */
export type ResumeSessionParameters = Omit<SessionClientParameters, "client">;

/** Goes on with a session that was opened before, from where its store says it stands. */
export const resumeSession = (client: Client, parameters: ResumeSessionParameters): SessionClient =>
  new SessionClient({ client, ...parameters });
