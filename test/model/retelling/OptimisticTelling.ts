import { ZeroAddress, ZeroHash } from "ethers";

import {
  optimisticEscrowOf,
  OptimisticState,
  unpackOptimisticJob,
} from "../../../packages/sdk/src/codecs/optimisticJob.ts";
import type { OptimisticMarketplace } from "../../../typechain-types/index.ts";
import type { View } from "../views.ts";
import { found } from "../World.ts";
import { Accounts } from "./Accounts.ts";
import { Entries } from "./Control.ts";
import { answer, type Hears, type Telling } from "./Telling.ts";

interface ToldOffer {
  readonly requester: string;
  state: OptimisticState;
  since: number;
}

/** Jobs for one node, from their order to an end without an answer, and balances. */
export class OptimisticTelling implements Telling {
  private readonly accounts = new Accounts("optimistic");
  private readonly entries = new Entries("optimistic");
  private readonly offers = new Map<string, ToldOffer>();
  private rules: string = ZeroHash;
  readonly hears: Hears<OptimisticMarketplace> = {
    ...this.accounts.hears,
    ...this.entries.hears,
    OptimisticRulesSet: ({ rules }) => {
      this.rules = rules;
    },
    JobOffered: ({ jobId, requester, job }, { time }) => {
      const terms = unpackOptimisticJob(job);
      const state = terms.node === ZeroAddress ? OptimisticState.Open : OptimisticState.Named;
      this.accounts.credit(requester, -optimisticEscrowOf(terms));
      this.offers.set(jobId, { requester, state, since: time });
    },
    JobClosed: ({ jobId, state, refund }, { time }) => {
      const offer = found(this.offers, jobId);
      offer.state = Number(state) as OptimisticState;
      offer.since = time;
      this.accounts.credit(offer.requester, refund);
    },
  };

  answers(): View[] {
    return [
      ...this.entries.answers(),
      ...this.accounts.answers(),
      answer("optimistic", "governed", [], this.rules, this.accounts.treasury),
      ...[...this.offers].map(([id, { state, since }]) =>
        answer("optimistic", "jobOf", [id], BigInt(state) | (BigInt(since) << 56n)),
      ),
    ];
  }
}
