/** The language model of the examples as a version of which the files lie in a store. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Executable } from "../../dist/execute/Executor.js";
import { sha256 } from "./network.ts";

export const VERSES = fileURLToPath(new URL("../../../../examples/models/verses/", import.meta.url));
export const WINDOW = 64;

const number = (name: string) => ({ name, dtype: 6, shape: [1] });

/** Puts a file into a store. */
export function stored(store: string, name: string, bytes: Uint8Array) {
  mkdirSync(store, { recursive: true });
  const path = join(store, name);
  writeFileSync(path, bytes);
  return { path, digest: sha256(bytes) };
}

/** Without the graph that writes its texts. */
export const versesIn = (store: string, versionId: string): Executable => ({
  versionId,
  ...stored(store, "pass.onnx", readFileSync(join(VERSES, "pass-64.onnx"))),
  inputs: [{ name: "prompt", dtype: 2, shape: [WINDOW] }, number("limit"), number("seed"), number("temperature")],
  outputs: [{ name: "text", dtype: 2, shape: [WINDOW] }],
  isShown: true,
});
