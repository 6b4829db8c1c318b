import {
  type Client,
  DisputeState,
  formatOpg,
  getDispute,
  reclaimDemand,
  supplyOf,
  supplyWords,
} from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import { dataOf } from "../chain/tasks.ts";
import type { Wake } from "../jobs/Schedule.ts";
import type { JournalTask } from "../journal/Journal.ts";
import type { Sender } from "../send/Sender.ts";
import { findPayload, type PayloadSource } from "../serve/OutputStore.ts";
import type { Keeper } from "../tasks/Tasks.ts";
import type { Stories } from "./Stories.ts";

export interface DemandKeeperModules {
  readonly client: Client;
  readonly sender: Pick<Sender, "perform">;
  /** Where payloads are kept: inputs, outputs. */
  readonly stores: readonly PayloadSource[];
  readonly stories: Stories;
}

const NAMES = new Map(Object.entries(DisputeState).map(([name, state]) => [state, name]));

/** Supplies what is demanded of a node, and takes back what was paid for words that nobody supplied. */
export class DemandKeeper implements Keeper {
  constructor(
    private readonly modules: DemandKeeperModules,
    /** The node that supplies; undefined where words are only demanded. */
    private readonly node: string | undefined,
  ) {}

  async tend(task: JournalTask, head: Head): Promise<Wake> {
    const { client, stories } = this.modules;
    const { demand } = dataOf("demand", task);
    const { state, deadline } = await getDispute(client, { disputeId: task.id });
    const role = demand.node === this.node ? "node" : "payer";
    const { statementId, node, price } = demand;
    const view = { statementId, role, node, state: NAMES.get(state) ?? "", bond: price.toString() } as const;
    stories.show(task, { ...view, ...(deadline > 0 && { turn: "node", deadline }) });
    if (state !== DisputeState.Demanded) {
      const lost = role === "node" && state === DisputeState.Withheld;
      stories.say(task, `${lost ? "LOST" : "ended"}: ${view.state}`, lost ? "error" : "info");
      return "closed";
    }
    if (role === "node") return this.supply(task, head);
    if (head.timestamp <= deadline) return deadline + 1;
    stories.say(task, "takes its price back: the node withholds what it vouched for, so its statement is false");
    await this.send("reclaim", task.id, reclaimDemand.call(client.addresses, { demand }));
    return head.timestamp + 1;
  }

  private async supply(task: JournalTask, head: Head): Promise<Wake> {
    const { client, stores, stories } = this.modules;
    const { demand } = dataOf("demand", task);
    const tensors = await findPayload(stores, demand.root);
    if (tensors === undefined) {
      stories.say(task, `cannot supply: the payload ${demand.root} is not here`, "error");
      return "never";
    }
    stories.say(task, `supplies ${demand.count} words for ${formatOpg(demand.price)} OPG`);
    const call = supplyWords.call(client.addresses, { demand, supply: supplyOf(tensors, demand) });
    await this.send("supply", task.id, call);
    return head.timestamp + 1;
  }

  private async send(kind: string, subject: string, call: { readonly to: string; readonly data: string }) {
    await this.modules.sender.perform({ kind, subject, ...call });
  }
}
