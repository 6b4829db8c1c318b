/** A caller that knows the specification alone: `inference_rest.md` and the extension for binary tensor data. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { RuntimeProcess } from "../../dist/execute/RuntimeProcess.js";
import { createLogger } from "../../dist/log.js";
import { digitsIn, openDoor, type OpenDoor } from "../support/doors.ts";
import { temporaryFolder } from "../support/folder.ts";
import { IMAGE } from "../support/network.ts";

interface Output {
  readonly name: string;
  readonly shape: number[];
  readonly datatype: string;
  readonly data?: number[];
  readonly parameters?: { readonly binary_data_size: number };
}

interface Answer {
  readonly model_name: string;
  readonly model_version?: string;
  readonly id?: string;
  readonly outputs: Output[];
}

describe("the Open Inference Protocol v2", () => {
  const store = join(temporaryFolder(), "artifacts");
  const runtime = new RuntimeProcess(store, { time: 30_000, memory: 1_000, queue: 8 }, createLogger("silent", false));
  const executable = digitsIn(store);
  const { versionId } = executable;
  let isReady = true;
  let door: OpenDoor;
  let expected: Float32Array;
  before(async () => {
    door = await openDoor(executable, runtime, {}, undefined, () => isReady);
    const [logits] = await runtime.run(executable, [IMAGE]);
    expected = new Float32Array(logits?.data.slice().buffer ?? new ArrayBuffer());
  });
  after(async () => {
    await door.close();
    await runtime.close();
  });

  const get = (path: string) => fetch(`${door.url}/${path}`);
  const pixels = [...IMAGE.data];
  const input = { name: "image", shape: [1, 1, 8, 8], datatype: "UINT8", data: pixels };
  const infer = (body: unknown, path = `v2/models/${versionId}/infer`) =>
    fetch(`${door.url}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const answered = async (response: Response): Promise<Answer> => {
    assert.equal(response.status, 200, await response.clone().text());
    assert.equal(response.headers.get("content-type"), "application/json");
    return (await response.json()) as Answer;
  };
  const refused = async (response: Response, status: number, reason: RegExp) => {
    const { error } = (await response.json()) as { error: string };
    assert.equal(response.status, status, error);
    assert.match(error, reason);
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  };
  /** JSON, then binary data; the header says where one ends and the other begins. */
  const inferBinary = (fields: object, data: Uint8Array, length?: string) => {
    const head = Buffer.from(JSON.stringify(fields));
    return fetch(`${door.url}/v2/models/${versionId}/infer`, {
      method: "POST",
      headers: {
        "content-type": "application/octet-stream",
        "Inference-Header-Content-Length": length ?? `${head.length}`,
      },
      body: Buffer.concat([head, data]),
    });
  };
  const floatsOf = async (response: Response): Promise<Float32Array> => {
    const length = Number(response.headers.get("Inference-Header-Content-Length"));
    const body = Buffer.from(await response.arrayBuffer());
    const [output] = (JSON.parse(body.subarray(0, length).toString()) as Answer).outputs;
    assert.deepEqual(output, {
      name: "logits",
      shape: [1, 10],
      datatype: "FP32",
      parameters: { binary_data_size: 40 },
    });
    assert.equal(body.length, length + 40);
    return new Float32Array(new Uint8Array(body.subarray(length)).buffer);
  };

  it("says that the server lives", async () => {
    const response = await get("v2/health/live");
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { live: boolean }).live, true);
  });

  it("says whether the server is ready", async () => {
    assert.equal((await get("v2/health/ready")).status, 200);
    isReady = false;
    assert.equal((await get("v2/health/ready")).status, 503);
    assert.equal((await get("v2/health/live")).status, 200);
    isReady = true;
  });

  it("gives the server's metadata, with and without a slash", async () => {
    for (const path of ["v2", "v2/"]) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      const { name, version, extensions } = (await response.json()) as Record<string, unknown>;
      assert.equal(name, "opg-node");
      assert.match(String(version), /^\d+\.\d+\.\d+/);
      assert.deepEqual(extensions, ["binary_tensor_data"]);
    }
  });

  const names = (id: string) => [id, "digits", `${id}/versions/1.0`, "digits/versions/1.0"];

  it("gives a model's metadata, by id and by name, with and without a version", async () => {
    for (const path of names(versionId)) {
      const response = await get(`v2/models/${path}`);
      assert.equal(response.status, 200, path);
      assert.deepEqual(await response.json(), {
        name: path.split("/")[0],
        versions: ["1.0"],
        platform: "onnx_onnxv1",
        inputs: [{ name: "image", datatype: "UINT8", shape: [1, 1, 8, 8] }],
        outputs: [{ name: "logits", datatype: "FP32", shape: [1, 10] }],
        parameters: { version_id: versionId },
      });
    }
  });

  it("says that a model is ready", async () => {
    for (const path of names(versionId)) {
      const response = await get(`v2/models/${path}/ready`);
      assert.equal(response.status, 200, path);
      assert.deepEqual(await response.json(), { name: path.split("/")[0], ready: true });
    }
  });

  it("runs a model on numbers, flat or nested, and gives what ONNX Runtime gives", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => pixels.slice(8 * i, 8 * i + 8));
    for (const data of [pixels, [[rows]]]) {
      for (const path of names(versionId)) {
        const answer = await answered(
          await infer({ id: "42", inputs: [{ ...input, data }] }, `v2/models/${path}/infer`),
        );
        assert.deepEqual([answer.model_name, answer.model_version, answer.id], [path.split("/")[0], "1.0", "42"]);
        const [{ name, shape, datatype, data: numbers } = input] = answer.outputs;
        assert.deepEqual([name, shape, datatype], ["logits", [1, 10], "FP32"]);
        assert.deepEqual(Float32Array.from(numbers as number[]), expected);
      }
    }
  });

  it("gives only outputs that are asked for, and no id where none was given", async () => {
    const answer = await answered(await infer({ inputs: [input], outputs: [{ name: "logits" }] }));
    assert.deepEqual([answer.outputs.length, answer.id], [1, undefined]);
  });

  it("takes and gives binary data, for one output or for all", async () => {
    const binary = { name: "image", shape: [1, 1, 8, 8], datatype: "UINT8", parameters: { binary_data_size: 64 } };
    const one = { inputs: [binary], outputs: [{ name: "logits", parameters: { binary_data: true } }] };
    assert.deepEqual(await floatsOf(await inferBinary(one, IMAGE.data)), expected);
    const all = { inputs: [binary], parameters: { binary_data_output: true } };
    assert.deepEqual(await floatsOf(await inferBinary(all, IMAGE.data)), expected);
    const answer = await answered(await inferBinary({ inputs: [binary] }, IMAGE.data));
    assert.deepEqual(Float32Array.from(answer.outputs[0]?.data ?? []), expected);
    assert.deepEqual(await floatsOf(await infer({ ...all, inputs: [input] })), expected);
  });

  it("answers 404 for what it does not serve", async () => {
    await refused(await get("v2/models/other"), 404, /serves no model "other"/);
    await refused(await get("v2/models/other/ready"), 404, /no model/);
    await refused(await get("v2/models/digits/versions/2.0"), 404, /no version "2.0" of a model "digits"/);
    await refused(await infer({ inputs: [input] }, "v2/models/other/infer"), 404, /no model/);
    await refused(await get("v2/repository/index"), 404, /no GET \/v2\/repository\/index/);
    await refused(await get(`v2/models/${versionId}/infer`), 404, /no GET/);
  });

  it("answers 400 for a call that is not as the protocol or the model says", async () => {
    await refused(await infer("no request"), 400, /body: must be an object/);
    await refused(await infer({ inputs: [{ ...input, shape: [64, -1] }] }), 400, /inputs\[0\]\.shape/);
    await refused(await infer({ inputs: [] }), 400, /"image" is missing/);
    await refused(await infer({ inputs: [{ ...input, name: "other" }] }), 400, /no input "other"/);
    await refused(
      await infer({ inputs: [{ ...input, shape: [64] }] }),
      400,
      /"image" is UINT8 of shape \[64\], and the model takes UINT8 of shape \[1, 1, 8, 8\]/,
    );
    await refused(await infer({ inputs: [{ ...input, datatype: "INT8", data: Array(64).fill(0) }] }), 400, /is INT8/);
    await refused(await infer({ inputs: [input], outputs: [{ name: "other" }] }), 400, /no output "other"/);
    await refused(await inferBinary({ inputs: [input] }, IMAGE.data, "x"), 400, /inference-header-content-length/);
    await refused(await inferBinary({ inputs: [input] }, IMAGE.data), 400, /64 bytes belong to no tensor/);
  });

  it("answers 413 for a body that is too long, said or unsaid", async () => {
    const long = { inputs: [input], id: "x".repeat(11_000) };
    await refused(await infer(long), 413, /more than 10485 bytes/);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(JSON.stringify(long)));
        controller.close();
      },
    });
    const request = { method: "POST", body: stream, duplex: "half" } as RequestInit;
    await refused(await fetch(`${door.url}/v2/models/digits/infer`, request), 413, /more than/);
  });

  it("answers 415 for a body that is packed", async () => {
    const headers = { "content-encoding": "gzip" };
    const request = { method: "POST", body: "x", headers };
    await refused(await fetch(`${door.url}/v2/models/digits/infer`, request), 415, /encoded with "gzip"/);
  });
});
