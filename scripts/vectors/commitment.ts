import { Signature, SigningKey, ZeroHash, computeAddress, id } from "ethers";

import { roundId, sealDigest, sealHash, statementId } from "../../packages/sdk/src/codecs/commitment.ts";
import { unpackRound } from "../../packages/sdk/src/codecs/round.ts";
import { LAST_ACCOUNT, ONES, type VectorFile, accountOf, numberOf, wordOf } from "./samples.ts";

interface Parts {
  readonly chainId: bigint;
  readonly attempt: number;
  /** Gives every field of a kind its value. */
  readonly word: (field: string) => string;
  readonly account: (field: string) => string;
}

function describe(name: string, { chainId, attempt, word, account }: Parts) {
  const commitments = account("commitments");
  const key = {
    chainId,
    commitments,
    consumer: account("consumer"),
    jobId: word("job"),
    attempt,
    versionId: word("version"),
    inputRoot: word("input"),
  };
  const round = roundId(key);
  const node = account("node");
  const outputRoot = word("output");
  // A salt of zero is refused, so the smallest is one.
  const salt = word("salt") === ZeroHash ? `${ZeroHash.slice(0, -1)}1` : word("salt");
  const seal = sealHash({ chainId, commitments, roundId: round, node, outputRoot, salt });
  const digest = sealDigest({ chainId, commitments, roundId: round, node, commitment: seal });
  const signer = new SigningKey(id(`${name}/signer`));
  const { r, yParityAndS } = Signature.from(signer.sign(digest));
  return {
    name,
    ...key,
    roundId: round,
    node,
    outputRoot,
    salt,
    seal,
    signer: computeAddress(signer),
    digest,
    r,
    vs: yParityAndS,
    statementId: statementId(round, node, outputRoot),
    round: { word: word("round"), ...unpackRound(BigInt(word("round"))) },
  };
}

const varied = (name: string, chainId: bigint, attempt: number) =>
  describe(name, {
    chainId,
    attempt,
    word: (field) => wordOf(`${name}/${field}`),
    account: (field) => accountOf(`${name}/${field}`),
  });

export const commitmentVectors: VectorFile = {
  about:
    "Ids of rounds, seals and statements on a chain, and signatures of seals, with `commitments` as the address of ResultCommitments; and, " +
    "unrelated to them, words of round slots with their fields.",
  cases: [
    varied("first draw", 31_337n, 0),
    varied("audit", 1n, 1),
    varied("appeal", 10n, 2),
    ...[0, 1, 2, 3].map((i) => varied(`varied ${i}`, numberOf(`chain ${i}`, 48), i)),
    // One account in all roles, and none of a few bits: readers put code at it, and there are precompiles.
    describe("least", { chainId: 1n, attempt: 0, word: () => ZeroHash, account: () => accountOf("least") }),
    describe("most", {
      chainId: 2n ** 63n - 1n,
      attempt: Number.MAX_SAFE_INTEGER,
      word: () => ONES,
      account: () => LAST_ACCOUNT,
    }),
  ],
};
