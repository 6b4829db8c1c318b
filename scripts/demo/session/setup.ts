/** What is there before anybody calls: a model that can be judged, an honest node, one that lies once, a payer with OPG. */
import { join } from "node:path";

import { type Client, getSessionServing, transferTokens } from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { clientOf, eventually, type Suite } from "../chain.ts";
import { publishDigits } from "../model.ts";
import { Daemons, equipNode, type Equipment, type EquippedNode } from "../nodes.ts";
import type { Published } from "../publish.ts";
import { roles } from "../roles.ts";

const STAKE = parseEther("1000");
/** What calls and a bond take; a bond is worth ten times the gas that the longest answer costs. */
const PURSE = parseEther("1000");

/** Of one call, OPG. */
export const PRICE = "0.01";
/** Calls of the honest node's session, and which call of the other one's is answered wrongly. */
export const CALLS = 1_000;
const LIE_AT = 17;

/** A node, and where it answers. */
export interface SessionNode extends EquippedNode {
  readonly name: string;
}

/** Everybody, and the version that is called. */
export interface SessionCast {
  readonly payer: Client;
  readonly modelId: string;
  readonly versionId: string;
  readonly honest: SessionNode;
  readonly liar: SessionNode;
}

/** What is published, and when the lying node lies about it. */
export interface SessionSubject {
  readonly publish: (publisher: Client) => Promise<Published>;
  /** The one run of the lying node that is a lie. */
  readonly lieAt: number;
}

/** The model of digits, with a lie among many answers. */
export const digitsIn = (folder: string): SessionSubject => ({
  publish: (publisher) => publishDigits(publisher, { folder }, true),
  lieAt: LIE_AT,
});

/** Releases the model, registers both nodes, and starts them. */
export async function prepare(
  suite: Suite,
  daemons: Daemons,
  folder: string,
  port: number,
  { publish, lieAt }: SessionSubject,
): Promise<SessionCast> {
  const treasurer = await clientOf(suite, roles.deployer);
  const { modelId, versionId } = await publish(await clientOf(suite, roles.publisher));
  const nodes: SessionNode[] = [];
  for (const [index, name] of ["honest node", "lying node"].entries()) {
    const equipment = equipmentOf(index, folder, port, versionId);
    nodes.push({ name, ...(await equipNode(suite, treasurer, equipment)) });
    const isLiar = index === 1;
    daemons.start({ folder: equipment.folder, number: index + 1, isLiar }, isLiar ? lieAt : undefined);
  }
  const [honest, liar] = nodes;
  if (honest === undefined || liar === undefined) throw new Error("There are two nodes");
  await waitForLocks(treasurer, nodes, versionId, daemons);
  const payer = await clientOf(suite, roles.requester);
  await transferTokens(treasurer, { to: roles.requester.address, amount: PURSE });
  return { payer, modelId, versionId, honest, liar };
}

const equipmentOf = (index: number, folder: string, port: number, versionId: string): Equipment => ({
  index,
  stake: STAKE,
  commissionBps: 0,
  consumers: ["market", "sessions"],
  port: port + 1 + index,
  folder: join(folder, `node-${index + 1}`),
  versions: [{ id: versionId, maxLock: "100", sessions: { price: PRICE, maxLock: "500", mostCollateral: "100" } }],
  more: { sessions: { redeemAbove: "10", endMinutes: 0.1 } },
});

async function waitForLocks(
  client: Client,
  nodes: readonly SessionNode[],
  versionId: string,
  daemons: Daemons,
): Promise<void> {
  for (const { node } of nodes) {
    const serves = async () => (await getSessionServing(client, { node, versionId })).maxLock > 0n || undefined;
    await daemons.until(eventually(serves));
  }
}
