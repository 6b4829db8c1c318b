import type { InferenceMarketplace } from "../../../typechain-types/index.ts";
import { entry } from "../NodeBooks.ts";
import type { ServedLedger, View } from "../views.ts";
import { answer, type Hears, History } from "./Telling.ts";

interface ToldServing {
  readonly node: string;
  readonly version: string;
  readonly weight: History;
  maxLock: bigint;
  used: bigint;
  earned: bigint;
  endsAt: bigint;
}

/** What nodes serve at a ledger, what of their locks is in use, and what they have earned. */
export class Servings {
  readonly all = new Map<string, ToldServing>();
  readonly hears: Pick<Hears<InferenceMarketplace>, "ServingSet" | "EarningsClaimed"> = {
    ServingSet: ({ node, versionId, weight, maxLock, endsAt }, { time }) => {
      const serving = this.of(node, versionId);
      serving.weight.set(time, weight);
      serving.maxLock = maxLock;
      serving.endsAt = endsAt;
    },
    EarningsClaimed: ({ node, versionId, amount }) => {
      this.of(node, versionId).earned -= amount;
    },
  };

  constructor(private readonly ledger: ServedLedger) {}

  of(node: string, version: string): ToldServing {
    const none = () => ({ node, version, weight: new History(), maxLock: 0n, used: 0n, earned: 0n, endsAt: 0n });
    return entry(this.all, `${node} ${version}`, none);
  }

  answers(): View[] {
    return [...this.all.values()].map(({ node, version, weight, maxLock, used, earned, endsAt }) =>
      answer(this.ledger, "servingOf", [node, version], weight.present, maxLock, used, earned, endsAt),
    );
  }
}
