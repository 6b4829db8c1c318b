import { type Client, formatOpg, getBondBalance } from "@opg-protocol/sdk";

import { dataOf } from "../chain/tasks.ts";
import type { Journal, JournalTask } from "../journal/Journal.ts";
import type { Stories } from "./Stories.ts";

export interface StakesModules {
  readonly client: Client;
  readonly journal: Pick<Journal, "openTasks">;
  readonly stories: Pick<Stories, "say">;
}

export interface StakesSettings {
  /** Who lays it down. */
  readonly account: string;
  /** Most OPG that may be at stake in open challenges and demands. */
  readonly openBonds: bigint;
}

/** What an account has at stake in others' statements, and whether there is room for more. OPG, base units. */
export class Stakes {
  /** By statement, all that challenges and demands on their way will have laid down. */
  private readonly promised = new Map<string, bigint>();

  constructor(
    private readonly modules: StakesModules,
    private readonly settings: StakesSettings,
  ) {}

  /**
   * Promises a statement so much more than is laid down for it, instead of what it was promised before, if budget and balance
   * have room. Says what is missing.
   */
  async promise(task: JournalTask, amount: bigint): Promise<boolean> {
    const { client, stories } = this.modules;
    const { account, openBonds } = this.settings;
    const balance = await getBondBalance(client, { account });
    // From here on nothing waits: of two statements that look at the same time one comes first.
    this.release(task.id);
    const laid = this.laid();
    const owed = this.owed(laid);
    const atStake = sumOf(laid.values()) + owed;
    if (atStake + amount > openBonds) {
      const [used, most] = [formatOpg(atStake), formatOpg(openBonds)];
      stories.say(task, `waits: ${used} OPG of at most ${most} are at stake (watch.openBonds)`, "warn");
      return false;
    }
    if (balance < owed + amount) {
      const needed = formatOpg(owed + amount);
      stories.say(task, `waits: ${needed} OPG are needed in DisputeGame for ${account}: deposit`, "error");
      return false;
    }
    this.promised.set(task.id, (laid.get(task.id) ?? 0n) + amount);
    return true;
  }

  /** Nothing more will be laid down for a statement. */
  release(statementId: string): void {
    this.promised.delete(statementId);
  }

  /** All that lies in open games and demands, or is promised to them. */
  get total(): bigint {
    const laid = this.laid();
    return sumOf(laid.values()) + this.owed(laid);
  }

  /** What was promised and is not laid down yet. */
  private owed(laid: ReadonlyMap<string, bigint>): bigint {
    return sumOf([...this.promised].map(([id, most]) => atLeastZero(most - (laid.get(id) ?? 0n))));
  }

  /** What lies in open games and demands, by statement. */
  private laid(): ReadonlyMap<string, bigint> {
    const laid = new Map<string, bigint>();
    for (const task of this.modules.journal.openTasks()) {
      const { statementId, amount } = laidIn(task, this.settings.account);
      if (amount > 0n) laid.set(statementId, (laid.get(statementId) ?? 0n) + amount);
    }
    return laid;
  }
}

/** What a challenger or payer has laid down in a game or demand. */
function laidIn(task: JournalTask, account: string): { readonly statementId: string; readonly amount: bigint } {
  if (task.kind === "game") {
    const { statementId, challenger, bond } = dataOf("game", task).game;
    return { statementId, amount: challenger === account ? bond : 0n };
  }
  if (task.kind === "demand") {
    const { statementId, payer, price } = dataOf("demand", task).demand;
    return { statementId, amount: payer === account ? price : 0n };
  }
  return { statementId: task.id, amount: 0n };
}

const atLeastZero = (value: bigint): bigint => (value > 0n ? value : 0n);
const sumOf = (values: Iterable<bigint>): bigint => [...values].reduce((sum, each) => sum + each, 0n);
