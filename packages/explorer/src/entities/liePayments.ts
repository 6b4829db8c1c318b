/** What false answers have cost the nodes that gave them, and who got it. */
import type { EventIndex, TimedEvent, TimedEventNamed } from "../history/EventIndex.ts";

/** How one false answer was paid for. OPG, base units. */
export interface LiePayment {
  /** All that the node lost. */
  readonly slashed: bigint;
  /** Escrow that went back to the requester. */
  readonly refund: bigint;
  /** To the requester beyond that. */
  readonly compensation: bigint;
  /** Waits for a second node. */
  readonly prize: bigint;
  readonly challengers: readonly string[];
  /** To each challenger. */
  readonly share: bigint;
  readonly burned: bigint;
  /** Unix seconds. */
  readonly at: number;
  readonly tx: string;
}

/** How the false answer of a node about a job or session was paid for; undefined as long as it was not. */
export function liePaymentOf(index: EventIndex, subjectId: string, node: string): LiePayment | undefined {
  for (const event of index.about(subjectId)) {
    if (event.name !== "LiePaid" && event.name !== "SessionFalsified") continue;
    if (event.args.node === node) return paymentIn(index, event);
  }
  return undefined;
}

type PayingEvent = TimedEventNamed<"LiePaid" | "SessionFalsified">;

function paymentIn(index: EventIndex, event: PayingEvent): LiePayment {
  const { transactionHash: tx, timestamp: at, logIndex } = event;
  const beside = index.inTransaction(tx);
  const terms = event.name === "LiePaid" ? ofJob(event, beside) : ofSession(event);
  // One transaction can settle several jobs: the slash comes before its payment, the end of the job after it.
  const slash = beside
    .filter((other) => other.name === "NodeSlashed")
    .findLast((other) => other.logIndex < logIndex && other.args.node === event.args.node);
  const slashed = slash === undefined ? 0n : slash.args.own + slash.args.delegated;
  const { compensation, prize, share, challengers } = terms;
  const kept = compensation + prize + share * BigInt(challengers.length);
  return { ...terms, slashed, burned: slashed > kept ? slashed - kept : 0n, at, tx };
}

type Terms = Omit<LiePayment, "slashed" | "burned" | "at" | "tx">;

function ofJob({ args, logIndex }: TimedEventNamed<"LiePaid">, beside: readonly TimedEvent[]): Terms {
  const { jobId, compensation, challengers, share } = args;
  // Its own alone: whoever settles a job can end another one in the same transaction.
  const end = beside
    .filter((other) => other.name === "JobReopened" || other.name === "JobClosed")
    .find((other) => other.args.jobId === jobId && other.logIndex > logIndex);
  const refund = end?.args.refund ?? 0n;
  const prize = end?.name === "JobReopened" ? end.args.prize : 0n;
  return { compensation, challengers, share, refund, prize };
}

function ofSession({ args }: TimedEventNamed<"SessionFalsified">): Terms {
  const { refund, compensation, reporters: challengers, reward: share } = args;
  return { refund, compensation, challengers, share, prize: 0n };
}
