import type { EventNamed } from "../events.ts";

/** A link that was followed. Amounts in base units of OPG. */
export interface FollowedLink {
  readonly linkId: string;
  /** What it has ordered. */
  readonly jobId: string;
  readonly follower: string;
  /** Root of the first job's output, which is the input of what was ordered. */
  readonly outputRoot: string;
  /** The order's escrow. */
  readonly cost: bigint;
  /** What the follower got. */
  readonly reward: bigint;
  readonly transactionHash: string;
}

/** The link that an event tells of. */
export function followedLink({ args, transactionHash }: EventNamed<"LinkFollowed">): FollowedLink {
  const { linkId, jobId, follower, outputRoot, cost, reward } = args;
  return { linkId, jobId, follower, outputRoot, cost, reward, transactionHash };
}
