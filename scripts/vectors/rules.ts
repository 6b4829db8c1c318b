import { ZeroHash } from "ethers";

import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { ONES, type VectorFile, wordOf } from "./samples.ts";

/** What `deploy/parameters/l1.json5` says, with a horizon of its size. */
const MAINNET = packRules({
  feeBps: 250n,
  seatFactorBps: 15_000n,
  absenceBps: 1_250n,
  noResultFeeBps: 5_000n,
  errorFeeBps: 2_000n,
  royaltyCapBps: 3_000n,
  drawnValueCap: 25_000n,
  maxSealPeriod: 3_600n,
  widenSteps: 4n,
  appealWidenSteps: 1n,
  appealSize: 15n,
  activationPeriod: 86_400n,
  revealPeriod: 14_400n,
  appealSealPeriod: 7_200n,
  appealRevealPeriod: 14_400n,
  horizonPeriod: 468_000n,
});

function describe(name: string, word: string) {
  const { horizonPeriod, ...rules } = unpackRules(word);
  return { name, word, rules, horizonPeriod };
}

export const rulesVectors: VectorFile = {
  about: "Words of JobRules with their fields; drawnValueCap in whole OPG.",
  cases: [
    describe("least", ZeroHash),
    describe("most", ONES),
    describe("a mainnet", MAINNET),
    ...Array.from({ length: 12 }, (_, i) => describe(`varied ${i}`, wordOf(`rules/${i}`))),
  ],
};
