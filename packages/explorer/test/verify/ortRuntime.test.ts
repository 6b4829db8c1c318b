import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type OrtModule, ortRunner, RunRefusedError } from "../../src/verify/ortRuntime.ts";

/** A runtime whose runs end with this. */
const failing = (thrown: unknown): OrtModule =>
  ({
    InferenceSession: {
      create: () =>
        Promise.resolve({
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- WebAssembly throws numbers, too
          run: () => Promise.reject(thrown),
          release: () => Promise.resolve(),
        }),
    },
  }) as unknown as OrtModule;

const thrownFor = async (thrown: unknown): Promise<unknown> => {
  try {
    return await ortRunner(failing(thrown))(new Uint8Array(), new Map());
  } catch (error) {
    return error;
  }
};

describe("ortRunner", () => {
  it("takes for a refusal what the runtime itself says, with its code", async () => {
    const said = new Error("failed to call OrtRun(). ERROR_CODE: 2, ERROR_MESSAGE: Got invalid dimensions");
    assert.ok((await thrownFor(said)) instanceof RunRefusedError);
  });

  it("takes no fall of its WebAssembly for a refusal: another machine could run the model", async () => {
    for (const thrown of [
      9_437_832,
      new Error("Aborted(OOM)"),
      new WebAssembly.RuntimeError("unreachable"),
      new RangeError("offset is out of bounds"),
      new Error("failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc"),
    ])
      assert.ok(!((await thrownFor(thrown)) instanceof RunRefusedError), String(thrown));
  });
});
