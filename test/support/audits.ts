import { id, ZeroAddress } from "ethers";

import { sealHash } from "../../packages/sdk/src/codecs/commitment.ts";
import { auditCollateralOf, type OptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { type Round, unpackRound } from "../../packages/sdk/src/codecs/round.ts";
import type { Operator } from "./actors.ts";
import { OWN_STAKE } from "./fixtures.ts";
import { mine, time } from "./network.ts";
import { HONEST, namedOrder, type Offering, offering, openOrder, PRICE, TestOffer } from "./optimistic.ts";
import { chainId } from "./payments.ts";

/** Every job of the tests is audited, if nothing else is said. */
export const ALWAYS = 10_000;

/** The offering, with all three nodes enrolled as auditors. */
export async function auditing() {
  const suite = await offering();
  for (const { node, signer } of suite.nodes) {
    await suite.roster.connect(signer).enrol(node, suite.version, OWN_STAKE);
  }
  // Weights count as they were before an order.
  await time.increase(1);
  return suite;
}

/** A job that may be audited, and what a test does with it. */
export class AuditedOffer {
  private constructor(readonly job: TestOffer) {}

  static async named(suite: Offering, changes: Partial<OptimisticOrder> = {}): Promise<AuditedOffer> {
    return new AuditedOffer(await TestOffer.request(suite, namedOrder(suite, { auditBps: ALWAYS, ...changes })));
  }

  static async open(suite: Offering, changes: Partial<OptimisticOrder> = {}): Promise<AuditedOffer> {
    return new AuditedOffer(await TestOffer.request(suite, openOrder(suite, { auditBps: ALWAYS, ...changes })));
  }

  /** A job of which every answer is sealed. */
  static of(job: TestOffer): AuditedOffer {
    return new AuditedOffer(job);
  }

  get suite(): Offering {
    return this.job.suite;
  }

  collateral(price = PRICE): bigint {
    return auditCollateralOf(this.job.fields, price);
  }

  fee(price = PRICE): bigint {
    return (price * this.job.fields.rules.feeBps) / 10_000n;
  }

  async seal(operator: Operator, outputRoot = HONEST.outputRoot, sender = operator.signer) {
    const commitment = await this.commitment(operator, outputRoot);
    return this.suite.optimistic.connect(sender).seal(this.job.packed, operator.node, commitment);
  }

  async sealAudit(operator: Operator, outputRoot = HONEST.outputRoot, sender = operator.signer) {
    const commitment = await this.commitment(operator, outputRoot);
    return this.suite.optimistic.connect(sender).sealAudit(this.job.packed, operator.node, commitment);
  }

  async reveal(operator: Operator, outputRoot = HONEST.outputRoot) {
    const { commitments, stranger } = this.suite;
    return commitments
      .connect(stranger)
      .reveal(await this.job.roundId(), operator.node, outputRoot, saltOf(operator.node));
  }

  settle(auditor?: Operator) {
    const { optimistic, stranger } = this.suite;
    return optimistic.connect(stranger).settleAudited(this.job.packed, auditor?.node ?? ZeroAddress);
  }

  async round() {
    const { round } = await this.suite.commitments.roundOf(await this.job.roundId());
    return unpackRound(round);
  }

  /** When a step of the draw begins in which every enrolled node may sit: there are two beside the job's. */
  async openSeat(step = 1): Promise<void> {
    await mine(2);
    await time.increaseTo((await this.start()) + step * this.sealPeriod);
  }

  /** Beginning of the draw's first step, unix seconds. */
  async start(): Promise<number> {
    const { rules } = this.job.fields;
    return (await this.round()).lastSealEndsAt - (Number(rules.auditSteps) + 1) * this.sealPeriod;
  }

  get sealPeriod(): number {
    return Number(this.job.fields.rules.auditSealPeriod);
  }

  /** Moves to the first second in which can be revealed. */
  async endSealing(): Promise<void> {
    await this.reach((round) => sealedUntil(round));
  }

  /** Moves to the first second in which cannot be revealed any more. */
  async endReveals(): Promise<void> {
    await this.reach((round) => sealedUntil(round) + round.revealPeriod);
  }

  /** Moves to the first second in which nothing that was revealed can be disputed any more. */
  async endWindow(): Promise<void> {
    await this.reach((round) => sealedUntil(round) + round.revealPeriod + round.windowPeriod);
  }

  /** Until when what was revealed can be disputed, unix seconds, exclusive. */
  async disputableUntil(): Promise<number> {
    const round = await this.round();
    return sealedUntil(round) + round.revealPeriod + round.windowPeriod;
  }

  private async reach(end: (round: Round) => number): Promise<void> {
    const at = end(await this.round());
    if (at > (await time.latest())) await time.increaseTo(at);
  }

  async commitment({ node }: Operator, outputRoot: string): Promise<string> {
    return sealHash({
      chainId: await chainId(),
      commitments: await this.suite.commitments.getAddress(),
      roundId: await this.job.roundId(),
      node,
      outputRoot,
      salt: saltOf(node),
    });
  }
}

/** Node and auditor have sealed; the time to reveal has come. */
export async function bothSealed(
  offer: AuditedOffer,
  [node, outputRoot]: readonly [Operator, string],
  [auditor, auditRoot]: readonly [Operator, string],
): Promise<void> {
  await offer.seal(node, outputRoot);
  await offer.openSeat();
  await offer.sealAudit(auditor, auditRoot);
  await offer.endSealing();
}

/** Both have sealed and revealed, and the time to dispute it is over. */
export async function bothRevealed(
  offer: AuditedOffer,
  node: readonly [Operator, string],
  auditor: readonly [Operator, string],
): Promise<void> {
  await bothSealed(offer, node, auditor);
  await offer.reveal(...node);
  await offer.reveal(...auditor);
  await offer.endWindow();
}

/** When sealing ends, with all the seals that there are. */
const sealedUntil = ({ sealedCount, least, sealEndsAt, lastSealEndsAt }: Round): number =>
  sealedCount < least ? lastSealEndsAt : sealEndsAt;

const saltOf = (node: string): string => id(`salt of ${node}`);
