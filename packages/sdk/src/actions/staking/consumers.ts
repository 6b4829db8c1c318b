import type { Client } from "../../client.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { action } from "../action.ts";
import type { NodeParameters } from "./nodes.ts";

const { staking } = interfaces;

/** A node, and a contract that may hold it to what it states. */
export interface ConsumerParameters extends NodeParameters {
  /** A contract that locks and slashes; by default the market. */
  readonly consumer?: string;
}

/** What a node lets a consumer lock, and what that has locked. OPG, base units. */
export interface Authorisation {
  readonly cap: bigint;
  readonly locked: bigint;
}

/** What a node lets a consumer lock, and what that has locked. */
export async function getAuthorisation(client: Client, parameters: ConsumerParameters): Promise<Authorisation> {
  const { node, consumer = client.addresses.market } = parameters;
  const { cap, locked } = await explained(client.staking.authorisationOf(node, consumer));
  return { cap, locked };
}

/** Whom a node lets lock how much. */
export interface AuthoriseArguments extends NodeParameters {
  /** It can take all that it locks: read it first. */
  readonly consumer: string;
  /** OPG, base units, in all. */
  readonly cap: bigint;
}

/** Parameters of {@link authoriseConsumer}. */
export type AuthoriseConsumerParameters = ConsumerParameters & Pick<AuthoriseArguments, "cap">;

/**
 * Allows a consumer to lock a node's stake, in all up to a cap. A lower cap stops new locks; standing ones live on. Only
 * for the node's owner.
 * @throws ProtocolError `StakingNotNodeOwner`.
 */
export const authoriseConsumer = action(
  "staking",
  ({ node, consumer, cap }: AuthoriseArguments) => staking.encodeFunctionData("authorise", [node, consumer, cap]),
  {
    prepare: (client: Client, { consumer, ...given }: AuthoriseConsumerParameters) =>
      Promise.resolve({ ...given, consumer: consumer ?? client.addresses.market }),
  },
);

/** A lock on a node's stake. */
export interface LockParameters extends NodeParameters {
  readonly consumer: string;
  /** The consumer's name for what the stake answers for; of the market, the version's id. */
  readonly obligation: string;
}

/** Stake that answers for an obligation. */
export interface StakeLock {
  /** OPG, base units. */
  readonly amount: bigint;
  /** Unix seconds; from then on it answers for nothing. */
  readonly endsAt: number;
}

/** What answers for an obligation; all zero if nothing. */
export async function getLock(client: Client, { node, consumer, obligation }: LockParameters): Promise<StakeLock> {
  const { amount, endsAt } = await explained(client.staking.lockOf(node, consumer, obligation));
  return { amount, endsAt: Number(endsAt) };
}

/**
 * Clears a lock that has come to its end, so that a dead consumer holds nothing. Anyone may.
 * @throws ProtocolError `StakingLockRunning`.
 */
export const releaseLock = action("staking", ({ node, consumer, obligation }: LockParameters) =>
  staking.encodeFunctionData("release", [node, consumer, obligation]),
);
