/** A whole game about a trace that is laid down in groups and a tensor that is laid down in parts. */
import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import { challenge, enter, judge, lay, pick, respond, reveal, TracedRun } from "../../packages/sdk/src/index.ts";
import type { Executor } from "../../packages/sdk/src/onnx/index.ts";
import { type Players, stateRun } from "./players.ts";

/** Two sides that run a model on the same tensors, and make other ones of them. */
export interface Sides {
  readonly challenger: Executor;
  readonly node: Executor;
  readonly inputs: readonly Tensor[];
  readonly stated: readonly Tensor[];
}

/** Plays the game by the SDK, to the judgement. Gives its moves in their order. */
export async function playLongGame(suite: Players, { inputs, stated, ...sides }: Sides) {
  const { challenger, node } = suite.clients;
  const truth = new TracedRun(sides.challenger, inputs, stated);
  const lie = new TracedRun(sides.node, inputs, stated);
  const statement = await stateRun(suite, lie);
  const opening = await challenge(challenger, { statement, run: truth, isSealed: false });
  const { gameId } = opening;
  return {
    challenge: opening,
    enter: await enter(node, { gameId, run: lie }),
    lay: await lay(challenger, { gameId, run: truth }),
    respond: await respond(node, { gameId, run: lie }),
    pick: await pick(challenger, { gameId, run: truth }),
    reveal: await reveal(node, { gameId, run: lie }),
    judge: await judge(challenger, { gameId, run: truth }),
  };
}
