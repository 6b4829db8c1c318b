import { decodeOrder } from "../codecs/encodedOrder.ts";
import type { PackedJob } from "../codecs/job.ts";
import { type Link, type PackedLink, unpackLink } from "../codecs/link.ts";
import type { PackedOptimisticJob } from "../codecs/optimisticJob.ts";
import type { EventNamed } from "../events.ts";

/** A link as its owner made it. */
export interface CreatedLink {
  readonly linkId: string;
  /** As every call on the link takes it. */
  readonly packed: PackedLink;
  /** The same, readable. */
  readonly link: Link;
  /** What is ordered next; one with a `node` goes to the market where one node answers. */
  readonly order: PackedJob | PackedOptimisticJob;
  readonly transactionHash: string;
}

/** The link that an event carries. */
export function createdLink({ args, transactionHash }: EventNamed<"LinkCreated">): CreatedLink {
  return {
    linkId: args.linkId,
    packed: args.link,
    link: unpackLink(args.link),
    order: decodeOrder(args.order),
    transactionHash,
  };
}
