/** The language model as its owner publishes it: the graph that is judged, and the one that writes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import {
  admitVersion,
  encodePayload,
  payloadRoot,
  registerModel,
  releaseVersion,
  type Client,
  type TensorSpec,
  type VersionIdentity,
} from "@opg-protocol/sdk";
import { completionInputs } from "@opg-protocol/sdk/completions";
import { compile, Executor, INTEGER_PROFILE, settle } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, hexlify } from "ethers";

import { EXAMPLES, type Published, ROYALTY, sha256 } from "../publish.ts";

const FOLDER = join(EXAMPLES, "models", "verses");
/** Prompt and text have 64 bytes together. */
export const ARTIFACT = join(FOLDER, "pass-64.onnx");
const DECODE = join(FOLDER, "decode.onnx");
const GOLDEN = { prompt: "And God said", limit: 4 };

/** Registers the model and releases its first version. Its metadata, a file in the folder, say where the graph is that writes. */
export async function publishVerses(client: Client, folder: string): Promise<Published> {
  const artifact = readFileSync(ARTIFACT);
  const program = compile(artifact, INTEGER_PROFILE);
  const specs = (list: readonly TensorSpec[]) => list.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  const identity: VersionIdentity = {
    artifactDigest: sha256(artifact),
    artifactSize: BigInt(artifact.length),
    format: "onnx",
    inputs: specs(program.inputs),
    outputs: specs(program.outputs),
    profile: encodeBytes32String(INTEGER_PROFILE),
    graphRoot: program.graphRoot,
  };
  const input = completionInputs(identity, GOLDEN);
  const executor = new Executor(program);
  const output = await settle(program, (shown) => executor.run(input, shown));
  const decode = { uri: pathToFileURL(DECODE).href, sha256: sha256(readFileSync(DECODE)) };
  const metadata = Buffer.from(
    JSON.stringify({
      name: "Verses",
      description: "Continues a verse of the King James Version, byte by byte.",
      golden: { input: hexlify(encodePayload(input)) },
      decode,
    }),
  );
  const metadataPath = join(folder, "verses.json");
  writeFileSync(metadataPath, metadata);
  const { modelId } = await registerModel(client, { slug: "verses", royalty: ROYALTY });
  const { versionId } = await releaseVersion(client, {
    modelId,
    identity,
    release: {
      major: 1,
      minor: 0,
      goldenInputRoot: payloadRoot(input),
      goldenOutputRoot: payloadRoot(output),
      licence: "MIT",
      uris: [pathToFileURL(ARTIFACT).href],
      metadataURI: pathToFileURL(metadataPath).href,
      metadataHash: sha256(metadata),
    },
  });
  await admitVersion(client, { modelId, identity, program });
  return { modelId, versionId };
}
