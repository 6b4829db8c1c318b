import type { Signer } from "ethers";

import { depositForSessions, getSessionBalance } from "../actions/sessions/accounts.ts";
import { draftSession, openSessionOnChain } from "../actions/sessions/opening.ts";
import { consentSigner } from "../actions/sessions/receipts.ts";
import { sessionIdOf } from "../actions/sessions/sessions.ts";
import { signerOf } from "../actions/send.ts";
import type { Client } from "../client.ts";
import { packSession } from "../codecs/session.ts";
import { explained } from "../errors/ProtocolError.ts";
import { askConsent, askOffer } from "./door.ts";
import { NoConsentError } from "./errors.ts";
import { SessionClient, type SessionClientParameters } from "./SessionClient.ts";
import { MemorySessionStore, type SessionStore } from "./state.ts";

/** Parameters of {@link openSession}. */
export interface OpenSessionParameters extends Pick<
  SessionClientParameters,
  "retries" | "timeout" | "freshPeriod" | "clockTolerance" | "signature"
> {
  readonly versionId: string;
  /** Base URL of the node's door. */
  readonly url: string;
  /** OPG that go into it, base units; whole millionths. */
  readonly deposit: bigint;
  /** Most that one call may cost, OPG base units; by default what the node asks. */
  readonly mostPrice?: bigint;
  /** What the node loses for one lie, OPG base units; by default the least that the rules ask for. */
  readonly collateral?: bigint;
  /** Signs vouchers; by default the client's signer. */
  readonly key?: Signer;
  /** Where the payer keeps its place; by default it is forgotten with the process. */
  readonly store?: SessionStore;
  /** Unix seconds; by default as late as the rules let it be. */
  readonly endsAt?: number;
  readonly signal?: AbortSignal;
}

/**
 * Agrees with a node on a session, and opens it out of the balance of the client's account, to which it adds what is missing.
 * @throws NoConsentError; ProtocolError as `openSessionOnChain`.
 */
export async function openSession(client: Client, parameters: OpenSessionParameters): Promise<SessionClient> {
  const { versionId, url, deposit, mostPrice, collateral, endsAt, signal, ...calling } = parameters;
  const { signer, account } = signerOf(client);
  const { key = signer, store = new MemorySessionStore(), ...options } = calling;
  const offer = await askOffer({ url, versionId, signal });
  if (mostPrice !== undefined && offer.callPrice > mostPrice) {
    throw new NoConsentError(offer.node, `it asks ${offer.callPrice} base units of OPG a call, more than ${mostPrice}`);
  }
  const fields = await draftSession(client, {
    versionId,
    node: offer.node,
    callPrice: offer.callPrice,
    key: await key.getAddress(),
    ...(collateral !== undefined && { collateral }),
    ...(endsAt !== undefined && { endsAt }),
  });
  const session = packSession(fields);
  const sessionId = sessionIdOf(client, session);
  const consent = await askConsent({ url, session: fields, signal });
  const { signer: nodeSigner } = await explained(client.staking.signerOf(fields.node));
  if (consentSigner(client, sessionId, consent) !== nodeSigner) {
    throw new NoConsentError(fields.node, "what answers at this address is not the node");
  }
  const { balance } = await getSessionBalance(client, { account });
  if (balance < deposit) await depositForSessions(client, { amount: deposit - balance });
  await openSessionOnChain(client, { session, deposit, consent });
  return new SessionClient({ client, session, url, key, store, ...options });
}

/** Parameters of {@link resumeSession}. */
export type ResumeSessionParameters = Omit<SessionClientParameters, "client">;

/** Goes on with a session that was opened before, from where its store says it stands. */
export const resumeSession = (client: Client, parameters: ResumeSessionParameters): SessionClient =>
  new SessionClient({ client, ...parameters });
