import { ZeroAddress, ZeroHash, keccak256 } from "ethers";

import { abiEncode } from "../../packages/sdk/src/codecs/abi.ts";
import { type Lot, drawSeed, isAudited, isDrawn } from "../../packages/sdk/src/codecs/draw.ts";
import { JobState } from "../../packages/sdk/src/codecs/job.ts";
import { LAST_ACCOUNT, ONES, type VectorFile, accountOf, numberOf, wordOf } from "./samples.ts";

const SUPPLY = 10n ** 27n;
const BPS = 10_000n;

type Terms = Omit<Lot, "seed" | "node">;

const TYPICAL: Terms = { weight: 10n ** 21n, totalWeight: 10n ** 22n, quorum: 3, seatFactorBps: 15_000n, step: 0 };
/** The largest numbers that rules and orders allow. */
const MOST: Terms = { weight: SUPPLY, totalWeight: SUPPLY, quorum: 63, seatFactorBps: 30_000n, step: 6 };

function describe(name: string, blockHash: string, jobId: string, purpose: number, node: string, terms: Terms) {
  const seed = drawSeed(blockHash, jobId, purpose);
  const auditBps = Number(numberOf(`${name}/audit`, 14)) % 10_001;
  return {
    name,
    blockHash,
    jobId,
    purpose,
    seed,
    node,
    ...terms,
    drawn: isDrawn({ seed, node, ...terms }),
    auditBps,
    audited: isAudited(seed, auditBps),
  };
}

function varied(name: string, terms: Terms) {
  const node = accountOf(`${name}/node`);
  return describe(name, wordOf(`${name}/block`), wordOf(`${name}/job`), JobState.Open, node, terms);
}

/** The least weight that is drawn, and one unit less, for a node whose ticket is known. */
function edge(name: string, terms: Terms) {
  const seed = drawSeed(wordOf(`${name}/block`), wordOf(`${name}/job`), JobState.Open);
  const node = accountOf(`${name}/node`);
  const ticket = BigInt(keccak256(abiEncode(["uint128", "address"], [seed, node]))) % 2n ** 128n;
  const seatsBps = (BigInt(terms.quorum) * terms.seatFactorBps) << BigInt(terms.step);
  const least = (ticket * terms.totalWeight * BPS) / (seatsBps << 128n) + 1n;
  return [varied(name, { ...terms, weight: least }), varied(name, { ...terms, weight: least - 1n })];
}

export const drawVectors: VectorFile = {
  about:
    "Seeds of draws, whether a node is drawn by its weight, and whether an agreement is audited with this seed. Among " +
    "them, in pairs, the least weight that is drawn and one unit less.",
  cases: [
    ...Array.from({ length: 12 }, (_, i) => varied(`typical ${i}`, TYPICAL)),
    ...Array.from({ length: 5 }, (_, step) => varied("widened", { ...TYPICAL, step })),
    ...Array.from({ length: 12 }, (_, i) => {
      const totalWeight = numberOf(`edge ${i}/total`, 20 + 5 * i);
      const seatFactorBps = 12_500n + numberOf(`edge ${i}/factor`, 14);
      return edge(`edge ${i}`, { ...TYPICAL, totalWeight, quorum: 1 + (i % 15), seatFactorBps, step: i % 7 });
    }).flat(),
    varied("no weight", { ...TYPICAL, weight: 0n }),
    varied("no weight at all", { ...TYPICAL, weight: 0n, totalWeight: 0n }),
    varied("all the weight", { ...TYPICAL, weight: TYPICAL.totalWeight, quorum: 1, seatFactorBps: BPS }),
    varied("most", MOST),
    varied("one unit of the supply", { ...MOST, weight: 1n }),
    ...[JobState.Audit, JobState.Appeal, JobState.Agreed].map((purpose) =>
      describe("other purpose", wordOf("block"), wordOf("job"), purpose, accountOf("node"), TYPICAL),
    ),
    describe("least words", ZeroHash, ZeroHash, 0, ZeroAddress, TYPICAL),
    describe("most words", ONES, ONES, 255, LAST_ACCOUNT, TYPICAL),
  ],
};
