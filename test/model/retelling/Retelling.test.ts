import { expect } from "chai";
import { FunctionFragment } from "ethers";
import { network } from "hardhat";

import { loadFixture } from "../../support/network.ts";
import { arena, duel } from "../arena.ts";
import { playEpisode } from "../campaign.ts";
import type { Duel } from "../Duel.ts";
import type { Step } from "../steps.ts";
import { INTERFACES } from "../views.ts";
import { type Retelling, TOLD, type ToldLog } from "./Retelling.ts";
import { unanswered } from "./untold.ts";

const STEPS = 1_000;
/** What is reached follows from the hashes of blocks, and so from the bytes of the contracts: where one seed lacks something the next is tried. */
const SEEDS = [10, 11, 12, 13, 14, 15];

/** They say that something was left out, or failed and can be tried again. */
const WITHOUT_CHANGE = ["commitments.RevealSkipped", "market.DeliveryFailed", "sessions.VoucherRefused"];
/** In so few steps they may take nothing, as nothing was earned. */
const EMPTY = ["staking.EarningsWithdrawn", "sessions.EarningsClaimed"];

const nameOf = ({ contract, topics, data }: ToldLog) =>
  `${contract}.${INTERFACES[contract].parseLog({ topics, data })?.name ?? ""}`;

/** What the whole suite has told in random steps. */
interface Episode {
  readonly played: Duel;
  readonly logs: readonly ToldLog[];
  readonly answersOf: (retelling: Retelling) => ReturnType<Retelling["answers"]>;
}

async function episode(seed: number) {
  const { provider } = await network.getOrCreate();
  const played = await playEpisode(async () => duel(await loadFixture(arena), provider), seed, STEPS);
  const { cast, clock } = played.world;
  const logs = (await played.chain.logs()).filter(({ contract }) => TOLD.some((told) => told === contract));
  const last: Step = { from: cast.stranger, call: { kind: "pause" }, seconds: 0, blocks: 0 };
  const answersOf = (retelling: Retelling) => retelling.answers(clock.now);
  const given: Episode = { played, logs, answersOf };
  return { ...given, last, missing: missing(given), unnoticed: unnoticed(given) };
}

/** The first that lacks nothing, or the last. */
async function fullEpisode() {
  const [first = 0, ...others] = SEEDS;
  let given = await episode(first);
  for (const seed of others) {
    if (given.missing.length + given.unnoticed.length === 0) break;
    given = await episode(seed);
  }
  return given;
}

/** Getters for which nothing answers. */
function missing({ played, logs, answersOf }: Episode): readonly string[] {
  const retelling = played.newRetelling();
  for (const log of logs) retelling.hear(log);
  const answered = new Set(answersOf(retelling).map(({ contract, method }) => `${contract}.${method}`));
  return TOLD.flatMap((contract) =>
    INTERFACES[contract].fragments
      .filter((fragment) => FunctionFragment.isFragment(fragment))
      .filter(({ constant, name }) => constant && !unanswered(contract).includes(name))
      .map(({ name }) => `${contract}.${name}`)
      .filter((getter) => !answered.has(getter)),
  );
}

/** Kinds of events after none of which the state told is another than before. */
function unnoticed({ played, logs, answersOf }: Episode): readonly string[] {
  const noticed = new Set([...WITHOUT_CHANGE, ...EMPTY]);
  const retelling = played.newRetelling();
  const print = () => JSON.stringify(answersOf(retelling));
  for (const log of logs) {
    const isAwaited = !noticed.has(nameOf(log));
    const before = isAwaited ? print() : "";
    retelling.hear(log);
    if (isAwaited && print() !== before) noticed.add(nameOf(log));
  }
  return [...new Set(logs.map(nameOf))].filter((kind) => !noticed.has(kind));
}

describe("Retelling", function () {
  this.timeout(0);
  const given = () => loadFixture(fullEpisode);

  context("given all events of random steps", () => {
    it("answers for every getter, but for those that have a reason [I29]", async () => {
      expect((await given()).missing).to.deep.equal([]);
    });

    it("tells another state after each kind of event than before, but for those that change none [I29]", async () => {
      expect((await given()).unnoticed).to.deep.equal([]);
    });

    for (const kind of ["token.Transfer", "staking.NodeSlashed", "market.JobSettled", "commitments.ResultRevealed"]) {
      it(`differs from what getters say when the last ${kind} is left out [I29]`, async () => {
        const { played, logs, last } = await given();
        const dropped = logs.findLastIndex((log) => nameOf(log) === kind);
        const others = logs.filter((_, i) => i !== dropped);
        const ended = await played.compareRetold(last, others).then(() => "the same", String);
        expect(ended).to.contain("contracts:");
      });
    }
  });

  context("given an event of which nothing is known", () => {
    it("refuses it [I29]", async () => {
      const { played, last } = await given();
      const log = INTERFACES.market.encodeEventLog("LiePaid", [SOME_JOB, last.from, 0n, [], 0n]);
      const told: ToldLog = { contract: "market", ...log, at: { time: 0, block: 0 } };
      expect(() => {
        played.newRetelling().hear(told);
      }).to.throw("market has told LiePaid");
    });
  });
});

const SOME_JOB = `0x${"01".repeat(32)}`;
