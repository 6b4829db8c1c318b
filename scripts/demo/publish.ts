/** How the owner of a model publishes it. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import {
  admitVersion,
  encodePayload,
  payloadRoot,
  registerModel,
  releaseVersion,
  type Client,
  type Tensor,
  type VersionIdentity,
} from "@opg-protocol/sdk";
import { compile, type Program } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, hexlify, parseEther, ZeroHash } from "ethers";
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

/** Where the models are; nodes read them from here, too. */
export const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
export const FLOAT32 = 1;
export const UINT8 = 2;
/** What the owner earns for each inference. */
export const ROYALTY = parseEther("0.1");

/** A model of the examples, with one input and one output. */
export interface ExampleModel {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly artifact: string;
  readonly input: VersionIdentity["inputs"][number];
  readonly output: VersionIdentity["outputs"][number];
  /** What every node has to reproduce the output of before it serves the model. */
  readonly golden: Tensor;
}

/** What of a release the owner chooses. */
export interface ReleaseChoice {
  readonly modelId: string;
  /** Of version 1. */
  readonly minor: number;
  /** Whether the version names its profile and graph, so that answers can be proven wrong. */
  readonly isJudged: boolean;
}

/** All that a release says of a model. */
export interface Draft extends Pick<ExampleModel, "slug" | "name" | "description" | "artifact"> {
  readonly inputs: VersionIdentity["inputs"];
  readonly outputs: VersionIdentity["outputs"];
  /** What referees judge answers by; without it, none can be proven wrong. */
  readonly program: Program | undefined;
  /** What every node has to reproduce before it serves the model. */
  readonly golden: { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[] };
  /** What its metadata say besides. */
  readonly more?: object;
}

/** Where the files of a release are put. */
export interface Shelf {
  /** For programs on this machine. */
  readonly folder: string;
  /** Puts a file where pages find it, too, and gives its URL. */
  readonly share?: ((bytes: Uint8Array) => string) | undefined;
}

/** A release, and the model that it is of. */
export interface Published {
  readonly modelId: string;
  readonly versionId: string;
}

/** Registers a model and releases its first version, with a golden vector that every node has to reproduce. */
export async function publish(
  client: Client,
  shelf: Shelf,
  model: ExampleModel,
  isJudged: boolean,
): Promise<Published> {
  const { modelId } = await registerModel(client, { slug: model.slug, royalty: ROYALTY });
  return release(client, shelf, model, { modelId, minor: 0, isJudged });
}

/** Releases a version of a model of the examples. */
export async function release(
  client: Client,
  shelf: Shelf,
  model: ExampleModel,
  { isJudged, ...place }: ReleaseChoice,
): Promise<Published> {
  const { input, output, golden, ...told } = model;
  const artifact = readFileSync(model.artifact);
  const draft = {
    ...told,
    inputs: [input],
    outputs: [output],
    program: isJudged ? compile(artifact) : undefined,
    golden: { inputs: [golden], outputs: [await runModel(artifact, model, golden)] },
  };
  return releaseDraft(client, shelf, draft, place);
}

/** Releases a version. Its metadata is a file on the shelf. */
export async function releaseDraft(
  client: Client,
  { folder, share }: Shelf,
  { slug, name, description, artifact: path, inputs, outputs, program, golden, more }: Draft,
  { modelId, minor }: Omit<ReleaseChoice, "isJudged">,
): Promise<Published> {
  const artifact = readFileSync(path);
  const metadata = Buffer.from(
    JSON.stringify({ name, description, golden: { input: hexlify(encodePayload(golden.inputs)) }, ...more }),
  );
  const metadataPath = join(folder, `${slug}.json`);
  writeFileSync(metadataPath, metadata);

  const identity: VersionIdentity = {
    artifactDigest: sha256(artifact),
    artifactSize: BigInt(artifact.length),
    format: "onnx",
    inputs,
    outputs,
    profile: program === undefined ? ZeroHash : encodeBytes32String(program.profile),
    graphRoot: program?.graphRoot ?? ZeroHash,
  };
  const { versionId } = await releaseVersion(client, {
    modelId,
    identity,
    release: {
      major: 1,
      minor,
      goldenInputRoot: payloadRoot(golden.inputs),
      goldenOutputRoot: payloadRoot(golden.outputs),
      licence: "MIT",
      uris: [pathToFileURL(path).href, ...(share === undefined ? [] : [share(artifact)])],
      metadataURI: share?.(metadata) ?? pathToFileURL(metadataPath).href,
      metadataHash: sha256(metadata),
    },
  });
  if (program !== undefined) await admitVersion(client, { modelId, identity, program });
  return { modelId, versionId };
}

/** What anybody finds who runs the model on unmodified ONNX Runtime. */
export async function runModel(
  artifact: Uint8Array,
  { input, output }: Pick<ExampleModel, "input" | "output">,
  { shape, data }: Tensor,
): Promise<Tensor> {
  const session = await InferenceSession.create(artifact);
  const bytes = data.slice();
  const feed =
    input.dtype === FLOAT32
      ? new RuntimeTensor("float32", new Float32Array(bytes.buffer), shape)
      : new RuntimeTensor("uint8", bytes, shape);
  const found = (await session.run({ [input.name]: feed }))[output.name];
  if (found === undefined) throw new Error(`The model has no output \`${output.name}\``);
  const { buffer, byteOffset, byteLength } = found.data as Float32Array;
  await session.release();
  return { dtype: FLOAT32, shape: found.dims, data: new Uint8Array(buffer, byteOffset, byteLength).slice() };
}

export const sha256 = (bytes: Uint8Array): string => `0x${createHash("sha256").update(bytes).digest("hex")}`;
