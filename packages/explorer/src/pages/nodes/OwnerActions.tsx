import { getStakingTerms } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { thawsOf } from "../../entities/nodeView.ts";
import type { NodeSummary } from "../../entities/stakes.ts";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { AddStake } from "./AddStake.tsx";
import { CancelThaw } from "./CancelThaw.tsx";
import { ThawStake } from "./ThawStake.tsx";
import { useOnceTrue } from "./useOnceTrue.ts";
import { WithdrawStake } from "./WithdrawStake.tsx";

/** What the owner of a node does with its own stake. */
export function OwnerActions({ node }: { readonly node: NodeSummary }): ReactNode {
  const terms = useRead(["staking terms"], getStakingTerms);
  const thaws = thawsOf(node).filter(({ delegator }) => delegator === undefined);
  const showsThaws = useOnceTrue(thaws.length > 0);
  return (
    <Async read={terms} what="the rules of staking">
      {({ thawPeriod, leastOwnStake }) => (
        <div className="columns">
          <AddStake node={node} />
          <ThawStake node={node} thawPeriod={thawPeriod} leastOwnStake={leastOwnStake} />
          {showsThaws && <CancelThaw address={node.address} thaws={thaws} />}
          {showsThaws && <WithdrawStake address={node.address} thaws={thaws} />}
        </div>
      )}
    </Async>
  );
}
