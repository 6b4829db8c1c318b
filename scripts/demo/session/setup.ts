/** What is there before anybody calls: a model that can be judged, an honest node, one that lies once, a payer with OPG. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { authoriseConsumer, type Client, getSessionServing, transferTokens } from "@opg-protocol/sdk";
import { parseEther, Wallet } from "ethers";

import { clientOf, HOST, type Suite } from "../chain.ts";
import { publishDigits } from "../model.ts";
import { Daemons, writeFolder } from "../nodes.ts";
import { register } from "../register.ts";
import { roles } from "../roles.ts";

const STAKE = parseEther("1000");
const COIN = parseEther("10");
/** What calls and a bond take; a bond is worth ten times the gas that the longest answer costs. */
const PURSE = parseEther("1000");
const POLLING = 250;

/** Of one call, OPG. */
export const PRICE = "0.01";
/** Calls of the honest node's session, and which call of the other one's is answered wrongly. */
export const CALLS = 1_000;
export const LIE_AT = 17;

/** A node, and where it answers. */
export interface SessionNode {
  readonly name: string;
  readonly node: string;
  readonly url: string;
}

/** Everybody, and the version that is called. */
export interface SessionCast {
  readonly payer: Client;
  readonly modelId: string;
  readonly versionId: string;
  readonly honest: SessionNode;
  readonly liar: SessionNode;
}

/** Releases the model, registers both nodes, and starts them. */
export async function prepare(suite: Suite, daemons: Daemons, folder: string, port: number): Promise<SessionCast> {
  const treasurer = await clientOf(suite, roles.deployer);
  const { modelId, versionId } = await publishDigits(await clientOf(suite, roles.publisher), folder, true);
  const nodes: SessionNode[] = [];
  for (const [index, name] of ["honest node", "lying node"].entries()) {
    nodes.push(await startNode(suite, treasurer, { index, name, port: port + 1 + index, folder, versionId }));
    daemons.start(
      { folder: join(folder, `node-${index + 1}`), number: index + 1, isLiar: index === 1 },
      index === 1 ? LIE_AT : undefined,
    );
  }
  const [honest, liar] = nodes;
  if (honest === undefined || liar === undefined) throw new Error("There are two nodes");
  await waitForLocks(treasurer, nodes, versionId, daemons);
  const payer = await clientOf(suite, roles.requester);
  await transferTokens(treasurer, { to: roles.requester.address, amount: PURSE });
  return { payer, modelId, versionId, honest, liar };
}

interface Beginning {
  readonly index: number;
  readonly name: string;
  readonly port: number;
  readonly folder: string;
  readonly versionId: string;
}

async function startNode(suite: Suite, treasurer: Client, given: Beginning): Promise<SessionNode> {
  const { index, name, port, folder, versionId } = given;
  const operator = roles.operators[index];
  if (operator === undefined) throw new RangeError(`There is no operator ${index}`);
  const signer = Wallet.createRandom();
  const url = `http://${HOST}:${port}`;
  const owner = await register(suite, treasurer, operator, { stake: STAKE, signer, commissionBps: 0, url });
  await treasurer.signer?.sendTransaction({ to: signer.address, value: COIN });
  const { address: node } = operator;
  const { market, sessions } = owner.addresses;
  for (const consumer of [market, sessions]) await authoriseConsumer(owner, { node, consumer, cap: STAKE });
  await writeFolder(suite, {
    node,
    signer,
    port,
    folder: join(folder, `node-${index + 1}`),
    versionId,
    version: { maxLock: "100", sessions: { price: PRICE, maxLock: "500", mostCollateral: "100" } },
    more: { sessions: { redeemAbove: "10", endMinutes: 0.1 } },
  });
  return { name, node, url };
}

async function waitForLocks(
  client: Client,
  nodes: readonly SessionNode[],
  versionId: string,
  daemons: Daemons,
): Promise<void> {
  for (const { node } of nodes) {
    while ((await getSessionServing(client, { node, versionId })).maxLock === 0n) {
      await Promise.race([sleep(POLLING), daemons.failure]);
    }
  }
}
