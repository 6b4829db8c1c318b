import type { Addresses, Call, Client, ServeOptimisticParameters, ServingParameters } from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import type { Config } from "../config/Config.ts";
import type { Upkeep } from "./Upkeep.ts";

const DAY = 24 * 60 * 60;

/** What answers for a version in one contract. Amounts in base units of OPG. */
export interface LockServing {
  readonly maxLock: bigint;
  readonly used: bigint;
  readonly earned: bigint;
  /** Unix seconds. */
  readonly endsAt: number;
}

/** What the SDK has for locks in one contract. */
export interface LockActions {
  /** Tells its transactions from those of other contracts. */
  readonly name: string;
  readonly read: (client: Client, parameters: ServingParameters) => Promise<LockServing>;
  readonly serve: { call(addresses: Addresses, parameters: ServeOptimisticParameters): Call };
  readonly unserve: { call(addresses: Addresses, parameters: ServingParameters): Call };
  readonly claim: { call(addresses: Addresses, parameters: ServingParameters): Call };
}

/** Keeps the stake locked that answers in one contract, and moves what is earned there into the node's stake. */
export class StandingLock {
  constructor(
    private readonly client: Client,
    private readonly node: string,
    private readonly actions: LockActions,
    private readonly upkeep: Upkeep,
    private readonly settings: Config["offer"],
  ) {}

  /** @param wanted OPG that are to answer, base units; undefined while they cannot. Asked only when the lock is to be renewed. */
  async keep(versionId: string, head: Head, wanted: () => Promise<bigint | undefined>): Promise<void> {
    const { actions, client, node, settings, upkeep } = this;
    const serving = await actions.read(client, { node, versionId });
    await this.claim(versionId, serving);
    // What was slashed lowers the lock, and only an operator should raise it again after that.
    if (lasts(serving, head, settings) && serving.maxLock > 0n) return;
    const most = await wanted();
    if (most === undefined) return;
    const lock = { node, versionId, maxLock: atLeastUsed(most, serving), endsAt: lockEnd(head, settings) };
    const call = actions.serve.call(client.addresses, lock);
    await upkeep.send(`serve ${actions.name}`, `${versionId}/${serving.endsAt}`, call);
  }

  /** Lets go of all that nothing holds. */
  async release(versionId: string): Promise<void> {
    const { actions, client, node, upkeep } = this;
    const serving = await actions.read(client, { node, versionId });
    await this.claim(versionId, serving); // what was served before can become final after
    const { maxLock, used } = serving;
    if (maxLock === used) return;
    const call = actions.unserve.call(client.addresses, { node, versionId });
    await upkeep.send(`unserve ${actions.name}`, `${versionId}/${used}`, call);
  }

  private async claim(versionId: string, { earned }: LockServing): Promise<void> {
    const { actions, client, node, settings, upkeep } = this;
    if (earned === 0n || earned < settings.claimAbove) return;
    const call = actions.claim.call(client.addresses, { node, versionId });
    await upkeep.send(`claim ${actions.name}`, `${versionId}/${earned}`, call);
  }
}

/** Whether more than half of a lock's time is left. */
export const lasts = ({ endsAt }: Pick<LockServing, "endsAt">, head: Head, { lockDays }: Config["offer"]): boolean =>
  endsAt >= head.timestamp + (lockDays * DAY) / 2;

/** Until when stake is locked that is locked now, unix seconds. */
export const lockEnd = (head: Head, { lockDays }: Config["offer"]): number =>
  head.timestamp + Math.floor(lockDays * DAY);

/** The chain takes no lock below what it already holds of it. */
export const atLeastUsed = (wanted: bigint, { used }: Pick<LockServing, "used">): bigint =>
  wanted > used ? wanted : used;
