/** Moves what was earned to those who earned it, and adds up what each has won or lost. */
import {
  claimEarnings,
  collectFees,
  getBalance,
  getServing,
  withdraw,
  type Client,
  type ProtocolEvent,
} from "@opg-protocol/sdk";

import { clientOf, type Suite } from "./chain.ts";
import type { DemoNode } from "./nodes.ts";
import { roles } from "./roles.ts";

/** What somebody got out of the orders, or lost in them. OPG, base units. */
export interface Share {
  readonly who: string;
  readonly role: string;
  readonly amount: bigint;
}

/**
 * Pays everybody: nodes into their stake, the model's owner and the treasury into their wallets.
 * @param spent What the requester has paid in; what is left of it counts against that.
 */
export async function payOut(
  suite: Suite,
  nodes: readonly DemoNode[],
  versionId: string,
  events: readonly ProtocolEvent[],
  spent: bigint,
): Promise<Share[]> {
  const [anyone, publisher] = await Promise.all([clientOf(suite, roles.deployer), clientOf(suite, roles.publisher)]);
  const left = await getBalance(anyone, { account: roles.requester.address });
  const { amount: fees } = await collectFees(anyone, { accounts: [roles.requester.address] });
  const { balance: royalties } = await getBalance(anyone, { account: roles.publisher.address });
  await withdraw(publisher, { amount: royalties });
  const shares = [
    { who: "Requester", role: "paid", amount: left.balance - spent },
    { who: "Model owner", role: "royalties", amount: royalties },
    { who: "Treasury", role: "fees", amount: fees },
  ];
  for (const node of nodes) shares.push(...(await nodeShares(anyone, node, versionId, events)));
  const burned = slashes(events).reduce(
    (sum, { own, delegated, harmed, rewarded }) => sum + own + delegated - harmed - rewarded,
    0n,
  );
  return burned === 0n ? shares : [...shares, { who: "Nobody", role: "burned", amount: burned }];
}

async function nodeShares(
  client: Client,
  { node, number, isLiar }: DemoNode,
  versionId: string,
  events: readonly ProtocolEvent[],
): Promise<Share[]> {
  const who = isLiar ? `Node ${number} (the liar)` : `Node ${number}`;
  const lost = slashes(events)
    .filter((slash) => slash.node === node)
    .reduce((sum, { own, delegated }) => sum + own + delegated, 0n);
  const { earned } = await getServing(client, { node, versionId });
  if (earned > 0n) await claimEarnings(client, { node, versionId });
  const shares = [
    { who, role: "earned", amount: earned },
    { who, role: "slashed", amount: -lost },
  ];
  return shares.filter(({ amount }) => amount !== 0n);
}

export function slashes(events: readonly ProtocolEvent[]) {
  return events.flatMap((event) => (event.name === "NodeSlashed" ? [event.args] : []));
}
