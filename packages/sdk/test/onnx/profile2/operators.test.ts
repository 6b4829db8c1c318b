import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { compareRuns } from "../support/compare.ts";
import { RUNTIMES } from "../support/runtimes.ts";
import { drawIntegers } from "./support/IntegerSketch.ts";
import { SUBJECTS } from "./support/operators.ts";

const GRAPHS = 8;
/** Nodes of one operator that stand side by side in a graph. */
const NODES = 12;

describe("The executor of integers, against unmodified ONNX Runtime", () => {
  for (const [operator, draw] of Object.entries(SUBJECTS))
    it(`runs random ${operator} bit for bit, ${GRAPHS * NODES} nodes`, async () => {
      for (let seed = 0; seed < GRAPHS; seed += 1) {
        const drawn = drawIntegers(seed, (sketch) => {
          for (let i = 0; i < NODES; i += 1) draw(sketch);
        });
        const { mismatches } = await compareRuns(drawn, RUNTIMES);
        assert.deepEqual(mismatches, [], `seed ${seed}`);
      }
    });
});
