import { hexlify, parseEther, randomBytes } from "ethers";

import {
  bytesTensor,
  type Client,
  commitResult,
  getRound,
  type InferenceInput,
  type OrderTerms,
  payloadRoot,
  type RequestedJob,
  revealAndSettle,
  revealResult,
} from "../../packages/sdk/src/index.ts";
import { clientOf } from "./clients.ts";
import { ROYALTY, type Served } from "./fixtures.ts";
import { SEAL_PERIOD } from "./jobs.ts";
import { mine, time } from "./network.ts";

/** What honest nodes find. */
export const OUTPUT = [bytesTensor(new TextEncoder().encode("seven"))];
export const INPUT: InferenceInput = { tensors: [bytesTensor(new TextEncoder().encode("a picture"))] };

/** What a job of these tests orders. */
export const termsOf = ({ version }: Served, changes: Partial<OrderTerms> = {}): OrderTerms => ({
  versionId: version,
  seatPrice: parseEther("1"),
  quorum: 2,
  collateralFactor: 8,
  sealPeriod: SEAL_PERIOD,
  maxRoyalty: ROYALTY,
  ...changes,
});

/** What a node has sealed, and as whom. */
export interface Answer {
  readonly client: Client;
  readonly parameters: Parameters<typeof commitResult>[1];
}

/** Seals an output for so many nodes and waits until it can be revealed. */
export async function seal(
  suite: Served,
  { packed: job }: RequestedJob,
  nodes: number,
  outputRoot = payloadRoot(OUTPUT),
): Promise<readonly Answer[]> {
  await mine(3);
  await time.increase(2);
  const answers: Answer[] = [];
  for (const { node, signer } of suite.nodes.slice(0, nodes)) {
    const client = await clientOf(suite, signer);
    const parameters = { job, node, outputRoot, salt: hexlify(randomBytes(32)) };
    await commitResult(client, parameters);
    answers.push({ client, parameters });
  }
  const { round } = await getRound(await clientOf(suite), { job });
  await time.increaseTo(round.sealEndsAt);
  return answers;
}

/** Reveals for all, the last one with the settlement. */
export async function revealAll(answers: readonly Answer[]): Promise<void> {
  for (const { client, parameters } of answers.slice(0, -1)) await revealResult(client, parameters);
  const last = answers.at(-1);
  if (last !== undefined) await revealAndSettle(last.client, last.parameters);
}
