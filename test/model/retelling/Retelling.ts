import { getAddress } from "ethers";

import { type ContractName, INTERFACES, type View } from "../views.ts";
import { DisputesTelling } from "./DisputesTelling.ts";
import { GuardianTelling } from "./GuardianTelling.ts";
import { MandatesTelling } from "./MandatesTelling.ts";
import { MarketTelling } from "./MarketTelling.ts";
import { OptimisticTelling } from "./OptimisticTelling.ts";
import { ReceiptsTelling } from "./ReceiptsTelling.ts";
import { RegistryTelling } from "./RegistryTelling.ts";
import { RoundsTelling } from "./RoundsTelling.ts";
import { SchedulesTelling } from "./SchedulesTelling.ts";
import { SessionsTelling } from "./SessionsTelling.ts";
import { StakingTelling } from "./StakingTelling.ts";
import type { Moment, Telling } from "./Telling.ts";
import { TokenTelling } from "./TokenTelling.ts";

/** Those of the suite that keep state: the relay keeps none, and the callback and the source are no part of it. */
export const TOLD = [
  "token",
  "staking",
  "commitments",
  "registry",
  "mandates",
  "market",
  "optimistic",
  "scheduler",
  "receipts",
  "disputes",
  "sessions",
  "pauseGuardian",
] as const satisfies readonly ContractName[];
export type ToldContract = (typeof TOLD)[number];

/** An event as a node's `eth_getLogs` gives it, with the contract that emitted it. */
export interface ToldLog {
  readonly contract: ContractName;
  readonly topics: readonly string[];
  readonly data: string;
  readonly at: Moment;
}

/** What is fixed at deployment and in no event. */
interface Fixed {
  readonly staking: string;
  /** Seconds. */
  readonly seedDelayPeriod: number;
}

type Listener = (args: unknown, at: Moment) => void;

/** The state of the suite, rebuilt from nothing but its events. */
export class Retelling {
  private readonly tellings: Readonly<Record<ToldContract, Telling>>;

  constructor({ staking, seedDelayPeriod }: Fixed) {
    const token = new TokenTelling();
    const nodes = new StakingTelling(token, getAddress(staking));
    const rounds = new RoundsTelling();
    this.tellings = {
      token,
      staking: nodes,
      commitments: rounds,
      registry: new RegistryTelling(),
      mandates: new MandatesTelling(),
      market: new MarketTelling(rounds, nodes, seedDelayPeriod),
      optimistic: new OptimisticTelling(),
      scheduler: new SchedulesTelling(),
      receipts: new ReceiptsTelling(),
      disputes: new DisputesTelling(),
      sessions: new SessionsTelling(),
      pauseGuardian: new GuardianTelling(),
    };
  }

  /** Takes note of an event. One that no telling knows is refused, so that none is passed over. */
  hear({ contract, topics, data, at }: ToldLog): void {
    if (!isTold(contract)) return;
    const event = INTERFACES[contract].parseLog({ topics, data });
    const hears = this.tellings[contract].hears as Readonly<Record<string, Listener | undefined>>;
    const listen = hears[event?.name ?? ""];
    if (event === null || listen === undefined)
      throw new Error(`${contract} has told ${event?.name ?? "nothing known"}`);
    listen(event.args, at);
  }

  /** What every getter must give for every id and account that the events have named. */
  answers(now: number): readonly View[] {
    return Object.values(this.tellings).flatMap((telling) => telling.answers(now));
  }
}

const isTold = (contract: ContractName): contract is ToldContract => TOLD.some((told) => told === contract);
