/** The language model as its owner publishes it: the graph that is judged, and the one that writes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { registerModel, type Client, type TensorSpec } from "@opg-protocol/sdk";
import { completionInputs } from "@opg-protocol/sdk/completions";
import { compile, Executor, INTEGER_PROFILE, settle } from "@opg-protocol/sdk/onnx";

import { EXAMPLES, type Published, releaseDraft, ROYALTY, sha256, type Shelf } from "../publish.ts";

const FOLDER = join(EXAMPLES, "models", "verses");
/** Prompt and text have 64 bytes together. */
export const ARTIFACT = join(FOLDER, "pass-64.onnx");
const DECODE = join(FOLDER, "decode.onnx");
const GOLDEN = { prompt: "And God said", limit: 4 };

/** Registers the model and releases its first version. Its metadata say where the graph is that writes. */
export async function publishVerses(client: Client, shelf: Shelf): Promise<Published> {
  const program = compile(readFileSync(ARTIFACT), INTEGER_PROFILE);
  const specs = (list: readonly TensorSpec[]) => list.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  const [inputs, outputs] = [specs(program.inputs), specs(program.outputs)];
  const golden = completionInputs({ inputs, outputs }, GOLDEN);
  const executor = new Executor(program);
  const draft = {
    slug: "verses",
    name: "Verses",
    description: "Continues a verse of the King James Version, byte by byte.",
    artifact: ARTIFACT,
    inputs,
    outputs,
    program,
    golden: { inputs: golden, outputs: await settle(program, (shown) => executor.run(golden, shown)) },
    more: { decode: { uri: pathToFileURL(DECODE).href, sha256: sha256(readFileSync(DECODE)) } },
  };
  const { modelId } = await registerModel(client, { slug: draft.slug, royalty: ROYALTY });
  return releaseDraft(client, shelf, draft, { modelId, minor: 0 });
}
