import { DisputeState, type Game, gameId } from "../../../packages/sdk/src/codecs/dispute.ts";
import { unpackGameRules } from "../../../packages/sdk/src/codecs/gameRules.ts";
import type { Receipt } from "../../../packages/sdk/src/codecs/receipt.ts";
import type { Clock } from "../Clock.ts";
import { entry } from "../NodeBooks.ts";
import { demand } from "../Refusal.ts";
import type { ReceiptsModel } from "./ReceiptsModel.ts";

const OPG = 10n ** 18n;
/** What a game can cost the node in gas. */
const GAME_GAS = 1_800_000n;

/** Where disputes are, and what everybody who runs the model finds. */
export interface DisputeConstants {
  readonly chainId: bigint;
  readonly address: string;
  readonly referee: string;
  readonly rules: string;
  readonly clockFloor: number;
  /** Of the truth about the one input of all calls. */
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly stepsRoot: string;
  readonly traceRoot: string;
}

/** A game that a challenger has opened. */
export interface OpenedGame {
  readonly id: string;
  readonly struct: Game;
  readonly deadline: number;
  state: DisputeState;
}

interface Verdict {
  readonly falseAt: number;
  readonly winner: string;
  readonly deciding: string;
}

/** As much of IDisputeGame as ends a lie that its node does not defend: a challenge, and the end of the node's clock. */
export class DisputesModel {
  readonly balances = new Map<string, bigint>();
  private readonly games = new Map<string, OpenedGame>();
  private readonly verdicts = new Map<string, Verdict>();

  constructor(
    readonly constants: DisputeConstants,
    private readonly receipts: ReceiptsModel,
    private readonly clock: Clock,
  ) {}

  balanceOf(account: string): bigint {
    return entry(this.balances, account, () => 0n);
  }

  challenge(caller: string, node: string, receipt: Receipt): OpenedGame {
    const { chainId, address, referee, rules, inputRoot, stepsRoot, traceRoot, outputRoot } = this.constants;
    const { now, block } = this.clock;
    const statementId = this.receipts.statementOf(node, receipt);
    const shown = this.receipts.shownOf(statementId);
    demand(shown !== undefined, "DisputeNotDisputable", statementId);
    demand(now < shown.until, "DisputeWindowOver", statementId, shown.until);
    demand(receipt.outputRoot !== outputRoot, "DisputeSameOutput", outputRoot);
    const roots = { statementId, inputRoot, outputRoot: receipt.outputRoot, stepsRoot, traceRoot };
    const times = { rank: BigInt(block), openedAt: BigInt(now) };
    const struct = { ...roots, node, challenger: caller, referee, bond: this.bond, ...times, rules };
    const balance = this.balanceOf(caller);
    demand(this.bond <= balance, "LedgerInsufficientBalance", caller, balance, this.bond);
    demand(!this.isFalse(statementId), "DisputeDecided", statementId);

    this.balances.set(caller, balance - this.bond);
    const deadline = now + Number(unpackGameRules(rules).respondPeriod);
    const game = { id: gameId({ chainId, disputes: address }, struct), struct, deadline, state: DisputeState.Asked };
    this.games.set(game.id, game);
    return game;
  }

  /** The node has not answered: what it stated is false. */
  timeout(_caller: string, game: OpenedGame): void {
    const { id, struct, deadline } = game;
    const { statementId, challenger, bond } = struct;
    demand(game.state === DisputeState.Asked, "DisputeWrongState", id, game.state);
    demand(this.clock.now > deadline, "DisputeClockRunning", id, deadline);
    demand(!this.isFalse(statementId), "DisputeDecided", statementId);
    game.state = DisputeState.NodeLost;
    this.verdicts.set(statementId, { falseAt: this.clock.now, winner: challenger, deciding: id });
    this.balances.set(challenger, this.balanceOf(challenger) + bond);
  }

  isFalse(statement: string): boolean {
    return this.verdicts.has(statement);
  }

  /** Who has proven a lie; others have a while to say that they were right, too. */
  finalWinnerOf(statement: string): string {
    const verdict = this.verdicts.get(statement);
    if (verdict === undefined) throw new Error("Nobody has proven that");
    const finalAt = verdict.falseAt + this.constants.clockFloor;
    demand(this.clock.now >= finalAt, "DisputeSharersNotFinal", statement, finalAt);
    return verdict.winner;
  }

  /** What storage keeps of a statement. @see the layout of StatementRecord in contracts/types/DisputeTypes.sol */
  recordOf(statement: string): bigint {
    const verdict = this.verdicts.get(statement);
    if (verdict !== undefined) return BigInt(verdict.falseAt) | (BigInt(verdict.deciding) << 40n);
    const underWay = [...this.games.values()].filter(({ struct }) => struct.statementId === statement).length;
    return BigInt(underWay) << 40n;
  }

  /** Balances, and what is laid down in games under way. */
  owed(): bigint {
    const balances = [...this.balances.values()].reduce((sum, balance) => sum + balance, 0n);
    const open = [...this.games.values()].filter(({ state }) => state === DisputeState.Asked);
    return balances + open.reduce((sum, { struct }) => sum + struct.bond, 0n);
  }

  /** What a challenger lays down, at a base fee below the reference price of gas. */
  private get bond(): bigint {
    const { bondFactor, bondFloor, referenceGasPrice, opgPerEth } = unpackGameRules(this.constants.rules);
    const reckoned = bondFactor * GAME_GAS * referenceGasPrice * opgPerEth;
    return reckoned > bondFloor * OPG ? reckoned : bondFloor * OPG;
  }
}
