import type { ReactNode } from "react";

import { nodesOf } from "../../entities/stakes.ts";
import { useEntities } from "../../history/useHistory.ts";
import { opgNumber, Treemap } from "../../parts/charts/index.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { shortHash } from "../../parts/format.ts";
import { to } from "../../routes.ts";

/** Which node holds how much of the stake. */
export function StakeMap(): ReactNode {
  const nodes = useEntities(nodesOf);
  const items = nodes.map(({ address, own, delegated }) => ({
    label: shortHash(address),
    value: opgNumber(own + delegated),
    to: to.node(address),
  }));
  if (items.every(({ value }) => value === 0)) return <Empty>No node has any stake.</Empty>;
  return <Treemap title="Bonded stake by node, own and delegated" items={items} unit="OPG" />;
}
