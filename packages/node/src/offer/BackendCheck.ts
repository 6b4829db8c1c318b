import { randomBytes } from "node:crypto";

import type { Tensor } from "@opg-protocol/sdk";

import { ForeignRefusalError, RefusedByModelError } from "../execute/errors.ts";
import type { Executable, Executor } from "../execute/Executor.ts";
import type { KserveExecutor } from "../execute/KserveExecutor.ts";

/** Inputs that are tried beside the golden one, which a backend could know by heart. */
const MORE_TRIES = 3;
/** Element types any bytes of which are values like others: uint8 and int8. */
const BYTES: readonly number[] = [2, 3];
const FLOAT32 = 1;

/** A backend does not compute what the runtime here does: what it gives would cost the node's stake. */
export class BackendDiffersError extends Error {
  constructor(
    readonly versionId: string,
    readonly reason: string,
  ) {
    super(`The backend does not run version ${versionId} as ONNX Runtime does here: ${reason}`);
    this.name = "BackendDiffersError";
  }
}

/** Asks a backend now and then for what is known: the golden input of each version, and inputs that nobody has seen before. */
export class BackendCheck {
  private readonly known = new Map<string, { readonly version: Executable; readonly golden: readonly Tensor[] }>();

  constructor(
    private readonly backend: KserveExecutor,
    private readonly embedded: Executor,
  ) {}

  /**
   * Compares what both give, byte by byte. A version that does not run there is always right.
   * @throws BackendDiffersError, or what running throws.
   */
  async check(version: Executable, golden: readonly Tensor[], signal?: AbortSignal): Promise<void> {
    if (this.backend.modelOf(version.versionId) === undefined) return;
    this.known.set(version.versionId, { version, golden });
    await this.compare(version, golden, "its golden input", signal);
    for (let i = 0; i < MORE_TRIES; i += 1) {
      await this.compare(version, golden.map(vary), "an input made at random", signal);
    }
  }

  /** The same for a version that was checked before. */
  async checkAgain(versionId: string, signal?: AbortSignal): Promise<void> {
    const known = this.known.get(versionId);
    if (known !== undefined) await this.check(known.version, known.golden, signal);
  }

  private async compare(
    version: Executable,
    inputs: readonly Tensor[],
    which: string,
    signal?: AbortSignal,
  ): Promise<void> {
    let expected: readonly Tensor[];
    try {
      expected = await this.embedded.run(version, inputs, signal);
    } catch (error) {
      if (error instanceof RefusedByModelError) return; // nor is it asked for this
      throw error;
    }
    const given = await this.runThere(version, inputs, which, signal);
    const differs = expected.findIndex((tensor, i) => !isSame(tensor, given[i]));
    if (differs >= 0) {
      const { name } = version.outputs[differs] ?? { name: "" };
      throw new BackendDiffersError(version.versionId, `the output "${name}" for ${which} is another one`);
    }
  }

  private async runThere(
    version: Executable,
    inputs: readonly Tensor[],
    which: string,
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]> {
    try {
      return await this.backend.run(version, inputs, signal);
    } catch (error) {
      if (error instanceof ForeignRefusalError) {
        throw new BackendDiffersError(version.versionId, `it refuses ${which}: ${error.reason}`);
      }
      throw error;
    }
  }
}

/** An input like another one. Elements that may be indices stay: others could be out of range. */
function vary({ dtype, shape, data }: Tensor): Tensor {
  if (BYTES.includes(dtype)) return { dtype, shape, data: new Uint8Array(randomBytes(data.length)) };
  if (dtype !== FLOAT32) return { dtype, shape, data };
  const noise = randomBytes(data.length / 4);
  const floats = Float32Array.from(noise, (byte) => (byte - 128) / 64);
  return { dtype, shape, data: new Uint8Array(floats.buffer) };
}

const isSame = (one: Tensor, other: Tensor | undefined): boolean =>
  other !== undefined && Buffer.compare(one.data, other.data) === 0 && String(one.shape) === String(other.shape);
