import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { TensorLengthError } from "../../src/codecs/tensor.ts";
import {
  decodeInferRequest,
  encodeInferRequest,
  HEADER_LENGTH,
  type InferRequest,
  NotInJsonError,
  OipFormatError,
  type OipMessage,
} from "../../src/oip/index.ts";
import { IN_BINARY_ALONE, IN_JSON, TOO_LARGE, utf8 } from "./support.ts";

const read = ({ body, headers }: OipMessage): InferRequest => decodeInferRequest(body, headers[HEADER_LENGTH]);
const plain = (fields: unknown): InferRequest => decodeInferRequest(utf8(JSON.stringify(fields)));
const input = (changes: object = {}) => ({
  name: "x",
  datatype: "UINT8",
  shape: [2, 2],
  data: [1, 2, 3, 4],
  ...changes,
});
const withInput = (changes: object) => () => plain({ inputs: [input(changes)] });
const refuses = (call: () => unknown, place: string, reason: RegExp) => {
  assert.throws(call, (error) => {
    assert.ok(error instanceof OipFormatError, String(error));
    assert.equal(error.place, place);
    assert.match(error.reason, reason);
    return true;
  });
};

describe("encodeInferRequest and decodeInferRequest", () => {
  const every = [...IN_JSON, ...IN_BINARY_ALONE, ...TOO_LARGE];
  const oneEach = [...new Map(every.map((tensor) => [tensor.dtype, tensor])).values()];

  for (const [i, tensor] of every.entries()) {
    it(`keep every bit of a ${tensor.name} as binary data (${i})`, () => {
      const { inputs, outputs, form, id } = read(encodeInferRequest({ inputs: [tensor] }));
      assert.deepEqual([inputs, outputs, form, id], [[tensor], undefined, "binary", undefined]);
    });
  }

  for (const tensor of IN_JSON) {
    it(`keep every bit of a ${tensor.name} as numbers`, () => {
      const message = encodeInferRequest({ inputs: [tensor], form: "json" });
      assert.deepEqual(message.headers, { "content-type": "application/json" });
      assert.deepEqual(read(message).inputs, [tensor]);
    });
  }

  it("carry all types in one message, with names of outputs and an id", () => {
    assert.equal(oneEach.length, 13);
    const message = encodeInferRequest({ inputs: oneEach, outputs: ["y", "z"], id: "42" });
    assert.equal(message.headers["content-type"], "application/octet-stream");
    const request = read(message);
    assert.deepEqual(request.inputs, oneEach);
    assert.deepEqual(request.outputs, [
      { name: "y", form: "binary" },
      { name: "z", form: "binary" },
    ]);
    assert.equal(request.id, "42");
  });

  it("refuse to write what JSON does not hold, and a tensor that is none", () => {
    for (const tensor of IN_BINARY_ALONE) {
      assert.throws(
        () => encodeInferRequest({ inputs: [tensor], form: "json" }),
        (error) => error instanceof NotInJsonError && error.tensor === tensor.name,
      );
    }
    const short = { name: "x", dtype: 1, shape: [2], data: new Uint8Array(7) };
    assert.throws(() => encodeInferRequest({ inputs: [short] }), new TensorLengthError(short, 7, 8));
    const truth = { name: "x", dtype: 9, shape: [1], data: Uint8Array.of(2) };
    assert.throws(() => encodeInferRequest({ inputs: [truth], form: "json" }), NotInJsonError);
  });

  it("do not take a number that JavaScript has rounded for the one that was sent", () => {
    for (const tensor of TOO_LARGE) {
      const message = encodeInferRequest({ inputs: [tensor], form: "json" });
      assert.match(new TextDecoder().decode(message.body), /9223372036854775807|18446744073709551615/);
      refuses(() => read(message), "inputs[0].data, element 0", /no integer|beyond what JSON is read exactly/);
    }
  });
});

