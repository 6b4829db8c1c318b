import type { EventIndex } from "../history/EventIndex.ts";
import type { JobRound } from "./jobRounds.ts";
import type { JobTrack } from "./jobTracks.ts";
import { closingFlows } from "./moneyClosed.ts";
import type { MoneyFlow, MoneyParty } from "./moneyFlow.ts";
import { settlingFlows } from "./moneySettled.ts";

export type { MoneyFlow, MoneyParty, PartyKind } from "./moneyFlow.ts";

/** What has become of a job's money. Amounts in base units of OPG. */
export interface JobMoney {
  readonly escrow: bigint;
  readonly flows: readonly MoneyFlow[];
  /** What of the escrow has gone nowhere yet: all of it as long as the job runs, then a tip that waits for its delivery. */
  readonly held: bigint;
}

/** Where the escrow of a job went, and what was taken from whom. */
export function moneyOf(index: EventIndex, track: JobTrack, rounds: readonly JobRound[]): JobMoney {
  const { order, events } = track;
  const { terms, escrow } = order;
  const settled =
    terms.market === "market" ? settlingFlows(index, track, rounds, terms.job) : closingFlows(index, track);
  const tips = events.flatMap((event): MoneyFlow[] => {
    const place = { at: event.timestamp, tx: event.transactionHash, from: ESCROW };
    if (event.name === "ResultDelivered") {
      const to: MoneyParty = { kind: "deliverer", account: event.args.deliverer };
      return [{ ...place, to, amount: event.args.tip, what: "Tip for the delivery" }];
    }
    if (event.name !== "TipReclaimed") return [];
    const to: MoneyParty = { kind: "requester", account: event.args.requester };
    return [{ ...place, to, amount: event.args.amount, what: "Tip given back" }];
  });
  const flows = [...settled, ...tips].filter(({ amount }) => amount > 0n);
  const spent = flows.filter(({ from }) => from.kind === "escrow").reduce((sum, { amount }) => sum + amount, 0n);
  return { escrow, flows, held: escrow - spent };
}

const ESCROW: MoneyParty = { kind: "escrow", account: undefined };
