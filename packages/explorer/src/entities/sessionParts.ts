/** What belongs to sessions besides themselves: keys, batches. */
import type { EventIndex, TimedEventNamed } from "../history/EventIndex.ts";
import { folded } from "./folded.ts";
import { sameId } from "./sameId.ts";

/** What a payer lets a key do. Amounts in base units of OPG, times in unix seconds. */
export interface KeyGrantView {
  readonly payer: string;
  readonly key: string;
  /** What it could spend when it was granted, and what is left of that. */
  readonly limit: bigint;
  readonly left: bigint;
  readonly expiresAt: number;
  /** Of the list of versions; undefined: any. */
  readonly versionsRoot: string | undefined;
  readonly tx: string;
  readonly isRevoked: boolean;
}

/** The last grant of each key of each payer, newest first. */
export const keyGrantsOf = folded((index: EventIndex): readonly KeyGrantView[] => {
  const grants = new Map<string, KeyGrantView>();
  for (const event of index.named("KeyGranted", "KeySpent")) {
    const name = `${event.args.payer} ${event.args.key}`;
    if (event.name === "KeyGranted") {
      grants.delete(name);
      grants.set(name, grantOf(event));
    } else {
      const grant = grants.get(name);
      if (grant !== undefined) grants.set(name, { ...grant, left: event.args.left });
    }
  }
  return [...grants.values()].reverse();
});

function grantOf({ args, transactionHash }: TimedEventNamed<"KeyGranted">): KeyGrantView {
  const { payer, key, limit, expiresAt, versionsRoot } = args;
  return {
    payer,
    key,
    limit,
    left: limit,
    expiresAt: Number(expiresAt),
    versionsRoot: BigInt(versionsRoot) === 0n ? undefined : versionsRoot,
    tx: transactionHash,
    isRevoked: limit === 0n && Number(expiresAt) === 0,
  };
}

/** Statements that an account has made at once. */
export interface BatchView {
  readonly batchId: string;
  readonly poster: string;
  readonly count: bigint;
  /** Where the leaves can be read; foreign text. */
  readonly uri: string;
  readonly postedAt: number;
  readonly tx: string;
}

/** All batches, newest first. */
export const batchesOf = folded((index: EventIndex): readonly BatchView[] =>
  index
    .named("BatchPosted")
    .map(({ args: { batchId, poster, count, uri }, timestamp, transactionHash }) => ({
      batchId,
      poster,
      count,
      uri,
      postedAt: timestamp,
      tx: transactionHash,
    }))
    .reverse(),
);

/** The batches that signers of a node have posted since a time (unix seconds), newest first: receipts of its sessions may be in them. */
export function batchesOfNode(index: EventIndex, node: string, since: number): readonly BatchView[] {
  const signers = new Set(
    index
      .about(node)
      .filter((event) => event.name === "SignerActivated")
      .filter(({ args }) => sameId(args.node, node))
      .map(({ args }) => args.signer.toLowerCase()),
  );
  return batchesOf(index).filter(({ poster, postedAt }) => postedAt >= since && signers.has(poster.toLowerCase()));
}
