import type { ContractTransactionResponse } from "ethers";

import { packOrder, unpackJob, type Order } from "../../packages/sdk/src/codecs/job.ts";
import type { Operator } from "../../test/support/actors.ts";
import { drawnFor } from "../../test/support/draws.ts";
import type { Served } from "../../test/support/fixtures.ts";
import { INPUT_URI, orderOf, RIGHT, SALT, SEAL_PERIOD, seatsOf, TestJob } from "../../test/support/jobs.ts";
import { time } from "../../test/support/network.ts";
import { packIn } from "../../test/support/packs.ts";

/** Every transaction of a job on which all agreed, in their order. */
export interface AgreedJob {
  readonly request: ContractTransactionResponse;
  readonly commits: readonly ContractTransactionResponse[];
  readonly reveals: readonly ContractTransactionResponse[];
  /** How it ended: settled apart, or by the last reveal. */
  readonly end: ContractTransactionResponse;
}

/** The three transactions of a job whose nodes leave posting to a relayer. */
export interface RelayedJob {
  readonly request: ContractTransactionResponse;
  readonly seals: ContractTransactionResponse;
  readonly end: ContractTransactionResponse;
}

/** All that were sent for a job. */
export const transactionsOf = ({ request, commits, reveals, end }: AgreedJob) => [request, ...commits, ...reveals, end];

type Ending = "settle" | "revealAndSettle";

/** Orders a job and waits until nodes can seal. */
export async function order(suite: Served, changes: Partial<Order> = {}, input = INPUT_URI) {
  const request = await suite.market.connect(suite.requester).request(packOrder(orderOf(suite, changes)), input);
  const job = await TestJob.from(suite, await request.wait()).open();
  return { request, job };
}

/** Runs a job of which every transaction is counted, after one that has filled all balances and slots of these seats. */
export async function agreedJob(suite: Served, seats: readonly Operator[], ending: Ending): Promise<AgreedJob> {
  await runJob(suite, seats, ending);
  return runJob(suite, seats, ending);
}

/** The first nodes that the draw lets sit, in the first step that has as many. Waits for that step. */
export async function drawnNodes(
  job: TestJob,
  nodes: readonly Operator[],
  count: number,
): Promise<readonly Operator[]> {
  const { market, version } = job.suite;
  const { requestedAt, rules } = unpackJob(job.packed);
  const weights = new Map<Operator, bigint>();
  let totalWeight = 0n;
  for (const operator of nodes) {
    const then = await market.weightsAt(operator.node, version, BigInt(requestedAt) - rules.activationPeriod);
    weights.set(operator, then.weight);
    totalWeight = then.total;
  }
  for (let step = 0; step <= rules.widenSteps; step++, await time.increase(SEAL_PERIOD)) {
    const drawn = await drawnFor(job, weights, totalWeight, step);
    if (drawn.length >= count) return drawn.slice(0, count);
  }
  throw new Error(`The draw finds fewer than ${count} nodes`);
}

/** How a relayer brings seals: each by itself, so that one that is refused stops no other; or all of them, which are packed. */
type Bringing = "each" | "packed";

/** The same of a job whose seals and reveals come all at once. */
export async function relayedJob(suite: Served, seats: readonly Operator[], bringing: Bringing): Promise<RelayedJob> {
  await runRelayed(suite, seats, bringing);
  return runRelayed(suite, seats, bringing);
}

/** What gives each seal of a packed round an entry after all. */
export async function unpacking(suite: Served, seats: readonly Operator[]): Promise<ContractTransactionResponse> {
  const { job } = await order(suite, { quorum: seats.length });
  return job.unpack(await job.pack(seats));
}

async function runRelayed(suite: Served, seats: readonly Operator[], bringing: Bringing): Promise<RelayedJob> {
  const { request, job } = await order(suite, { quorum: seats.length });
  if (bringing === "each") return { request, ...(await runEach(suite, job, seats)) };
  const seals = await job.commitSigned(seats);
  const pack = packIn(suite.commitments, await seals.wait());
  await job.endPackedSealing(pack);
  return { request, seals, end: await job.settlePacked(pack) };
}

async function runEach(suite: Served, job: TestJob, seats: readonly Operator[]) {
  const relay = suite.relay.connect(suite.stranger);
  const seals = await relay.sealMany(job.packed, await job.signSeals(seats));
  await job.endSealing();
  const reveals = seats.map((seat) => job.shows(seat));
  const end = await relay.revealAndSettle(job.packed, await job.roundId(), reveals, seatsOf(seats));
  return { seals, end };
}

async function runJob(suite: Served, seats: readonly Operator[], ending: Ending): Promise<AgreedJob> {
  const { request, job } = await order(suite, { quorum: seats.length });
  const commits = [];
  for (const seat of seats) commits.push(await job.commit(seat));
  await job.endSealing();
  const reveals = [];
  for (const seat of ending === "settle" ? seats : seats.slice(1)) reveals.push(await job.reveal(seat));
  const end = ending === "settle" ? await job.settle(seats) : await revealAndSettle(job, seats);
  return { request, commits, reveals, end };
}

/** The first of `seats` reveals last. */
async function revealAndSettle(job: TestJob, seats: readonly Operator[]): Promise<ContractTransactionResponse> {
  const [last] = seats;
  if (last === undefined) throw new Error("A job needs seats");
  return job.suite.market.connect(last.signer).revealAndSettle(job.packed, last.node, RIGHT, SALT, seatsOf(seats));
}
