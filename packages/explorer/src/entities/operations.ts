import type { EventIndex } from "../history/EventIndex.ts";
import type { Happened, ProposedCall } from "./proposals.ts";

/** What waits in the timelock, or has waited there. */
export interface TimelockOperation {
  readonly id: string;
  readonly calls: readonly ProposedCall[];
  readonly scheduled: Happened;
  /** Unix seconds. */
  readonly executableAt: number;
  readonly executed: Happened | undefined;
  readonly cancelled: Happened | undefined;
  /** The proposal that has put it there, decimal; the timelock itself takes orders of the governor alone. */
  readonly proposalId: string | undefined;
}

/** All operations of the timelock, newest first. */
export function operationsOf(index: EventIndex): readonly TimelockOperation[] {
  const scheduled = Map.groupBy(index.named("CallScheduled"), ({ args }) => args.id);
  const executed = new Map(index.named("CallExecuted").map((event) => [event.args.id, happened(event)]));
  const cancelled = new Map(index.named("Cancelled").map((event) => [event.args.id, happened(event)]));
  return [...scheduled]
    .flatMap(([id, calls]) => {
      const [first] = calls;
      if (first === undefined) return [];
      const queued = index.inTransaction(first.transactionHash).find(({ name }) => name === "ProposalQueued");
      return {
        id,
        calls: calls.map(({ args }) => ({ to: args.target, data: args.data, value: args.value })),
        scheduled: happened(first),
        executableAt: first.timestamp + Number(first.args.delay),
        executed: executed.get(id),
        cancelled: cancelled.get(id),
        proposalId: queued?.name === "ProposalQueued" ? String(queued.args.proposalId) : undefined,
      };
    })
    .reverse();
}

/** Those that are neither done nor cancelled. */
export const waitingOperations = (index: EventIndex): readonly TimelockOperation[] =>
  operationsOf(index).filter(({ executed, cancelled }) => executed === undefined && cancelled === undefined);

const happened = (event: { readonly timestamp: number; readonly transactionHash: string }): Happened => ({
  at: event.timestamp,
  tx: event.transactionHash,
});
