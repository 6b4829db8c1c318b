import { type Client, getPriceOffer, isOperator, offerPrice, type PriceOffer } from "@opg-protocol/sdk";

import type { Config } from "../config/Config.ts";
import type { Journal } from "../journal/Journal.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import { Upkeep } from "../offer/Upkeep.ts";
import type { Sender } from "../send/Sender.ts";
import { offeredBy } from "./Consents.ts";

const NONE: PriceOffer = { callPrice: 0n, collateral: 0n, endpoint: "" };

export interface PriceOffersModules {
  readonly client: Client;
  readonly offers: Pick<Offers, "versions" | "offer">;
  readonly journal: Pick<Journal, "priced" | "putPriced">;
  readonly sender: Pick<Sender, "perform">;
  readonly log: Logger;
}

/** Who asks, and where. */
export interface Asker {
  readonly node: string;
  /** What the sender signs with. */
  readonly account: string;
  /** Base URL of the door; undefined if nothing is to be published, and what was is to be taken back. */
  readonly publicUrl: string | undefined;
}

/** Keeps what the book of prices says of this node equal to what it asks, so that callers find it without asking everybody. */
export class PriceOffers {
  private readonly upkeep: Upkeep;
  private isRefused = false;

  constructor(
    private readonly modules: PriceOffersModules,
    private readonly asker: Asker,
    /** Those that the operator names, whether they are offered or not. */
    private readonly versions: Config["versions"],
  ) {
    this.upkeep = new Upkeep(modules.sender, modules.log);
  }

  /** To be called now and then; what cannot be sent now is tried again next time. True if something was sent. */
  maintain(): Promise<boolean> {
    const named = this.asker.publicUrl === undefined ? [] : this.versions.map(({ id }) => id);
    const known = new Set([...named, ...this.modules.journal.priced()]);
    return this.upkeep.run([...known].map((versionId) => () => this.keep(versionId)));
  }

  private async keep(versionId: string): Promise<void> {
    const { client, journal } = this.modules;
    const { node } = this.asker;
    const asked = this.asked(versionId);
    if (isSame(asked, await getPriceOffer(client, { node, versionId })) || !(await this.mayWrite())) return;
    journal.putPriced(versionId);
    const { callPrice, collateral } = asked;
    const call = offerPrice.call(client.addresses, { node, versionId, ...asked });
    await this.upkeep.send("price", `${versionId}/${callPrice}/${collateral}/${asked.endpoint}`, call);
  }

  private asked(versionId: string): PriceOffer {
    const { publicUrl } = this.asker;
    const sessions = this.modules.offers.offer(versionId)?.sessions;
    if (publicUrl === undefined || sessions === undefined) return NONE;
    const { callPrice, mostCollateral } = offeredBy(sessions);
    return { callPrice, collateral: mostCollateral, endpoint: publicUrl };
  }

  /** Says once what is wrong: it is the operator who can mend it, and until then nothing is tried. */
  private async mayWrite(): Promise<boolean> {
    const { client, log } = this.modules;
    const { node, account } = this.asker;
    const isAllowed = await isOperator(client, { node, account });
    if (!isAllowed && !this.isRefused) log.error({ node, account }, `cannot publish prices: ${noOperator(account)}`);
    this.isRefused = !isAllowed;
    return isAllowed;
  }
}

/** What an operator has to do whose key may not write. */
export const noOperator = (account: string): string =>
  `the key here, ${account}, does not act for the node: its owner has to make it the signer (proposeSigner, activateSigner)`;

const isSame = (one: PriceOffer, other: PriceOffer): boolean =>
  one.callPrice === other.callPrice && one.collateral === other.collateral && one.endpoint === other.endpoint;
