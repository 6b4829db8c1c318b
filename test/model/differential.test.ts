import { expect } from "chai";
import { network } from "hardhat";

import { hasProbes, loadFixture } from "../support/network.ts";
import { arena, duel } from "./arena.ts";
import { describeFailure, EpisodeFailure, playEpisode, shrink } from "./campaign.ts";
import { missing } from "./coverage.ts";

/**
 * Random steps. `STEPS=2000 SEED=7` takes fewer, or repeats a failure. CI takes 100,000 more in a process of their own
 * (`npm run test:campaign`). Which lines they touch is clear after 15,000; what the rest finds does
 * not need probes.
 */
const STEPS = Number(process.env.STEPS ?? (hasProbes ? 15_000 : 10_000));
const SEED = Number(process.env.SEED ?? 1);
/** What is reached follows from the hashes of blocks, and so from the bytes of the contracts: for what lacks it plays on, so far. */
const MOST_STEPS = 4 * STEPS;
/** Of one episode, which begins on a fresh deployment with the next seed. */
const EPISODE_STEPS = Math.min(5_000, STEPS);
const SHRINK_MILLISECONDS = 180_000;

describe("The protocol and its model", function () {
  this.timeout(0);

  it(`do the same, in ${STEPS} random steps [I02 I03 I06 I07 I09 I12 I14 I15 I21 I24 I25 I26 I27 I29 I35 I36 I39 I43 T102 T104 T107 T118 T160 T172]`, async () => {
    const { provider } = await network.getOrCreate();
    const newDuel = async () => duel(await loadFixture(arena), provider);
    const seen = new Map<string, number>();
    const goesOn = (taken: number) => taken < STEPS || (taken < MOST_STEPS && missing(seen, STEPS).length > 0);
    for (let taken = 0, seed = SEED; goesOn(taken); taken += EPISODE_STEPS, seed++) {
      try {
        const { world } = await playEpisode(newDuel, seed, EPISODE_STEPS);
        for (const [what, times] of world.seen) seen.set(what, (seen.get(what) ?? 0) + times);
      } catch (error) {
        if (!(error instanceof EpisodeFailure)) throw error;
        expect.fail(describeFailure(await shrink(newDuel, error, SHRINK_MILLISECONDS)));
      }
    }
    expect(missing(seen, STEPS)).to.deep.equal([]);
  });
});
