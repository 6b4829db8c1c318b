import { strict as assert } from "node:assert";
import { describe, it } from "node:test";

import { MisfitError } from "../../dist/door/errors.js";
import { checkWrites } from "../../dist/door/inputs.js";

const spec = (name: string, dtype: number, shape: readonly number[]) => ({ name, dtype, shape });
const WRITER = {
  inputs: [spec("prompt", 2, [64]), ...["limit", "seed", "temperature"].map((name) => spec(name, 6, [1]))],
  outputs: [spec("text", 2, [64])],
};

describe("checkWrites", () => {
  it("lets a text be asked of a language model", () => {
    checkWrites(WRITER);
  });

  const others: readonly (readonly [string, Partial<typeof WRITER>])[] = [
    ["takes a picture", { inputs: [spec("image", 2, [1, 8, 8])] }],
    ["takes no seed", { inputs: WRITER.inputs.filter(({ name }) => name !== "seed") }],
    ["takes something besides", { inputs: [...WRITER.inputs, spec("image", 2, [1])] }],
    ["takes a prompt of numbers", { inputs: [spec("prompt", 6, [64]), ...WRITER.inputs.slice(1)] }],
    ["makes something besides", { outputs: [...WRITER.outputs, spec("scores", 1, [64])] }],
    ["makes no text", { outputs: [spec("scores", 1, [64])] }],
  ];
  for (const [what, changes] of others)
    it(`refuses that of a model that ${what}`, () => {
      const refused = new MisfitError("The model writes no texts: ask for its whole answer.");
      assert.throws(() => {
        checkWrites({ ...WRITER, ...changes });
      }, refused);
    });
});
