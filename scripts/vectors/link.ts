import { parseEther, ZeroHash } from "ethers";

import { encodeOrder } from "../../packages/sdk/src/codecs/encodedOrder.ts";
import { packOrder } from "../../packages/sdk/src/codecs/job.ts";
import { linkId, linkNonceOf, packLink, type PackedLink, unpackLink } from "../../packages/sdk/src/codecs/link.ts";
import { packOptimisticOrder } from "../../packages/sdk/src/codecs/optimisticJob.ts";
import { accountOf, LAST_ACCOUNT, numberOf, ONES, type VectorFile, wordOf } from "./samples.ts";

const DRAWN = packOrder({
  requester: accountOf("owner"),
  versionId: wordOf("version"),
  inputRoot: ZeroHash,
  seatPrice: parseEther("0.25"),
  quorum: 3,
  collateralFactor: 32,
  sealPeriod: 300,
});
const NAMED = packOptimisticOrder({
  requester: accountOf("owner"),
  versionId: wordOf("version"),
  inputRoot: ZeroHash,
  price: parseEther("0.25"),
  node: accountOf("node"),
  answerPeriod: 3_600,
  windowPeriod: 129_600,
});
const TERMS = {
  owner: accountOf("owner"),
  reward: parseEther("3"),
  source: accountOf("market"),
  mostCost: parseEther("12"),
  first: wordOf("first job"),
  expiresAt: 1_800_000_000,
};
const LEAST = { owner: ZeroHash, source: ZeroHash, first: ZeroHash, orderHash: ZeroHash, expiresAt: 0n };
const MOST = { owner: ONES, source: ONES, first: ONES, orderHash: ONES, expiresAt: BigInt(ONES) };

function describe(name: string, chainId: bigint, jobChain: string, link: PackedLink, order = "0x") {
  const { owner, reward, source: market, mostCost } = unpackLink(link);
  const id = linkId(chainId, jobChain, link);
  const fields = { owner, reward, market, mostCost };
  return { name, chainId, jobChain, link, fields, linkId: id, nonce: linkNonceOf(id), order };
}

const jobChain = accountOf("jobChain");
const chainId = 31_337n;

export const linkVectors: VectorFile = {
  about:
    "Links as they travel, with their fields, their ids on a chain where JobChain is at `jobChain`, and the nonce of what " +
    "they order. `order` is what the link's hash is of, or empty.",
  cases: [
    describe("of a drawn job", chainId, jobChain, packLink(TERMS, DRAWN), encodeOrder(DRAWN)),
    describe("of a job of one node", chainId, jobChain, packLink(TERMS, NAMED), encodeOrder(NAMED)),
    describe("least words", chainId, jobChain, LEAST),
    describe("most words", 1n, LAST_ACCOUNT, MOST),
    ...Array.from({ length: 6 }, (_, i) => {
      const label = `link ${i}`;
      const word = (field: string) => wordOf(`${label}/${field}`);
      const link = {
        owner: word("owner"),
        source: word("source"),
        first: word("first"),
        orderHash: word("order"),
        expiresAt: numberOf(`${label}/expiresAt`, 40),
      };
      return describe(label, numberOf(`${label}/chain`, 32), accountOf(`${label}/jobChain`), link);
    }),
  ],
};
