import { expect } from "chai";
import { AbiCoder, keccak256, type TransactionReceipt } from "ethers";

import { taggedHash } from "../../packages/sdk/src/codecs/abi.ts";
import type { PackedReveal, PackedSeal } from "../../packages/sdk/src/codecs/commitment.ts";
import type { ResultCommitments } from "../../typechain-types/index.ts";

/** The highest byte of the word of a packed round. */
export const PACKED = 1n << 248n;

/** What a packed round's hash is of. */
export interface Pack {
  readonly roundId: string;
  /** As `RoundOpened` has it. */
  readonly round: bigint;
  readonly seals: readonly PackedSeal[];
}

/** The pack that a transaction made, by its events. */
export function packIn({ interface: events }: ResultCommitments, receipt: TransactionReceipt | null): Pack {
  const logs = (receipt?.logs ?? []).map((log) => events.parseLog(log));
  const opened = logs.find((log) => log?.name === "RoundOpened");
  if (!opened) throw new Error("The transaction opened no round");
  const seals = logs.flatMap((log) =>
    log?.name === "ResultSealed" ? [{ node: log.args.node as string, commitment: log.args.commitment as string }] : [],
  );
  return { roundId: opened.args.roundId as string, round: opened.args.terms as bigint, seals };
}

/** What the slot of a packed round keeps. */
export function packWord({ roundId, round, seals }: Pack): bigint {
  const next = (packed: string, { node, commitment }: PackedSeal) =>
    keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "address", "bytes32"], [packed, node, commitment]));
  const hash = seals.reduce(next, taggedHash("OPG/pack", ["bytes32", "uint256"], [roundId, round]));
  return (BigInt(hash) >> 8n) | PACKED;
}

/** What shows every seal of a pack. */
export const saltsOf = ({ seals }: Pack, salt: string): PackedReveal[] => seals.map(({ node }) => ({ node, salt }));

/** The round's slot keeps the hash of exactly this. */
export async function expectPacked(commitments: ResultCommitments, pack: Pack): Promise<void> {
  const { roundId, round } = pack;
  await expect(commitments.unpack.staticCall(roundId, round, []))
    .to.be.revertedWithCustomError(commitments, "CommitmentsOtherPack")
    .withArgs(roundId, packWord({ roundId, round, seals: [] }), packWord(pack));
}
