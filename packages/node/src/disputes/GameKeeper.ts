import {
  answerChallenge,
  answerTo,
  type Call,
  caseAgainst,
  type Client,
  closeGame,
  DisputeState,
  enterGroup,
  formatOpg,
  type GameView,
  getGame,
  getStatementRecord,
  groupOf,
  groupToEnter,
  judgeElement,
  layGroup,
  partOf,
  partToPick,
  pickPart,
  showPart,
  timeOutGame,
} from "@opg-protocol/sdk";

import type { Head } from "../chain/Chain.ts";
import type { Wake } from "../jobs/Schedule.ts";
import type { JournalTask } from "../journal/Journal.ts";
import type { Sender } from "../send/Sender.ts";
import type { Keeper } from "../tasks/Tasks.ts";
import type { Runs } from "./Runs.ts";
import type { Stories } from "./Stories.ts";

export interface GameKeeperModules {
  readonly client: Client;
  readonly sender: Pick<Sender, "perform">;
  readonly runs: Pick<Runs, "of">;
  readonly stories: Stories;
}

export interface GameKeeperSettings {
  /** The node that is defended; undefined where only challenges are made. */
  readonly node: string | undefined;
  /** Blocks on top of the end of a game before it is forgotten. */
  readonly confirmations: number;
  /** Is told of statements of the node that were found false. */
  readonly onLost?: (stepsRoot: string, gameId: string) => void;
}

const NAMES = new Map(Object.entries(DisputeState).map(([name, state]) => [state, name]));
/** In these the node has to move, in the others that are under way its challenger. */
const NODES_TURN: readonly DisputeState[] = [
  DisputeState.Asked,
  DisputeState.Grouped,
  DisputeState.Laid,
  DisputeState.Picked,
];

const CHALLENGER_IS_RIGHT = "the challenger is right: every step is made here as it says, and not as was stated";

/**
 * Plays the games of a node against its challengers, and those of a challenger. Every move follows from what the chain says now,
 * so it can be stopped between any two lines and run again.
 */
export class GameKeeper implements Keeper {
  private readonly endedIn = new Map<string, number>();

  constructor(
    private readonly modules: GameKeeperModules,
    private readonly settings: GameKeeperSettings,
  ) {}

  async tend(task: JournalTask, head: Head, signal: AbortSignal): Promise<Wake> {
    const { client, stories } = this.modules;
    const view = await getGame(client, { gameId: task.id, fromBlock: task.blockNumber });
    const { game, record } = view;
    const role = game.node === this.settings.node ? "node" : "challenger";
    const isNodesTurn = NODES_TURN.includes(record.state);
    const isOver = record.state > DisputeState.Demanded;
    const turn = isOver ? {} : { turn: isNodesTurn ? "node" : "challenger", deadline: record.deadline };
    const { statementId, node, bond } = game;
    const state = NAMES.get(record.state) ?? "";
    stories.show(task, { statementId, role, node, state, bond: bond.toString(), ...turn });
    if (isOver) return this.finish(task, view, role, head);

    const { falseAt, deciding } = await getStatementRecord(client, { statementId });
    if (falseAt > 0) return role === "node" ? "never" : this.join(task, view, deciding ?? "", head);
    const isMine = isNodesTurn === (role === "node");
    if (head.timestamp > record.deadline) {
      if (isMine) {
        stories.say(task, "the clock was missed: whoever says so ends the game", "error");
        return "never";
      }
      const owed =
        role === "node" ? `a part of its bond of ${formatOpg(bond)} OPG is the node's` : "the statement is false";
      stories.say(task, `the other side missed its clock (${state}): calls time, ${owed}`);
      await this.send("timeout", task, timeOutGame.call(client.addresses, { game }));
      return head.timestamp + 1;
    }
    if (!isMine) return record.deadline + 1;
    if (role === "node") await this.defend(task, view, signal);
    else await this.pursue(task, view, signal);
    return head.timestamp + 1;
  }

