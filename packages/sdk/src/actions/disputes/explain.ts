import { chainTime } from "../../chainTime.ts";
import type { Client } from "../../client.ts";
import { EvidenceMismatchError } from "../../errors/faults.ts";
import { payloadRoot } from "../../codecs/payload.ts";
import { DisputeState } from "../../codecs/dispute.ts";
import type { Program } from "../../onnx/index.ts";
import { endingOf, judgedElement, liePayment } from "./endings.ts";
import { findElement, type FoundElement } from "./explainElement.ts";
import type { DisputedLayer, DisputeExplanation, NextMove } from "./explanation.ts";
import { explanationText, unknownsOf } from "./explanationText.ts";
import { laidRootOf } from "./groups.ts";
import { type GameIdParameters, type GameView, getGame } from "./history.ts";
import { traceRootOf } from "./moves.ts";
import { type Statement, statementIdOf } from "./statements.ts";
import type { TracedRun } from "./TracedRun.ts";

/** Parameters of {@link explainDispute}. The more is given, the more can be said. */
export interface ExplainDisputeParameters extends GameIdParameters {
  /** An own run of the model on the input: says which numbers are right. */
  readonly run?: TracedRun;
  /** The compiled model, for who has no run: says what the layers are. */
  readonly program?: Program;
  /** What the node stated: says what became of its stake. */
  readonly statement?: Statement;
}

/**
 * Explains a game to people: which layer and element it is about, which number the node claims and which is right, whose
 * move it is, and how it ended. Works at any time of a game, and says what cannot be known.
 * @throws NotFoundError if there is no such game; EvidenceMismatchError if model, input or statement are not those of the
 * game; NoBlockError.
 */
export async function explainDispute(
  client: Client,
  parameters: ExplainDisputeParameters,
): Promise<DisputeExplanation> {
  const { run, statement, program = run?.program, fromBlock = client.startBlock } = parameters;
  const view = await getGame(client, parameters);
  checkEvidence(client, parameters, view);
  const { game, gameId, laid } = view;
  const ending = await endingOf(client, view, fromBlock);
  const judged = ending?.cause === "judged" ? await judgedElement(client, ending.transactionHash) : undefined;
  const step = laid && program?.steps[laid.index];
  const right = laid && run?.executor.words(run.inputs, laid.index, run.shown);
  const found: FoundElement = laid && step ? findElement(step, laid, right, judged) : {};
  const errsAt = run && run.trace.roots.findIndex((root, i) => root !== (laidRootOf(view, i) ?? root));
  const { statementId, node, challenger, bond, openedAt } = game;
  const known = {
    gameId,
    statementId,
    node,
    challenger,
    bond,
    openedAt: Number(openedAt),
    next: ending === undefined ? await nextMove(client, view) : undefined,
    layer: laid && layerOf(laid.index, program?.steps.length ?? (view.groups ? undefined : view.roots.length), program),
    element: found.element,
    wrongElements: found.wrongElements,
    challengerIsRight: run && traceRootOf(run) === game.traceRoot,
    challengerErrsAt: errsAt === undefined || errsAt < 0 ? undefined : errsAt,
    ending,
    payment: statement && (await liePayment(client, statement, fromBlock)),
  };
  const facts = { ...known, unknown: unknownsOf(known, parameters) };
  return { ...facts, text: explanationText(facts) };
}

function checkEvidence(
  client: Client,
  { run, program, statement }: ExplainDisputeParameters,
  { game }: GameView,
): void {
  const check = (part: EvidenceMismatchError["part"], given: string | undefined, expected: string): void => {
    if (given !== undefined && given !== expected) throw new EvidenceMismatchError(part, given, expected);
  };
  check("model", program?.stepsRoot, game.stepsRoot);
  check("model", run?.program.stepsRoot, game.stepsRoot);
  check("input", run && payloadRoot(run.inputs), game.inputRoot);
  check("statement", statement && statementIdOf(client, statement), game.statementId);
}

function layerOf(step: number, steps: number | undefined, program: Program | undefined): DisputedLayer {
  const { name, operator, step: made } = program?.steps[step] ?? {};
  return { step, steps, name, operator, dtype: made?.dtype, shape: made?.shape };
}

const MOVES: Readonly<Record<number, Pick<NextMove, "move" | "by">>> = {
  [DisputeState.Asked]: { move: "respond", by: "node" },
  [DisputeState.Grouped]: { move: "enter", by: "node" },
  [DisputeState.Entered]: { move: "lay", by: "challenger" },
  [DisputeState.Laid]: { move: "respond", by: "node" },
  [DisputeState.Answered]: { move: "pick", by: "challenger" },
  [DisputeState.Picked]: { move: "reveal", by: "node" },
  [DisputeState.Shown]: { move: "judge", by: "anyone" },
};

/** Nothing for what has ended since its events were read. */
async function nextMove(client: Client, { record }: GameView): Promise<NextMove | undefined> {
  const next = MOVES[record.state];
  const now = await chainTime(client);
  return next && { ...next, until: record.deadline, isLate: now > record.deadline };
}
