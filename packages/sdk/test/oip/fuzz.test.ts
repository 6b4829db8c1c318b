/** Whatever bytes come: a message, or one of the errors that the codec throws; at most so much memory, at once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  decodeInferRequest,
  decodeInferResponse,
  encodeInferRequest,
  encodeInferResponse,
  HEADER_LENGTH,
  OipFormatError,
} from "../../src/oip/index.ts";
import { Random } from "../onnx/support/Random.ts";
import { IN_JSON, utf8 } from "./support.ts";

const RUNS = 100_000;
/** Bytes of tensors per byte of a body: a number of JSON takes two bytes at least, and up to eight in a tensor. */
const MOST_GROWTH = 8;

const TOKENS = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"inputs"',
  '"outputs"',
  '"name"',
  '"shape"',
  '"datatype"',
  '"data"',
  '"parameters"',
  '"binary_data_size"',
  '"FP64"',
  '"BYTES"',
  '"__proto__"',
  "true",
  "null",
  "-0",
  "1e400",
  "4294967295",
  "0",
];

/** A message of which a few bytes are other ones, are gone, are there twice, or are words of the protocol. */
function damaged(random: Random, body: Uint8Array): Uint8Array {
  let bytes = [...body];
  for (let left = random.int(1, 4); left > 0; left -= 1) {
    const at = random.int(0, bytes.length);
    const to = Math.min(bytes.length, at + random.int(0, 8));
    const piece = random.pick([[], [random.int(0, 255)], bytes.slice(at, to), [...utf8(random.pick(TOKENS))]]);
    bytes = [...bytes.slice(0, at), ...piece, ...bytes.slice(to)];
  }
  return Uint8Array.from(bytes);
}

function isReadOrRefused(decode: () => { readonly tensors: readonly { readonly data: Uint8Array }[] }, size: number) {
  try {
    const held = decode().tensors.reduce((sum, { data }) => sum + data.length, 0);
    assert.ok(held <= size * MOST_GROWTH, `${held} bytes out of ${size}`);
    return true;
  } catch (error) {
    assert.ok(error instanceof OipFormatError, String(error));
    return false;
  }
}

describe("decodeInferRequest and decodeInferResponse of hostile bytes", () => {
  const small = IN_JSON.slice(0, 3);
  const requests = [
    encodeInferRequest({ inputs: small, outputs: ["y"], id: "1" }),
    encodeInferRequest({ inputs: small, form: "json" }),
  ];
  const responses = (["binary", "json"] as const).map((form) =>
    encodeInferResponse({ model: "m", outputs: small.map((tensor) => ({ ...tensor, form })) }),
  );
  const lengthOf = (random: Random, length: string | undefined, body: Uint8Array) =>
    random.pick([length, length, undefined, String(random.int(0, body.length + 1)), "-1"]);

  it("read a request or say what is wrong with it", () => {
    const random = new Random(1);
    let read = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const { body, headers } = random.pick(requests);
      const bytes = damaged(random, body);
      const length = lengthOf(random, headers[HEADER_LENGTH], bytes);
      const decode = () => ({ tensors: decodeInferRequest(bytes, length).inputs });
      if (isReadOrRefused(decode, bytes.length)) read += 1;
    }
    assert.ok(read > RUNS / 1_000 && read < RUNS / 2, `${read} of ${RUNS} were read`);
  });

  it("read an answer or say what is wrong with it", () => {
    const random = new Random(2);
    let read = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const { body, headers } = random.pick(responses);
      const bytes = damaged(random, body);
      const length = lengthOf(random, headers[HEADER_LENGTH], bytes);
      const decode = () => ({ tensors: decodeInferResponse(bytes, length).outputs });
      if (isReadOrRefused(decode, bytes.length)) read += 1;
    }
    assert.ok(read > RUNS / 1_000 && read < RUNS / 2, `${read} of ${RUNS} were read`);
  });

  it("refuse noise", () => {
    const random = new Random(3);
    for (let run = 0; run < RUNS / 5; run += 1) {
      const bytes = random.bytes(random.int(0, 64));
      assert.equal(
        isReadOrRefused(() => ({ tensors: decodeInferRequest(bytes).inputs }), bytes.length),
        false,
      );
    }
  });

  it("write what they read, for tensors of any type, shape and value", () => {
    const random = new Random(4);
    for (let run = 0; run < 2_000; run += 1) {
      const inputs = random.list(random.int(1, 4), (i) => {
        const { dtype } = random.pick(IN_JSON);
        const shape = random.list(random.int(1, 4), () => random.int(1, 4));
        const size = shape.reduce((product, dimension) => product * dimension, 1);
        const { data } = IN_JSON.find((tensor) => tensor.dtype === dtype) ?? { data: new Uint8Array() };
        const width = data.length / 6;
        const values = random.list(size, () => random.int(0, 5)).flatMap((at) => [...data.slice(at * width, (at + 1) * width)]); // prettier-ignore
        return { name: `input ${i}`, dtype, shape, data: Uint8Array.from(values) };
      });
      for (const form of ["json", "binary"] as const) {
        const { body, headers } = encodeInferRequest({ inputs, form });
        assert.deepEqual(decodeInferRequest(body, headers[HEADER_LENGTH]).inputs, inputs);
      }
    }
  });
});
