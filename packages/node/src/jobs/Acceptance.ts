import { type Client, getOptimisticServing } from "@opg-protocol/sdk";

import type { Chain, Head } from "../chain/Chain.ts";
import type { Logger } from "../log.ts";
import type { Offers } from "../offer/Offers.ts";
import type { Sender } from "../send/Sender.ts";
import type { Answer, Answerer } from "./Answerer.ts";
import { DEFENCE_GAS } from "./gas.ts";
import type { Offered } from "./Offered.ts";

export interface AcceptanceModules {
  readonly client: Client;
  /** A second provider that must know a job's block, too. */
  readonly witness: Pick<Chain, "blockHash"> | undefined;
  readonly chain: Pick<Chain, "blockHash">;
  readonly sender: Pick<Sender, "affords">;
  readonly answerer: Pick<Answerer, "answer" | "length">;
  readonly offers: Pick<Offers, "offer">;
  readonly log: Logger;
}

/** What a node takes on of jobs for one node, as their node or as an auditor, and what it keeps away from. */
export class Acceptance {
  constructor(
    private readonly modules: AcceptanceModules,
    private readonly node: string,
  ) {}

  /**
   * Least price of an answer, OPG base units: of a text, by how long it may be. Or why there is none.
   */
  async floor(offered: Offered, signal: AbortSignal): Promise<bigint | string> {
    const { offers, answerer } = this.modules;
    const offer = offers.offer(offered.job.versionId)?.alone;
    // Nobody fetches an input here for less than any answer costs.
    if (offer === undefined) return "the version is not offered";
    if (offer.tokenPrice === undefined || offered.job.price < offer.floorPrice) return offer.floorPrice;
    const length = await this.unlessItFails(offered, signal, () => answerer.length(offered, signal));
    return length === undefined ? "its input is not to be had" : offer.floorPrice + offer.tokenPrice * BigInt(length);
  }

  /**
   * Why this node does not take something on that it could; undefined if it does.
   * @param price What it would earn, base units of OPG.
   * @param collateral What would answer for it.
   * @param floor As `floor` says.
   */
  async refusal(
    { job, blockNumber }: Offered,
    price: bigint,
    collateral: bigint,
    floor: bigint | string,
    head: Head,
  ): Promise<string | undefined> {
    const { client, chain, sender, witness } = this.modules;
    if (typeof floor === "string") return floor;
    if (price < floor) return `the price ${price} is below the floor ${floor}`;
    const serving = await getOptimisticServing(client, { node: this.node, versionId: job.versionId });
    if (serving.used + collateral > serving.maxLock) return "the lock for this version has no room";
    if (serving.endsAt < head.timestamp + Number(job.rules.horizonPeriod))
      return "the lock for this version ends too early";
    if (!(await sender.affords(DEFENCE_GAS))) return "the signer's coin does not reach for a defence";
    if (witness !== undefined && (await witness.blockHash(blockNumber)) !== (await chain.blockHash(blockNumber))) {
      return "the two providers do not agree on the job's block";
    }
    return undefined;
  }

  /** The answer. A node that cannot find one keeps away; a guess would cost it its collateral. */
  find(offered: Offered, signal: AbortSignal): Promise<Answer | undefined> {
    return this.unlessItFails(offered, signal, () => this.modules.answerer.answer(offered, signal));
  }

  /** Tells of a refusal. */
  keepAway({ jobId }: Offered, reason: string): "never" {
    this.modules.log.info({ jobId, reason }, "keeps away from a job");
    return "never";
  }

  private async unlessItFails<Found>(
    offered: Offered,
    signal: AbortSignal,
    act: () => Promise<Found>,
  ): Promise<Found | undefined> {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      this.modules.log.warn({ jobId: offered.jobId, error: String(error) }, "keeps away from a job it cannot answer");
      return undefined;
    }
  }
}
