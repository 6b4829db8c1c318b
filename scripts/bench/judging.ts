import { encodeBytes32String } from "ethers";

import {
  GRAPH_INPUT,
  IntegerOpcode,
  Layout,
  Opcode,
  PROFILE,
  type ProgramStep,
  type Ref,
} from "../../packages/sdk/src/onnx/index.ts";
import { disputable, TestStatement } from "../../test/support/disputes.ts";
import { inOrder } from "../../test/support/integerScenes.ts";
import { loadFixture } from "../../test/support/network.ts";
import { OnnxGame } from "../../test/support/onnxGame.ts";
import { programOf, type Scene, withConstants } from "../../test/support/scenes.ts";
import { figure, type Figures } from "./figures.ts";

/** One element that is judged, of a step large enough to say what a model costs. */
export interface Judgement {
  readonly opcode: string;
  /** How many numbers, or products of two, the element is computed from. */
  readonly numbers: number;
  /** Most gas that it may cost. */
  readonly most: number;
  readonly note: string;
  readonly scene: () => Scene;
  /** Of what is made. Its first byte is accused. */
  readonly word: number;
}

/** Steps of a whole model: the judged one is the last, so that it has the longest path. */
const STEPS = 64;
const ONE = { dtype: 2, shape: [1, 1], data: Uint8Array.of(7) } as const;

const nameOf = ({ opcode, numbers }: Judgement): string => `dispute.judge.${opcode}.K${numbers}`;

/** Most gas that each judgement may cost. */
export const boundsOf = (judgements: readonly Judgement[]): Readonly<Record<string, number>> =>
  Object.fromEntries(judgements.map((judgement) => [nameOf(judgement), judgement.most]));

/** What judgements cost: a node has lied in the last of 64 steps, and is convicted. */
export async function figuresOf(judgements: readonly Judgement[]): Promise<Figures> {
  const figures: Record<string, Figures[string]> = {};
  for (const judgement of judgements) figures[nameOf(judgement)] = await judged(judgement);
  return figures;
}

/** The same as the last of many steps: between its inputs and itself, others copy a byte of the statement's input. */
function amongOthers({ program, payload }: Scene): OnnxGame {
  const { dtype, shape } = ONE;
  const input: Ref = { from: GRAPH_INPUT + payload.length, layout: Layout.Packed, dtype, shape };
  const [opcode, attrs] = program.profile === PROFILE ? [Opcode.Move, []] : [IntegerOpcode.Move, inOrder(1)];
  const copy = { opcode, layout: Layout.Rows, dtype, shape, inputs: [input], attrs };
  const others = Array.from({ length: STEPS - program.steps.length }, () => withConstants(copy, new Uint8Array()));
  const steps: ProgramStep[] = [...program.steps.slice(0, -1), ...others, ...program.steps.slice(-1)];
  return new OnnxGame(programOf([...payload, ONE], steps, program.profile), [...payload, ONE]);
}

async function judged({ note, scene, word }: Judgement) {
  const suite = await loadFixture(disputable);
  const model = amongOthers(scene());
  const step = STEPS - 1;
  const profile = encodeBytes32String(model.program.profile);
  const statement = await TestStatement.of(suite, model, model.run, [{ step, word }], { profile });
  const game = await statement.challenge(suite.challenger);
  await game.respond();
  const c = model.caseAgainst(statement.stated, statement.trace(), step, word, 0);
  return figure(
    `${note} The last of ${STEPS} steps.`,
    await suite.disputes.connect(suite.requester).judge(game.struct, game.answer().depth, c as never),
  );
}
