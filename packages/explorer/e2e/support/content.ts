/** What others have done on the chain, so that there is something to see. Made through the SDK, as anybody would. */
import { setTimeout as sleep } from "node:timers/promises";

import {
  chainTime,
  type Client,
  createSchedule,
  delegateStake,
  delegateVotes,
  depositOptimistic,
  getOptimisticRecord,
  getVersion,
  OptimisticState,
  type OptimisticTerms,
  parseOpg,
  prepareOptimisticOrder,
  propose,
  requestOptimistic,
  setTreasury,
  type Tensor,
  transferTokens,
} from "@opg-protocol/sdk";

import { roles } from "../../../../scripts/demo/roles.ts";
import type { Stack } from "./stack.ts";

const POLLING = 100;
/** What the digits model takes. */
const SIDE = 8;
const UINT8 = 2;

/** An order for one node, on clocks of the local chain. */
export const termsOf = (versionId: string, node: string): OptimisticTerms => ({
  versionId,
  node,
  price: parseOpg("1"),
  maxRoyalty: parseOpg("0.3"),
  answerPeriod: 60,
  windowPeriod: 40,
  valueAtStake: 10,
});

/** A digit that looks like a one. */
const picture = (): Tensor => {
  const isInk = (at: number): boolean => [3, 4].includes(at % SIDE);
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (isInk(at) ? 255 : 0));
  return { dtype: UINT8, shape: [1, 1, SIDE, SIDE], data };
};

/** What pages are about, by what it is. */
export interface Content {
  readonly model: string;
  readonly version: string;
  readonly node: string;
  readonly job: string;
  readonly schedule: string;
  readonly proposal: string;
}

/** Has the requester order of the node, and waits until that has answered; gives the job. */
export async function orderAlone(stack: Stack): Promise<string> {
  const { versions, node } = stack;
  const client = await stack.client(roles.requester);
  await depositOptimistic(client, { amount: parseOpg("5") });
  const terms = termsOf(versions.digits, node);
  const { jobId } = await requestOptimistic(client, { ...terms, input: { tensors: [picture()] } });
  while ((await getOptimisticRecord(client, { jobId })).state !== OptimisticState.Stated) await sleep(POLLING);
  return jobId;
}

/** Does a little of everything that one page or another shows. */
export async function fill(stack: Stack): Promise<Content> {
  const { versions, node } = stack;
  const requester = await stack.client(roles.requester);
  const job = await orderAlone(stack);
  await delegateStake(requester, { node, amount: parseOpg("5") });
  const { modelId } = await getVersion(requester, { versionId: versions.digits });
  const schedule = await scheduleOrders(requester, stack);
  const proposal = await putToVote(stack, "# Keep the treasury\n\nFees go where they go.");
  return { model: modelId, version: versions.digits, node, job, schedule, proposal };
}

/** Gives an account OPG to act with. */
export async function fund(stack: Stack, to: string, amount: string): Promise<void> {
  await transferTokens(await stack.client(roles.deployer), { to, amount: parseOpg(amount) });
}

async function scheduleOrders(client: Client, { versions, node }: Stack): Promise<string> {
  const order = prepareOptimisticOrder(roles.requester.address, {
    ...termsOf(versions.digits, node),
    input: { tensors: [picture()] },
  });
  const { scheduleId } = await createSchedule(client, {
    ...order,
    budget: parseOpg("10"),
    mostReward: parseOpg("0.1"),
    mostCost: parseOpg("3"),
    startAt: (await chainTime(client)) + 3_600,
    interval: 3_600,
  });
  return scheduleId;
}

/** Puts something harmless to the vote, under words that nobody has used before; gives the proposal. */
export async function putToVote(stack: Stack, words: string): Promise<string> {
  const treasurer = await stack.client(roles.deployer);
  const { addresses } = treasurer;
  await delegateVotes(treasurer, { delegatee: roles.deployer.address });
  // Votes count from the second after.
  await sleep(2_000);
  const calls = [setTreasury.call(addresses, { account: addresses.timelock })];
  const { proposalId } = await propose(treasurer, { calls, description: `${words} ${Date.now()}` });
  return String(proposalId);
}
