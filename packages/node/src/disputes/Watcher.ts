import {
  challengeSeal,
  type Client,
  findEvents,
  formatOpg,
  getBond,
  getSharers,
  getStatement,
  getStatementRecord,
  type MadeStatement,
  NotFoundError,
  openWithRun,
  PayloadSide,
  refuteStatement,
  sealChallenge,
  tensorPreimage,
  type TracedRun,
  traceRootOf,
} from "@opg-protocol/sdk";
import { ZeroHash } from "ethers";

import type { Call, Head } from "../chain/Chain.ts";
import { dataOf } from "../chain/tasks.ts";
import type { Wake } from "../jobs/Schedule.ts";
import type { Journal, JournalTask } from "../journal/Journal.ts";
import { deriveSalt } from "../journal/salt.ts";
import type { Sender } from "../send/Sender.ts";
import type { Keeper } from "../tasks/Tasks.ts";
import type { Checker, Finding } from "./Checker.ts";
import { chosen } from "./chosen.ts";
import { settlementOf } from "./settlement.ts";
import { Stakes, type StakesSettings } from "./Stakes.ts";
import type { Stories } from "./Stories.ts";
import { priceOf, WithheldPayload } from "./Withheld.ts";

/** Gas that the moves after a challenge can cost: it must be affordable before one is opened. */
const PURSUIT_GAS = 1_800_000n;
/** Seconds until a thing is tried again that another look will hardly change. */
const PATIENCE = 10;

export interface WatcherModules {
  readonly client: Client;
  readonly journal: Journal;
  readonly sender: Pick<Sender, "perform">;
  readonly checker: Checker;
  readonly stories: Stories;
}

export interface WatcherSettings extends StakesSettings {
  /** Which part of the statements is checked, 0 to 1. */
  readonly share: number;
  /** From which salts and the choice of statements are derived. */
  readonly secret: Uint8Array;
}

/** Runs again what others state, and challenges what is wrong: each statement by itself, because a verdict holds for one. */
export class Watcher implements Keeper {
  private readonly stakes: Stakes;
  private readonly fetchFailed = new Set<string>();
  /** Statements that are not checked though more than half of their window is over. */
  private readonly overdue = new Set<string>();

  constructor(
    private readonly modules: WatcherModules,
    private readonly settings: WatcherSettings,
  ) {
    this.stakes = new Stakes(modules, settings);
  }

  /** In open challenges and demands, and promised to them; OPG, base units. */
  get atStake(): bigint {
    return this.stakes.total;
  }

  /** How many statements are not checked though more than half of the time to dispute them is over. */
  get late(): number {
    return this.overdue.size;
  }

  async tend(task: JournalTask, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client } = this.modules;
    if (!chosen(this.settings.secret, task.id, this.settings.share)) return "closed";
    const made = await this.find(task);
    if (made === undefined || made.disputableUntil === 0 || made.version.identity.graphRoot === ZeroHash)
      return "closed";
    const own = await this.hasChallenged(task);
    if (own) return this.afterChallenge(task, made, head);
    const { falseAt } = await getStatementRecord(client, { statementId: task.id });
    if (falseAt > 0 && (await this.isSharer(task))) return this.afterVerdict(task, made, head);
    if (falseAt > 0 || head.timestamp >= made.disputableUntil) return this.close(task);