  /** The node's move: names the first group and step that it makes otherwise, or shows what was picked of it. */
  private async defend(task: JournalTask, view: GameView, signal: AbortSignal): Promise<void> {
    const { client, runs, stories } = this.modules;
    const { game, groups, laid, record } = view;
    const run = await runs.of(game, signal);
    if (record.state === DisputeState.Grouped && groups !== undefined) {
      const group = groupToEnter(run, groups);
      if (group === undefined) {
        stories.say(task, CHALLENGER_IS_RIGHT, "error");
        return;
      }
      stories.say(task, `enters group ${group} of ${groups.length}, the first that is made otherwise here`);
      await this.send("enter", task, enterGroup.call(client.addresses, { game, group }));
      return;
    }
    if (record.state === DisputeState.Picked && laid !== undefined) {
      const part = partOf(run, laid.index, record.chunk);
      stories.say(task, `shows part ${record.chunk} of step ${laid.index}, which the challenger picked`);
      await this.send("show", task, showPart.call(client.addresses, { game, answer: laid.answer, ...part }));
      return;
    }
    const answer = answerTo(run, view);
    if (answer === undefined) {
      stories.say(task, CHALLENGER_IS_RIGHT, "error");
      return;
    }
    const name = run.program.steps[answer.index]?.name ?? "";
    stories.say(task, `answers: step ${answer.index} (${name}) is the first that is made otherwise here`);
    await this.send("respond", task, answerChallenge.call(client.addresses, { game, ...answer }));
  }

  /**
   * The challenger's move: lays down the group that was entered, picks the first part of the node's tensor that is wrong, or proves
   * an element of it wrong.
   */
  private async pursue(task: JournalTask, view: GameView, signal: AbortSignal): Promise<void> {
    const { client, runs, stories } = this.modules;
    const { game, entered, laid, record } = view;
    const run = await runs.of(game, signal);
    if (record.state === DisputeState.Entered && entered !== undefined) {
      stories.say(task, `lays down the steps of group ${entered}, which the node has entered`);
      await this.send("lay", task, layGroup.call(client.addresses, { game, ...groupOf(run, entered) }));
      return;
    }
    if (laid === undefined) return;
    const name = `step ${laid.index} (${run.program.steps[laid.index]?.name ?? ""})`;
    const found = caseAgainst(run, laid, game.outputRoot);
    if (found !== undefined) {
      stories.say(task, `judges: ${name} is wrong in word ${found.word}, byte ${found.offset}`);
      await this.send("judge", task, judgeElement.call(client.addresses, { game, answer: laid.answer, case: found }));
      return;
    }
    const chunk = partToPick(run, laid);
    stories.say(task, `picks part ${chunk} of ${name}, the first that is made otherwise here`);
    await this.send("pick", task, pickPart.call(client.addresses, { game, chunk }));
  }

  /** Another dispute has decided the statement: gets the bond back, and a share if the traces are the same. */
  private async join(task: JournalTask, { game }: GameView, deciding: string, head: Head): Promise<Wake> {
    const { client, stories } = this.modules;
    // A demand that decides has no game; any stands for it.
    const other = await getGame(client, { gameId: deciding }).catch(() => ({ game }));
    stories.say(task, `closes: the statement was found false in ${deciding}`);
    await this.send("close", task, closeGame.call(client.addresses, { game, deciding: other.game }));
    return head.timestamp + 1;
  }

  private finish(task: JournalTask, { game, record }: GameView, role: string, head: Head): Wake {
    const { stories } = this.modules;
    const { state } = record;
    const mine = role === "node";
    const won = state === (mine ? DisputeState.ChallengerLost : DisputeState.NodeLost) || state === DisputeState.Moot;
    const name = NAMES.get(state) ?? "";
    stories.say(task, `${won ? "ended well" : "LOST"}: ${name}, paid to ${record.payee ?? ""}`, won ? "info" : "error");
    if (mine && state === DisputeState.NodeLost) this.settings.onLost?.(game.stepsRoot, task.id);
    const since = this.endedIn.get(task.id) ?? head.number;
    this.endedIn.set(task.id, since);
    if (head.number - since < this.settings.confirmations) return head.timestamp + 1;
    this.endedIn.delete(task.id);
    return "closed";
  }

  private async send(kind: string, { id }: JournalTask, call: Call): Promise<void> {
    await this.modules.sender.perform({ kind, subject: id, ...call });
  }
}
