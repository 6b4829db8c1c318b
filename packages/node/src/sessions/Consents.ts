import {
  type Client,
  getSessionRules,
  getSessionServing,
  leastSessionCollateral,
  type PackedSession,
  packSessionRules,
  type Session,
  sessionIdOf,
  signSessionConsent,
  unpackSession,
  type NodeConsent,
} from "@opg-protocol/sdk";
import type { BaseWallet } from "ethers";

import type { VersionConfig } from "../config/Config.ts";
import { CrowdedError } from "../door/errors.ts";
import type { Offers } from "../offer/Offers.ts";
import type { SessionBook } from "./SessionBook.ts";

/** Seconds in which a session can be opened that the node has consented to. */
export const CONSENT_PERIOD = 10 * 60;
/** Sessions that are consented to and not opened, at most: 100 MiB of disk. */
export const MOST_UNOPENED = 100_000;
/** Questions that are looked into at once: each asks the chain. */
const MOST_AT_ONCE = 8;

/** The node does not want a session. */
export class SessionRefusedError extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = "SessionRefusedError";
  }
}

/** What the node asks for calls of a version, OPG base units. */
export interface OfferedCalls {
  readonly callPrice: bigint;
  /** Of a byte of a text; undefined where a text costs what any call does. */
  readonly tokenPrice: bigint | undefined;
  readonly mostCollateral: bigint;
}

export interface ConsentsModules {
  readonly client: Client;
  readonly signer: Pick<BaseWallet, "signTypedData">;
  readonly book: SessionBook;
  readonly offers: Pick<Offers, "offer">;
}

/**
 * Decides which sessions the node wants. A consent reserves nothing, for whoever only asks must not keep others out: the chain
 * opens sessions until the node's lock is full.
 */
export class Consents {
  private deciding = 0;

  constructor(
    private readonly modules: ConsentsModules,
    private readonly node: string,
  ) {}

  /** What the node asks for calls of a version; undefined where it takes none. */
  offer(versionId: string): OfferedCalls | undefined {
    const sessions = this.modules.offers.offer(versionId)?.sessions;
    return sessions && offeredBy(sessions);
  }

  /**
   * Consents to a session, if it is as the node wants it.
   * @throws SessionRefusedError, CrowdedError
   */
  async consent(packed: PackedSession): Promise<NodeConsent> {
    if (this.deciding >= MOST_AT_ONCE) throw new CrowdedError(MOST_AT_ONCE, "all callers");
    if (this.modules.book.unopened >= MOST_UNOPENED) throw new CrowdedError(MOST_UNOPENED, "all callers");
    this.deciding += 1;
    try {
      return await this.decide(packed);
    } finally {
      this.deciding -= 1;
    }
  }

  private async decide(packed: PackedSession): Promise<NodeConsent> {
    const { client, signer, book } = this.modules;
    const session = unpackSession(packed);
    const offer = this.offer(session.versionId);
    if (offer === undefined) throw new SessionRefusedError("This node takes no calls of that version.");
    await this.check(session, packed, offer);
    const sessionId = sessionIdOf(client, packed);
    const time = Math.floor(Date.now() / 1_000);
    await book.consent(sessionId, packed, time);
    return signSessionConsent(client, signer, sessionId, time + CONSENT_PERIOD);
  }

  private async check(session: Session, packed: PackedSession, offer: OfferedCalls): Promise<void> {
    const { client } = this.modules;
    const { node } = this;
    const { versionId, callPrice, collateral, endsAt } = session;
    if (session.node !== node) throw new SessionRefusedError(`This is node ${node}.`);
    if (callPrice < offer.callPrice)
      throw new SessionRefusedError(`A call costs ${offer.callPrice} base units of OPG.`);
    const [rules, serving] = await Promise.all([
      getSessionRules(client),
      getSessionServing(client, { node, versionId }),
    ]);
    if (packed.rules !== packSessionRules(rules))
      throw new SessionRefusedError("The rules have changed: draft it anew.");
    const least = leastSessionCollateral(rules, callPrice);
    const free = serving.maxLock - serving.used;
    const most = free < offer.mostCollateral ? free : offer.mostCollateral;
    if (collateral < least || collateral > most) {
      throw new SessionRefusedError(`The collateral must be ${least} to ${most} base units of OPG.`);
    }
    const latest = serving.endsAt - Number(rules.horizonPeriod);
    if (endsAt > latest) throw new SessionRefusedError(`The session must end by ${latest} (unix seconds).`);
  }
}

/** How much answers for one session unless the operator says otherwise: ten sessions fill the lock. */
const DEFAULT_PARTS = 10n;

/** What the configuration says to ask. */
export const offeredBy = ({
  price,
  tokenPrice,
  maxLock,
  mostCollateral,
}: NonNullable<VersionConfig["sessions"]>): OfferedCalls => ({
  callPrice: price,
  tokenPrice,
  mostCollateral: mostCollateral ?? maxLock / DEFAULT_PARTS,
});