describe("decodeInferRequest", () => {
  it("takes data flat or nested as the shape is", () => {
    const flat = plain({ inputs: [input()] });
    assert.deepEqual(plain({ inputs: [input({ data: [[1, 2], [3, 4]] })] }), flat); // prettier-ignore
    assert.deepEqual(flat.inputs, [{ name: "x", dtype: 2, shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) }]);
  });

  it("takes the words of the specification's example", () => {
    const inputs = [
      { name: "input0", shape: [2, 2], datatype: "UINT32", data: [1, 2, 3, 4] },
      { name: "input1", shape: [3], datatype: "BOOL", data: [true, false, true] },
    ];
    const request = plain({ id: "42", inputs, outputs: [{ name: "output0" }] });
    assert.deepEqual([request.id, request.form, request.outputs], ["42", "json", [{ name: "output0", form: "json" }]]);
    assert.deepEqual(request.inputs[1]?.data, Uint8Array.of(1, 0, 1));
  });

  it("lets each output say otherwise than the request", () => {
    const outputs = [{ name: "a", parameters: { binary_data: false } }, { name: "b" }, { name: "c", parameters: {} }];
    const request = plain({ parameters: { binary_data_output: true, other: 7 }, inputs: [input()], outputs });
    assert.deepEqual(
      request.outputs?.map(({ form }) => form),
      ["json", "binary", "binary"],
    );
    assert.equal(plain({ inputs: [input()], outputs: [] }).outputs, undefined);
  });

  it("takes one element of BYTES for a tensor of bytes", () => {
    const expected = { name: "x", dtype: 2, shape: [5], data: utf8("héll") };
    const text = { name: "x", datatype: "BYTES", shape: [1, 1], data: [["héll"]] };
    assert.deepEqual(plain({ inputs: [text] }).inputs, [expected]);
    const head = utf8(
      JSON.stringify({ inputs: [{ name: "x", datatype: "BYTES", shape: [1], parameters: { binary_data_size: 9 } }] }),
    );
    const body = Uint8Array.of(...head, 5, 0, 0, 0, ...utf8("héll"));
    assert.deepEqual(decodeInferRequest(body, String(head.length)).inputs, [expected]);
    body[head.length] = 6;
    refuses(() => decodeInferRequest(body, String(head.length)), "inputs[0]", /4 bytes of length/);
    refuses(withInput({ datatype: "BYTES", shape: [2], data: ["a", "b"] }), "inputs[0]", /one element of BYTES/);
    refuses(withInput({ datatype: "BYTES", shape: [1], data: ["a", "b"] }), "inputs[0].data", /array of one text/);
    refuses(withInput({ datatype: "BYTES", shape: [1], data: [""] }), "inputs[0]", /no bytes/);
  });

  const wrong: readonly (readonly [object, string, RegExp])[] = [
    [{ name: "" }, "inputs[0].name", /text/],
    [{ name: 7 }, "inputs[0].name", /text/],
    [{ name: "x".repeat(1_025) }, "inputs[0].name", /more than 1024/],
    [{ datatype: "STRING" }, "inputs[0].datatype", /STRING is not supported/],
    [{ datatype: "toString" }, "inputs[0].datatype", /not supported/],
    [{ shape: undefined }, "inputs[0].shape", /array/],
    [{ shape: [] }, "inputs[0].shape", /at least one number/],
    [{ shape: [0, 4] }, "inputs[0].shape", /from 1/],
    [{ shape: [-1, 4] }, "inputs[0].shape", /from 1/],
    [{ shape: [2 ** 32] }, "inputs[0].shape", /from 1/],
    [{ shape: [1.5] }, "inputs[0].shape", /from 1/],
    [{ shape: Array(33).fill(1) }, "inputs[0].shape", /33 items, at most 32/],
    [{ shape: Array(32).fill(2 ** 32 - 1) }, "inputs[0].data", /has 4 elements/],
    [{ data: undefined }, "inputs[0].data", /array/],
    [{ data: "AQIDBA==" }, "inputs[0].data", /array/],
    [{ data: [1, 2, 3] }, "inputs[0].data", /has 3 elements, its shape says 4/],
    [{ data: [[1, 2, 3, 4]] }, "inputs[0].data", /row of 1 along axis 0, its shape says 2/],
    [{ data: [[1, 2, 3], [4]] }, "inputs[0].data", /row of 3 along axis 1/],
    [{ data: [[1, 2], 3, 4] }, "inputs[0].data", /row of 3 along axis 0/],
    [{ data: [[1, 2], 3] }, "inputs[0].data", /axis 1 is not/],
    [{ data: [1, 2, 3, 256] }, "inputs[0].data, element 3", /256 is no integer from 0 to 255/],
    [{ data: [1, 2, 3, -1] }, "inputs[0].data, element 3", /-1 is no integer/],
    [{ data: [1, 2, 3, 1.5] }, "inputs[0].data, element 3", /1.5 is no integer/],
    [{ data: [1, 2, 3, "4"] }, "inputs[0].data, element 3", /must be a number/],
    [{ data: [1, 2, 3, null] }, "inputs[0].data, element 3", /must be a number/],
    [{ data: [1, 2, 3, [4]] }, "inputs[0].data, element 3", /must be a number/],
    [{ datatype: "BOOL", data: [true, false, true, 1] }, "inputs[0].data, element 3", /true or false/],
    [{ datatype: "FP32", data: [0, 0, 0, 1e39] }, "inputs[0].data, element 3", /too large for FP32/],
    [{ datatype: "FP16", data: [0, 0, 0, 0] }, "inputs[0].data", /binary data alone/],
    [{ parameters: 7 }, "inputs[0].parameters", /object/],
    [{ parameters: { binary_data_size: 4 } }, "inputs[0]", /both data and/],
    [{ data: undefined, parameters: { binary_data_size: 4 } }, "inputs[0].parameters.binary_data_size", /not there/],
    [{ data: undefined, parameters: { binary_data_size: -1 } }, "inputs[0].parameters.binary_data_size", /number of/],
    [{ data: undefined, parameters: { binary_data_size: "4" } }, "inputs[0].parameters.binary_data_size", /number of/],
  ];
  for (const [changes, place, reason] of wrong) {
    it(`refuses an input with ${JSON.stringify(changes).slice(0, 80)}`, () => {
      refuses(withInput(changes), place, reason);
    });
  }

  it("refuses what is no request", () => {
    refuses(() => decodeInferRequest(utf8("{")), "body", /no JSON/);
    refuses(() => decodeInferRequest(Uint8Array.of(0xff)), "body", /no JSON/);
    refuses(() => plain([]), "body", /object/);
    refuses(() => plain({}), "inputs", /array/);
    refuses(() => plain({ inputs: Array(257).fill(input()) }), "inputs", /257 items, at most 256/);
    refuses(() => plain({ inputs: [input(), input()] }), "inputs", /"x" is there twice/);
    refuses(() => plain({ inputs: [input()], id: 7 }), "id", /text/);
    refuses(() => plain({ inputs: [input()], outputs: [{ name: "y" }, { name: "y" }] }), "outputs", /twice/);
    refuses(() => plain({ inputs: [input()], outputs: {} }), "outputs", /array/);
    const flag = { binary_data_output: "yes" };
    refuses(
      () => plain({ inputs: [input()], parameters: flag }),
      "body.parameters.binary_data_output",
      /true or false/,
    );
  });

  it("refuses a length of the JSON that is none, and bytes that belong to no tensor", () => {
    const body = utf8(`${JSON.stringify({ inputs: [input()] })}rest`);
    for (const length of ["", "-1", "1e2", "0x10", " 4", "4.0", `${body.length + 1}`, "9".repeat(16)]) {
      refuses(() => decodeInferRequest(body, length), HEADER_LENGTH, /must be a number up to/);
    }
    refuses(() => decodeInferRequest(body, `${body.length - 4}`), "body", /4 bytes belong to no tensor/);
    refuses(() => decodeInferRequest(body, `${body.length - 5}`), "body", /no JSON/);
  });

  it("refuses binary data that is shorter or longer than its shape, and a truth of 2", () => {
    const head = (size: number, datatype = "UINT8") =>
      utf8(JSON.stringify({ inputs: [input({ datatype, data: undefined, parameters: { binary_data_size: size } })] }));
    for (const size of [0, 3, 5]) {
      const body = Uint8Array.of(...head(size), 1, 2, 3, 4, 5).subarray(0, head(size).length + size);
      refuses(
        () => decodeInferRequest(body, `${head(size).length}`),
        "inputs[0]",
        /bytes, its datatype and shape say 4/,
      );
    }
    const truths = Uint8Array.of(...head(4, "BOOL"), 0, 1, 2, 0);
    refuses(() => decodeInferRequest(truths, `${head(4, "BOOL").length}`), "inputs[0]", /neither 0 nor 1/);
  });

  it("does not follow arrays down without end", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    const body = (data: string, datatype: string) =>
      utf8(`{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1],"data":${data}}]}`);
    refuses(() => decodeInferRequest(body(deep, "UINT8")), "inputs[0].data, element 0", /must be a number/);
    refuses(() => decodeInferRequest(body(deep, "BYTES")), "inputs[0].data", /array of one text/);
  });

  it("copies: what comes after does not change what was read", () => {
    const tensor = { name: "x", dtype: 2, shape: [2], data: Uint8Array.of(1, 2) };
    const { body, headers } = encodeInferRequest({ inputs: [tensor] });
    for (const bytes of [body.slice(), Buffer.from(body)]) {
      const request = decodeInferRequest(bytes, headers[HEADER_LENGTH]);
      bytes.fill(0);
      assert.deepEqual(request.inputs, [tensor]);
    }
  });
});
