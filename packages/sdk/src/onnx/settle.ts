import { type Tensor, tensorByteLength } from "../codecs/tensor.ts";
import { elementSize } from "./layout.ts";
import type { Program } from "./program.ts";

/** A model that is shown its own outputs, and that of nothing says that it is one. */
export class UnsettledError extends Error {
  /** How often the model was run. */
  readonly runs: number;

  constructor(runs: number) {
    super(`The model settles on no output in ${runs} runs: none that it was shown came out again.`);
    this.name = "UnsettledError";
    this.runs = runs;
  }
}

/**
 * Finds the outputs of a model, whether or not it is shown them: such a model is shown zeros first, and then what it made, until it
 * makes what it was shown. Where each element depends on earlier ones alone, as in a text, each run settles one more of them.
 * @param run the model on some input, shown these outputs; none where it reads none.
 * @throws UnsettledError if one run more than there are elements is not enough.
 */
export async function settle(
  { outputs, stated }: Pick<Program, "outputs" | "stated">,
  run: (shown: readonly Tensor[]) => Promise<readonly Tensor[]> | readonly Tensor[],
): Promise<readonly Tensor[]> {
  if (stated.length === 0) return run([]);
  let shown: readonly Tensor[] = outputs.map(({ dtype, shape }) => ({
    dtype,
    shape,
    data: new Uint8Array(tensorByteLength({ dtype, shape })),
  }));
  const elements = shown.reduce((sum, { dtype, data }) => sum + data.length / elementSize(dtype), 0);
  for (let runs = 0; runs <= elements; runs += 1) {
    const made = await run(shown);
    if (made.every((tensor, i) => isEqual(tensor.data, shown[i]?.data))) return made;
    shown = made;
  }
  throw new UnsettledError(elements + 1);
}

function isEqual(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, i) => byte === b[i]);
}