    await this.warnIfLate(task, made, head);
    let finding: Finding;
    try {
      finding = await this.modules.checker.check(task, made, signal);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      this.modules.stories.say(task, `cannot be checked now: ${reason}`, "warn");
      return head.timestamp + PATIENCE;
    }
    switch (finding.kind) {
      case "withheld":
        return this.demand(task, made, finding, head);
      case "wrong":
        return this.challenge(task, made, finding.run, head);
      case "refutable":
        return this.refute(task, made, finding, head);
      default:
        return this.close(task);
    }
  }

  /** Somebody should look at a watcher that does not keep up, while there is time. */
  private async warnIfLate(task: JournalTask, { disputableUntil }: MadeStatement, head: Head): Promise<void> {
    if (this.overdue.has(task.id)) return;
    const { client, stories } = this.modules;
    const { timestamp: statedAt = head.timestamp } = (await client.provider.getBlock(task.blockNumber)) ?? {};
    if (2 * head.timestamp <= statedAt + disputableUntil) return;
    this.overdue.add(task.id);
    stories.say(task, `is late: ${disputableUntil - head.timestamp} seconds are left to dispute it`, "error");
  }

  private async find({ id, ...task }: JournalTask): Promise<MadeStatement | undefined> {
    try {
      return await getStatement(this.modules.client, dataOf("statement", { id, ...task }));
    } catch (error) {
      if (error instanceof NotFoundError) return undefined; // of a consumer whose orders are not known
      throw error;
    }
  }

  /** Pays for the words of a payload that cannot be had otherwise: its node must publish them, or its statement is false. */
  private async demand(
    task: JournalTask,
    made: MadeStatement,
    { side, reason }: Extract<Finding, { kind: "withheld" }>,
    head: Head,
  ): Promise<Wake> {
    const { client, stories, sender } = this.modules;
    const retryAt = head.timestamp + Math.min(PATIENCE, Math.ceil((made.disputableUntil - head.timestamp) / 8));
    if (!this.fetchFailed.has(task.id)) {
      this.fetchFailed.add(task.id);
      return retryAt; // places have bad moments
    }
    const withheld = await WithheldPayload.read(client, made, side, this.settings.account, task.blockNumber);
    const calls = withheld.calls(client);
    if (calls.length === 0) return retryAt;
    if (!(await this.stakes.promise(task, await priceOf(client, calls)))) return retryAt;
    const what = side === PayloadSide.Input ? "input" : "output";
    stories.say(task, `demands its ${what}, which cannot be had: ${reason}`);
    try {
      for (const { to, data, tensor, firstWord } of calls) {
        await sender.perform({ kind: "demand", subject: `${task.id}/${what}/${tensor}/${firstWord}`, to, data });
      }
    } catch (error) {
      stories.say(task, `cannot demand: ${error instanceof Error ? error.message : String(error)}`, "warn");
    }
    return retryAt;
  }

  /** Seals the trace, and opens the game in a later block. */
  private async challenge(task: JournalTask, made: MadeStatement, run: TracedRun, head: Head): Promise<Wake> {
    const { client, sender, stories } = this.modules;
    const { salt, commitment, sealedIn } = await this.seal(task, traceRootOf(run));
    if (sealedIn === 0) {
      const bond = await getBond(client);
      if (!(await this.stakes.promise(task, bond))) return head.timestamp + PATIENCE;
      stories.say(task, `seals a challenge; the bond is ${formatOpg(bond)} OPG`);
      const call = sealChallenge.call(client.addresses, { commitment });
      await sender.perform({ kind: "seal", subject: task.id, reserve: PURSUIT_GAS, ...call });
    } else if (head.number > sealedIn) {
      stories.say(task, "challenges");
      const call: Call = openWithRun.call(client.addresses, { statement: made.statement, run, salt });
      await sender.perform({ kind: "challenge", subject: task.id, reserve: PURSUIT_GAS, ...call });
    }
    return head.timestamp + 1;
  }

  /** Seals that the input does not go with what is stated, and shows it in a later block. Takes no bond. */
  private async refute(
    task: JournalTask,
    { statement }: MadeStatement,
    { header, inputs }: Extract<Finding, { kind: "refutable" }>,
    head: Head,
  ): Promise<Wake> {
    const { client, sender, stories } = this.modules;
    const { salt, commitment, sealedIn } = await this.seal(task, statement.inputRoot);
    if (sealedIn === 0) {
      stories.say(task, "seals a refutation");
      const call = sealChallenge.call(client.addresses, { commitment });
      await sender.perform({ kind: "seal", subject: task.id, ...call });
    } else if (head.number > sealedIn) {
      stories.say(task, "refutes");
      const preimages = { statement, header, inputs: inputs.map(tensorPreimage), salt };
      const call = refuteStatement.call(client.addresses, preimages);
      await sender.perform({ kind: "refute", subject: task.id, ...call });
    }
    return head.timestamp + 1;
  }

  /** The seal of what is to be shown, and the block in which it was put down; zero if it was not. */
  private async seal({ id: statementId }: JournalTask, shown: string) {
    const { client } = this.modules;
    const { account: challenger, secret } = this.settings;
    const salt = deriveSalt(secret, `challenge/${statementId}`);
    const place = { chainId: client.chainId, disputes: client.addresses.disputes };
    const commitment = challengeSeal(place, { challenger, statementId, shown, salt });
    return { salt, commitment, sealedIn: Number(await client.disputes.sealedInBlock(commitment)) };
  }

  private async hasChallenged(task: JournalTask): Promise<boolean> {
    const { client } = this.modules;
    const opened = await findEvents(client, "disputes", "Challenged", [task.id], task.blockNumber);
    return opened.some(({ args }) => args.game.challenger === this.settings.account);
  }

  private async isSharer(task: JournalTask): Promise<boolean> {
    const { challengers } = await getSharers(this.modules.client, { statementId: task.id });
    return challengers.includes(this.settings.account);
  }

  /** An own game is open, or over. */
  private async afterChallenge(task: JournalTask, made: MadeStatement, head: Head): Promise<Wake> {
    this.stakes.release(task.id);
    this.overdue.delete(task.id);
    const { falseAt, underWay } = await getStatementRecord(this.modules.client, { statementId: task.id });
    if (falseAt === 0) return underWay === 0 ? this.close(task) : "never";
    return this.afterVerdict(task, made, head);
  }

  /** When nobody can join any more, has the liar slashed and the reward paid, if nobody has. */
  private async afterVerdict(task: JournalTask, { statement }: MadeStatement, head: Head): Promise<Wake> {
    const { client, sender, stories } = this.modules;
    stories.show(task, { statementId: task.id, role: "watcher", node: statement.node, state: "False" });
    const { finalAt } = await getSharers(client, { statementId: task.id });
    if (head.timestamp < finalAt) return finalAt;
    const call = await settlementOf(client, statement);
    if (call === "done") return this.close(task);
    if (call === "waits") return head.timestamp + PATIENCE;
    stories.say(task, "settles its job: the liar is slashed, and the reward paid");
    await sender.perform({ kind: "settle", subject: statement.jobId, ...call });
    return head.timestamp + 1;
  }

  private close({ id }: JournalTask): Wake {
    this.modules.checker.forget(id);
    this.stakes.release(id);
    this.fetchFailed.delete(id);
    this.overdue.delete(id);
    return "closed";
  }
}
