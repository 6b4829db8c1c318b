import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseEther, ZeroHash } from "ethers";

import { encodeOrder } from "../../packages/sdk/src/codecs/encodedOrder.ts";
import { type Order, packOrder, type PackedJob } from "../../packages/sdk/src/codecs/job.ts";
import {
  linkId,
  type LinkedOutput,
  type LinkTerms,
  packLink,
  packLinkedOutput,
  type PackedLink,
} from "../../packages/sdk/src/codecs/link.ts";
import { versionId } from "../../packages/sdk/src/codecs/model.ts";
import {
  type OptimisticOrder,
  packOptimisticOrder,
  type PackedOptimisticJob,
} from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { OUTPUT_ROOT, PAYLOAD } from "./callbacks.ts";
import { IDENTITY, type Protocol, type Served, servedOn } from "./fixtures.ts";
import { all, orderOf, TestJob } from "./jobs.ts";
import { time } from "./network.ts";
import { namedOrder, offering, type Offering, TestOffer } from "./optimistic.ts";
import { chainId } from "./payments.ts";

export const REWARD = parseEther("3");
export const MOST_COST = parseEther("20");
/** Until when a test's link can be followed, seconds from now. */
export const LIFE = 10_000;
/** What `JobChain` may use of the requester's balance in each market. */
export const CAP = parseEther("500");

/** Nodes in both markets, and a requester with a balance in each, which it lets `JobChain` use. */
export async function chaining() {
  const suite = await offering();
  const { market, optimistic, mandates, jobChain, requester, model } = suite;
  for (const ledger of [market, optimistic]) await mandates.connect(requester).allow(ledger, jobChain, CAP);
  const several = await servedOn({ ...suite, version: versionId(model, IDENTITY) }, suite.operators.slice(3, 6));
  return { ...suite, several };
}

export type Chaining = Awaited<ReturnType<typeof chaining>>;

/** A job, and what whoever follows a link says of its output. */
export interface FirstJob {
  readonly jobId: string;
  readonly output: LinkedOutput;
}

/** A job on whose output two nodes have agreed. */
export async function agreed({ several }: { readonly several: Served }, root = OUTPUT_ROOT): Promise<FirstJob> {
  const job = await (await TestJob.request(several, {})).open();
  const seats = several.nodes.slice(0, 2);
  await job.answer(all(seats, root));
  await job.settle(seats);
  return { jobId: job.jobId, output: { root } };
}

/** A job whose one node's answer can be disputed no more. */
export async function answered(suite: Offering, root = OUTPUT_ROOT): Promise<FirstJob> {
  const job = await TestOffer.named(suite);
  await job.answer(suite.first, root);
  await job.endWindow();
  await job.settle(root);
  return { jobId: job.jobId, output: { root, roundId: await job.roundId(), node: suite.first.node } };
}

/** The terms of a link, and what it orders. */
export interface LinkPlan {
  readonly terms: LinkTerms;
  readonly order: PackedJob | PackedOptimisticJob;
}

type Suite = Pick<Protocol, "jobChain" | "market" | "optimistic" | "requester" | "stranger">;

async function termsOf(suite: Suite, source: "market" | "optimistic", first: string): Promise<LinkTerms> {
  return {
    owner: suite.requester.address,
    reward: REWARD,
    source: await suite[source].getAddress(),
    mostCost: MOST_COST,
    first,
    expiresAt: (await time.latest()) + LIFE,
  };
}

/** A link whose order is for the first node. */
export async function planOfOne(
  suite: Chaining,
  source: "market" | "optimistic",
  first: string,
  changes: Partial<OptimisticOrder> = {},
): Promise<LinkPlan> {
  const order = packOptimisticOrder(namedOrder(suite, { inputRoot: ZeroHash, ...changes }));
  return { terms: await termsOf(suite, source, first), order };
}

/** A link whose order is for several nodes. */
export async function planOfSeveral(
  suite: Chaining,
  source: "market" | "optimistic",
  first: string,
  changes: Partial<Order> = {},
): Promise<LinkPlan> {
  const order = packOrder(orderOf(suite.several, { inputRoot: ZeroHash, ...changes }));
  return { terms: await termsOf(suite, source, first), order };
}

/** A link, and what a test does with it. */
export class TestLink {
  private constructor(
    readonly suite: Suite,
    readonly plan: LinkPlan,
    readonly packed: PackedLink,
    readonly id: string,
  ) {}

  /** One that is not created. */
  static async of(suite: Suite, plan: LinkPlan, replaced: Partial<PackedLink> = {}): Promise<TestLink> {
    const packed = { ...packLink(plan.terms, plan.order), ...replaced };
    return new TestLink(suite, plan, packed, linkId(await chainId(), await suite.jobChain.getAddress(), packed));
  }

  static async create(suite: Suite, plan: LinkPlan): Promise<TestLink> {
    const link = await TestLink.of(suite, plan);
    await link.createAs(suite.requester);
    return link;
  }

  get order(): string {
    return encodeOrder(this.plan.order);
  }

  createAs(sender: HardhatEthersSigner) {
    return this.suite.jobChain.connect(sender).create(this.packed, this.order);
  }

  follow(output: LinkedOutput, input: Uint8Array | string = PAYLOAD, sender = this.suite.stranger) {
    return this.suite.jobChain.connect(sender).follow(this.packed, packLinkedOutput(output), this.order, input);
  }

  cancel(sender = this.suite.requester) {
    return this.suite.jobChain.connect(sender).cancel(this.packed);
  }

  async state() {
    const { state, jobId } = await this.suite.jobChain.stateOf(this.id);
    return { state: Number(state), jobId };
  }
}
