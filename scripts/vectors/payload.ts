import { hexlify } from "ethers";

import {
  PayloadError,
  bytesTensor,
  encodePayload,
  errorRoot,
  payloadRoot,
} from "../../packages/sdk/src/codecs/payload.ts";
import { type Tensor, tensorByteLength } from "../../packages/sdk/src/codecs/tensor.ts";
import { type VectorFile, bytesOf } from "./samples.ts";

const FLOAT32 = 1;
const UINT8 = 2;
const INT64 = 7;

const raw = (length: number) => bytesTensor(bytesOf("raw", length));

const sample = (dtype: number, ...shape: number[]): Tensor => ({
  dtype,
  shape,
  data: bytesOf(`payload/${dtype}/${shape.join("x")}`, tensorByteLength({ dtype, shape })),
});

const output = (name: string, ...tensors: Tensor[]) => ({
  name,
  fault: PayloadError.None,
  encoded: hexlify(encodePayload(tensors)),
  root: payloadRoot(tensors),
});

const fault = (name: keyof typeof PayloadError) => ({
  name,
  fault: PayloadError[name],
  encoded: "0x",
  root: errorRoot(PayloadError[name]),
});

const picture = sample(UINT8, 1, 1, 8, 8);
const logits = sample(FLOAT32, 1, 10);

export const payloadVectors: VectorFile = {
  about:
    "Payloads as they travel, abi.encode(Tensor[]), and their roots; and the roots of the canonical errors, which have a " +
    "fault (see PayloadError) and no bytes.",
  cases: [
    output("no tensor"),
    ...[1, 31, 32, 33, 1024].map((length) => output(`${length} raw bytes`, raw(length))),
    output("text", bytesTensor(new TextEncoder().encode('{"answer": "ü"}'))),
    output("a picture", picture),
    output("logits", logits),
    output("several tensors", picture, logits, sample(INT64, 3), raw(1)),
    output("several tensors, other order", logits, picture, sample(INT64, 3), raw(1)),
    output("the same tensor twice", raw(32), raw(32)),
    output("twelve tensors", ...Array.from({ length: 12 }, (_, i) => sample(UINT8, i + 1))),
    fault("InputMissing"),
    fault("InputMalformed"),
    fault("RefusedByModel"),
  ],
};
