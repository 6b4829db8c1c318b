import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  decodeInferResponse,
  encodeInferResponse,
  HEADER_LENGTH,
  NotInJsonError,
  OipFormatError,
  readModelMetadata,
  readServerMetadata,
  tensorMetadata,
} from "../../src/oip/index.ts";
import { IN_BINARY_ALONE, IN_JSON, utf8 } from "./support.ts";

const decode = (fields: unknown) => decodeInferResponse(utf8(JSON.stringify(fields)));

describe("encodeInferResponse and decodeInferResponse", () => {
  it("keep every bit, whichever form each output has", () => {
    const outputs = [
      ...IN_JSON.map((tensor) => ({ ...tensor, name: `${tensor.name} as numbers`, form: "json" as const })),
      ...[...IN_JSON, ...IN_BINARY_ALONE].map((tensor, i) => ({ ...tensor, name: `${i}`, form: "binary" as const })),
    ];
    const parameters = { version_id: "0x01" };
    const { body, headers } = encodeInferResponse({ model: "digits", version: "1.0", id: "7", parameters, outputs });
    const response = decodeInferResponse(body, headers[HEADER_LENGTH]);
    assert.deepEqual(
      response.outputs,
      outputs.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, data })),
    );
    assert.deepEqual([response.model, response.version, response.id], ["digits", "1.0", "7"]);
    assert.deepEqual(response.parameters, parameters);
  });

  it("say which output needs binary data", () => {
    const [tensor] = IN_BINARY_ALONE;
    assert.ok(tensor !== undefined);
    assert.throws(
      () => encodeInferResponse({ model: "m", outputs: [{ ...tensor, form: "json" }] }),
      new NotInJsonError(tensor.name, "which has no NaN"),
    );
  });

  it("leave out what was not given", () => {
    const { body, headers } = encodeInferResponse({ model: "m", outputs: [] });
    assert.equal(new TextDecoder().decode(body), '{"model_name":"m","outputs":[]}');
    assert.deepEqual(headers, { "content-type": "application/json" });
  });
});

describe("decodeInferResponse", () => {
  it("takes an answer that names no model, as the specification's example does", () => {
    const outputs = [{ name: "output0", shape: [3, 2], datatype: "FP32", data: [1.0, 1.1, 2.0, 2.1, 3.0, 3.1] }];
    const { model, id, outputs: read } = decode({ id: "42", outputs });
    assert.deepEqual([model, id], [undefined, "42"]);
    assert.deepEqual(
      new Float32Array((read[0]?.data.slice() ?? new Uint8Array()).buffer),
      Float32Array.of(1, 1.1, 2, 2.1, 3, 3.1),
    );
  });

  it("refuses what is no answer", () => {
    for (const [fields, place] of [
      [7, "body"],
      [{}, "outputs"],
      [{ outputs: [7] }, "outputs[0]"],
      [{ outputs: [], model_name: {} }, "model_name"],
      [{ outputs: [], parameters: [] }, "body.parameters"],
    ] as const) {
      assert.throws(
        () => decode(fields),
        (error) => error instanceof OipFormatError && error.place === place,
        place,
      );
    }
  });
});

describe("metadata", () => {
  const server = { name: "server", version: "1", extensions: ["binary_tensor_data"] };
  const tensor = { name: "x", datatype: "FP32", shape: [-1, 3] };
  const model = { name: "m", versions: ["1"], platform: "onnx_onnxv1", inputs: [tensor], outputs: [] };

  it("is read as it was written, and as servers that say less write it", () => {
    assert.deepEqual(readServerMetadata(server), server);
    assert.deepEqual(readServerMetadata({ name: "server" }), { name: "server", version: "", extensions: [] });
    assert.deepEqual(readModelMetadata({ ...model, other: 7 }), model);
    assert.deepEqual(readModelMetadata({ name: "m" }), { ...model, versions: [], platform: "", inputs: [] });
  });

  it("leaves the dimensions open that a signature leaves open", () => {
    assert.deepEqual(tensorMetadata({ name: "x", dtype: 1, shape: [0, 3] }), tensor);
    assert.throws(() => tensorMetadata({ name: "x", dtype: 8, shape: [] }), /its element type 8 has no name/);
  });

  it("is refused where it is of another form", () => {
    for (const [read, given, place] of [
      [readServerMetadata, null, "body"],
      [readServerMetadata, { name: "" }, "name"],
      [readServerMetadata, { ...server, extensions: [7] }, "extensions[0]"],
      [readModelMetadata, { ...model, inputs: [{ ...tensor, shape: ["3"] }] }, "inputs[0].shape"],
      [readModelMetadata, { ...model, inputs: [{ ...tensor, datatype: 1 }] }, "inputs[0].datatype"],
      [readModelMetadata, { ...model, versions: "1" }, "versions"],
    ] as const) {
      assert.throws(
        () => read(given),
        (error) => error instanceof OipFormatError && error.place === place,
        place,
      );
    }
  });
});
