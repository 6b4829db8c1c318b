import type { OptimisticJob, OptimisticRecord, PackedOptimisticJob } from "@opg-protocol/sdk";

/** A job for one node, and where it stands. */
export interface Offered {
  readonly jobId: string;
  readonly packed: PackedOptimisticJob;
  readonly job: OptimisticJob;
  readonly input: Uint8Array;
  readonly blockNumber: number;
  readonly record: OptimisticRecord;
  /** Of the running attempt. */
  readonly roundId: string;
}
