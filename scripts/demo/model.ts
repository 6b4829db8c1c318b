/** The digits model as its owner publishes it. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

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
import { compile, PROFILE } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, hexlify, parseEther, ZeroHash } from "ethers";
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";

import { loadPicture, SIDE } from "./picture.ts";

/** Where model and pictures are; nodes read the model from here, too. */
export const DIGITS = fileURLToPath(new URL("../../examples/digits/", import.meta.url));
const ARTIFACT = join(DIGITS, "digits.onnx");
const GOLDEN_PICTURE = join(DIGITS, "pictures", "five-1.png");
const [FLOAT32, UINT8] = [1, 2];
/** What the owner earns for each inference. */
const ROYALTY = parseEther("0.1");

export const imageTensor = (pixels: Uint8Array): Tensor => ({ dtype: UINT8, shape: [1, 1, SIDE, SIDE], data: pixels });

/**
 * Registers the model and releases its first version, with a golden vector that every node has to reproduce.
 * @param isJudged whether the version names its profile and graph, so that answers can be proven wrong.
 */
export async function publishDigits(
  client: Client,
  folder: string,
  isJudged: boolean,
): Promise<{ modelId: string; versionId: string }> {
  const artifact = readFileSync(ARTIFACT);
  const goldenInput = [imageTensor(loadPicture(GOLDEN_PICTURE))];
  const metadata = Buffer.from(
    JSON.stringify({
      name: "Handwritten digits",
      description: "Reads one handwritten digit from an 8x8 picture.",
      golden: { input: hexlify(encodePayload(goldenInput)) },
    }),
  );
  const metadataPath = join(folder, "digits.json");
  writeFileSync(metadataPath, metadata);

  const identity: VersionIdentity = {
    artifactDigest: sha256(artifact),
    artifactSize: BigInt(artifact.length),
    format: "onnx",
    inputs: [{ name: "image", dtype: UINT8, shape: [1, 1, SIDE, SIDE] }],
    outputs: [{ name: "logits", dtype: FLOAT32, shape: [1, 10] }],
    profile: isJudged ? encodeBytes32String(PROFILE) : ZeroHash,
    graphRoot: isJudged ? compile(artifact).graphRoot : ZeroHash,
  };
  const { modelId } = await registerModel(client, { slug: "digits", royalty: ROYALTY });
  const { versionId } = await releaseVersion(client, {
    modelId,
    identity,
    release: {
      major: 1,
      minor: 0,
      goldenInputRoot: payloadRoot(goldenInput),
      goldenOutputRoot: payloadRoot([await runDigits(artifact, goldenInput)]),
      licence: "MIT",
      uris: [pathToFileURL(ARTIFACT).href],
      metadataURI: pathToFileURL(metadataPath).href,
      metadataHash: sha256(metadata),
    },
  });
  if (isJudged) await admitVersion(client, { modelId, identity, program: compile(artifact) });
  return { modelId, versionId };
}

/** What anybody finds who runs the model on unmodified ONNX Runtime. */
export async function runDigits(artifact: Uint8Array, [image]: readonly Tensor[]): Promise<Tensor> {
  const session = await InferenceSession.create(artifact);
  const pixels = image?.data ?? new Uint8Array();
  const { logits } = await session.run({ image: new RuntimeTensor("uint8", pixels, [1, 1, SIDE, SIDE]) });
  if (logits === undefined) throw new Error("The model has no output `logits`");
  const { buffer, byteOffset, byteLength } = logits.data as Float32Array;
  await session.release();
  return { dtype: FLOAT32, shape: logits.dims, data: new Uint8Array(buffer, byteOffset, byteLength).slice() };
}

/** What the model says of each digit, as shares of 1 (softmax), largest first. */
export function rank(output: Tensor): readonly { readonly digit: number; readonly share: number }[] {
  const logits = new Float32Array(output.data.slice().buffer);
  const most = Math.max(...logits);
  const weights = [...logits].map((value) => Math.exp(value - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight, digit) => ({ digit, share: weight / sum })).sort((a, b) => b.share - a.share);
}

const sha256 = (bytes: Uint8Array): string => `0x${createHash("sha256").update(bytes).digest("hex")}`;
