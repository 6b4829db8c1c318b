import { dataSlice } from "ethers";

import { actionOf } from "./actions.ts";
import type { Chain } from "./Chain.ts";
import { Refusal } from "./Refusal.ts";
import { Retelling, type ToldLog } from "./retelling/Retelling.ts";
import { type Call, type Kind, printStep, type Step } from "./steps.ts";
import { ERRORS, INTERFACES, type View, Views } from "./views.ts";
import type { World } from "./World.ts";

/** What gives something its number. */
const MAKERS: ReadonlySet<Kind> = new Set(["request", "requestOffer", "requestFor", "open", "openSigned"]);

/** Contracts and model have done different things. */
class Mismatch extends Error {
  constructor(
    readonly step: Step,
    what: string,
    contracts: string,
    model: string,
  ) {
    super(`${printStep(step)}\n  ${what}\n  contracts: ${contracts}\n  model:     ${model}`);
    this.name = "Mismatch";
  }
}

/** Takes the same steps on the contracts and in the model, and compares. */
export class Duel {
  private readonly views: Views;

  constructor(
    readonly world: World,
    readonly chain: Chain,
  ) {
    this.views = new Views(world);
  }

  /** Takes one step and compares what it did and what it can have touched. */
  async take(step: Step): Promise<void> {
    const { call, from } = step;
    if (!this.isPossible(call)) return;

    await this.passTime(step);
    this.world.reports.length = 0;
    const { isPaused } = this.world.guardian;
    const action = actionOf(call);
    const args = action.args(this.world, call, from);
    const contract = typeof action.contract === "string" ? action.contract : action.contract(call);
    const data = INTERFACES[contract].encodeFunctionData(action.method, [...args]);
    const refusal = this.runModel(() => {
      action.run(this.world, call, from);
    });
    const sent = await this.chain.send(from, contract, data);
    this.compareEnds(step, sent.revert, refusal);
    if (action.reports !== undefined && sent.hash !== undefined)
      await this.compareReports(step, sent.hash, action.reports);
    this.world.clock.block += 1;
    await this.learnHashes();
    const ended = refusal === undefined ? call.kind : `${call.kind}: ${refusal.error}`;
    this.world.note(ended);
    if (isPaused) this.world.note(`while paused, ${ended}`);
    await this.compare(step, action.touched(this.views, this.world, call, from));
  }

  /** Compares the whole state, and with what the contracts hold what the model says that they owe. */
  async compareAll(step: Step): Promise<void> {
    await this.compare(step, this.views.everything());
    const surpluses = this.world.surpluses();
    if (surpluses.some((surplus) => surplus !== 0n)) {
      throw new Mismatch(
        step,
        "contracts hold what nobody is owed, or not what the supply says",
        "",
        surpluses.join(" "),
      );
    }
  }

  /** Compares the whole state once more, and what getters give with what all events so far come to. */
  async compareEnd(step: Step): Promise<void> {
    await this.compareAll(step);
    await this.compareRetold(step, await this.chain.logs());
  }

  /** Compares what getters give with what they give if these events tell everything. */
  async compareRetold(step: Step, logs: readonly ToldLog[]): Promise<void> {
    const retelling = this.newRetelling();
    for (const log of logs) retelling.hear(log);
    await this.compare(step, retelling.answers(this.world.clock.now));
  }

  newRetelling(): Retelling {
    const { addresses, market } = this.world;
    return new Retelling({ staking: addresses.staking, seedDelayPeriod: market.constants.seedDelayPeriod });
  }

  /** Whether all is there that a step speaks of: where others were left out, it may not be. */
  private isPossible(call: Call): boolean {
    const { jobs, offers, schedules, sessions, games } = this.world;
    const has = (all: ReadonlyMap<number, unknown>, number: number) => MAKERS.has(call.kind) || all.has(number);
    if ("job" in call) return has(jobs, call.job);
    if ("offer" in call) return has(offers, call.offer);
    if ("schedule" in call) return call.kind === "createSchedule" || schedules.has(call.schedule);
    if ("voucher" in call) return sessions.has(call.voucher.session);
    if ("vouchers" in call) return call.vouchers.every(({ session }) => sessions.has(session));
    if ("session" in call) return has(sessions, call.session);
    if ("game" in call) return games.has(call.game);
    return true;
  }

  private async passTime(step: Step): Promise<void> {
    const { clock } = this.world;
    const baseFee = step.baseFee ?? 1n;
    if (baseFee !== 1n || clock.baseFee !== 1n) await this.chain.setBaseFee(baseFee);
    clock.baseFee = baseFee;
    clock.now += step.seconds;
    clock.block += step.blocks;
    await this.chain.passTime(step.blocks, clock.now);
    await this.learnHashes();
  }

  private async learnHashes(): Promise<void> {
    const { clock } = this.world;
    for (const block of clock.mined()) clock.learn(block, await this.chain.hashOf(block));
  }

  private runModel(run: () => void): Refusal | undefined {
    try {
      run();
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private compareEnds(step: Step, revert: string | undefined, refusal: Refusal | undefined): void {
    const expected = refusal && ERRORS.encodeErrorResult(refusal.error, [...refusal.args]);
    if (revert === expected) return;
    throw new Mismatch(step, "ended differently", describeRevert(revert), refusal?.message ?? "done");
  }

  /** Events that say what was left out are the model's, and no others. */
  private async compareReports(step: Step, hash: string, events: readonly string[]): Promise<void> {
    const given = await this.chain.logsOf(hash, events);
    const wanted = this.world.reports.map(({ contract, event, args }) =>
      INTERFACES[contract].encodeEventLog(event, [...args]),
    );
    const asText = (logs: readonly { readonly data: string; readonly topics: readonly string[] }[]) =>
      logs.map(({ topics, data }) => [...topics, data].join(" ")).join("\n    ");
    if (asText(given) === asText(wanted)) return;
    throw new Mismatch(step, events.join(), asText(given), asText(wanted));
  }

  private async compare(step: Step, views: readonly View[]): Promise<void> {
    const answers = await Promise.all(
      views.map(({ contract, method, args }) => this.chain.view(contract, method, args)),
    );
    for (const [i, { contract, method, args, expected }] of views.entries()) {
      const given = answers[i] ?? "0x";
      if (given === expected) continue;
      const what = `${contract}.${method}(${args.join(", ")})`;
      throw new Mismatch(step, what, describeAnswer(given), describeAnswer(expected));
    }
  }
}

function describeRevert(data: string | undefined): string {
  if (data === undefined) return "done";
  const error = data.length < 10 ? null : ERRORS.parseError(data);
  return error === null ? `reverted with ${data}` : `${error.name}(${error.args.join(", ")})`;
}

/** Words, or the error where there are none. */
function describeAnswer(data: string): string {
  const count = (data.length - 2) / 64;
  if (!Number.isInteger(count)) return describeRevert(data);
  return Array.from({ length: count }, (_, i) => BigInt(dataSlice(data, i * 32, (i + 1) * 32))).join(" ");
}
