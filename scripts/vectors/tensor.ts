import { ZeroHash, hexlify } from "ethers";

import { merkleRoot } from "../../packages/sdk/src/codecs/merkle.ts";
import { type Tensor, tensorByteLength, tensorRoot } from "../../packages/sdk/src/codecs/tensor.ts";
import { type VectorFile, bytesOf } from "./samples.ts";

const UINT8 = 2;
const KNOWN_TYPES = [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16];
const UNKNOWN_TYPES = [0, 8, 14, 15, 17, 255];
const LENGTHS = [1, 31, 32, 33, 63, 64, 65, 96, 97, 128, 129, 255, 256, 257, 1023, 1024];

/** A tensor with sample data of the right length, or of `length` bytes. */
function sample(dtype: number, shape: readonly number[], length = tensorByteLength({ dtype, shape })): Tensor {
  return { dtype, shape, data: bytesOf(`tensor/${dtype}/${shape.join("x")}`, length) };
}

function describe(name: string, tensor: Tensor) {
  const byteLength = tensorByteLength(tensor);
  const fits = byteLength > 0 && tensor.data.length === byteLength;
  return {
    name,
    ...tensor,
    data: hexlify(tensor.data),
    byteLength,
    dataRoot: hexlify(merkleRoot(tensor.data)),
    root: fits ? tensorRoot(tensor) : ZeroHash,
  };
}

export const tensorVectors: VectorFile = {
  about:
    "Tensors: the bytes that type and shape ask for (0: there is no such tensor), the Merkle root over the data, and the " +
    "root of the tensor, which is zero where the tensor must be refused.",
  cases: [
    ...LENGTHS.map((length) => describe(`${length} bytes`, sample(UINT8, [length]))),
    describe("one zero byte", { dtype: UINT8, shape: [1], data: new Uint8Array(1) }),
    describe("32 zero bytes", { dtype: UINT8, shape: [32], data: new Uint8Array(32) }),
    describe("33 zero bytes", { dtype: UINT8, shape: [33], data: new Uint8Array(33) }),
    ...KNOWN_TYPES.map((dtype) => describe(`dtype ${dtype}`, sample(dtype, [3, 5]))),
    describe("same bytes, other shape", { ...sample(UINT8, [24]), shape: [4, 6] }),
    describe("same bytes, shape turned", { ...sample(UINT8, [24]), shape: [6, 4] }),
    describe("rank 8", sample(UINT8, [1, 2, 1, 2, 1, 2, 1, 2])),
    ...UNKNOWN_TYPES.map((dtype) => describe(`unknown dtype ${dtype}`, sample(dtype, [4], 4))),
    describe("rank 0", sample(UINT8, [], 1)),
    describe("rank 0 without data", sample(UINT8, [])),
    describe("dimension of zero", sample(UINT8, [2, 0, 2])),
    describe("one byte too few", sample(UINT8, [33], 32)),
    describe("one byte too many", sample(UINT8, [32], 33)),
    describe("half an element", sample(6, [2], 6)),
    describe("largest dimension", sample(UINT8, [2 ** 32 - 1], 4)),
  ],
};
