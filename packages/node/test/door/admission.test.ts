import { strict as assert } from "node:assert";
import { after, before, beforeEach, describe, it } from "node:test";

import { payloadRoot, type Tensor } from "@opg-protocol/sdk";
import { id } from "ethers";

import {
  type Admission,
  AdmissionRefusedError,
  type Answer,
  type Arrival,
  type Call,
} from "../../dist/door/Admission.js";
import { FreeAdmission } from "../../dist/door/FreeAdmission.js";
import { ExecutionError } from "../../dist/execute/errors.js";
import type { Executable, Executor } from "../../dist/execute/Executor.js";
import { openDoor, type OpenDoor } from "../support/doors.ts";
import { eventually } from "../support/network.ts";

const floats = (...values: number[]): Tensor => ({
  dtype: 1,
  shape: [values.length],
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const MODEL: Executable = {
  versionId: id("version"),
  path: "",
  digest: "",
  inputs: [
    { name: "a", dtype: 1, shape: [2] },
    { name: "b", dtype: 1, shape: [1] },
  ],
  outputs: [
    { name: "y", dtype: 1, shape: [1] },
    { name: "z", dtype: 1, shape: [1] },
  ],
  isJudged: true,
};
const NEVER = new AbortController().signal;
const A = { name: "a", datatype: "FP32", shape: [2], data: [1, 2] };
const B = { name: "b", datatype: "FP32", shape: [1], data: [3] };

/** Writes down all that it is asked. */
class Book implements Admission {
  readonly lines: string[] = [];
  arrival: Arrival | undefined;
  call: Call | undefined;
  answer: Answer | undefined;
  refuses: "identify" | "admit" | "complete" | undefined;

  async identify(arrival: Arrival) {
    await this.#note("identify");
    this.arrival = arrival;
    return { key: "one", admit: (call: Call) => this.#admit(call) };
  }

  async #admit(call: Call) {
    await this.#note("admit");
    this.call = call;
    return {
      complete: async (answer: Answer) => {
        await this.#note("complete");
        this.answer = answer;
        return { "x-receipt": "signed", "content-type": "text/html" };
      },
      release: () => this.#note("release"),
    };
  }

  async #note(line: string): Promise<void> {
    await Promise.resolve();
    this.lines.push(line);
    if (this.refuses === line) throw new AdmissionRefusedError(402, `no voucher at ${line}`, { "x-price": "7" });
  }
}

describe("Admission", () => {
  let book: Book;
  let open: OpenDoor;
  let outputs: Tensor[] | Error = [];
  let work: (signal?: AbortSignal) => Promise<Tensor[]>;
  const executor: Executor = {
    run: (_version, _inputs, signal) => {
      book.lines.push("run");
      return work(signal);
    },
    close: () => Promise.resolve(),
  };
  const forwarding: Admission = { identify: (arrival) => book.identify(arrival) };
  before(async () => {
    open = await openDoor(MODEL, executor, {}, forwarding);
  });
  after(() => open.close());
  beforeEach(() => {
    book = new Book();
    outputs = [floats(4), floats(5)];
    work = () => (outputs instanceof Error ? Promise.reject(outputs) : Promise.resolve(outputs));
  });
  const call = (fields: object = {}, signal?: AbortSignal) =>
    fetch(`${open.url}/v2/models/digits/infer`, {
      ...(signal && { signal }),
      method: "POST",
      headers: { "x-voucher": "mine" },
      body: JSON.stringify({ inputs: [B, A], outputs: [{ name: "z" }], ...fields }),
    });

  it("sees the head of a call first, then what it asks, then the answer, whose headers it gives", async () => {
    const response = await call();
    assert.equal(response.status, 200);
    assert.deepEqual(book.lines, ["identify", "admit", "run", "complete"]);
    const { arrival, call: seen, answer } = book;
    assert.ok(arrival !== undefined && seen !== undefined && answer !== undefined);
    const { versionId, headers, address } = arrival;
    assert.deepEqual([versionId, headers.get("x-voucher"), address], [MODEL.versionId, "mine", "127.0.0.1"]);
    const inputs = [floats(1, 2), floats(3)]; // in the order of the signature
    assert.deepEqual(seen.inputs, inputs);
    assert.equal(seen.inputRoot, payloadRoot(inputs));
    assert.equal(seen.byteLength, JSON.stringify({ inputs: [B, A], outputs: [{ name: "z" }] }).length);
    assert.deepEqual(answer.outputs, outputs); // also what was not asked for
    assert.equal(answer.outputRoot, payloadRoot([floats(4), floats(5)]));
    assert.equal(response.headers.get("x-receipt"), "signed");
    assert.equal(response.headers.get("content-type"), "application/json");
    const { outputs: shown } = (await response.json()) as { outputs: unknown };
    assert.deepEqual(shown, [{ name: "z", datatype: "FP32", shape: [1], data: [5] }]);
  });

  it("is told when a call has waited too long for it, and the caller why", async () => {
    const waiting: Admission = {
      identify: () =>
        Promise.resolve({
          key: "one",
          admit: ({ signal }: Call) =>
            new Promise((_, reject) => {
              signal.addEventListener("abort", () => {
                reject(signal.reason as Error);
              });
            }),
        }),
    };
    const slow = await openDoor(MODEL, executor, { seconds: 0.2 }, waiting);
    const body = JSON.stringify({ inputs: [B, A] });
    const response = await fetch(`${slow.url}/v2/models/digits/infer`, { method: "POST", body });
    assert.deepEqual([response.status, book.lines], [503, []]);
    assert.match(await response.text(), /was not begun in 0\.2 s/);
    await slow.close();
  });

  const refusals: readonly (readonly ["identify" | "admit" | "complete", readonly string[]])[] = [
    ["identify", ["identify"]],
    ["admit", ["identify", "admit"]],
    ["complete", ["identify", "admit", "run", "complete"]],
  ];
  for (const [step, lines] of refusals) {
    it(`refuses at ${step}, and nothing happens after that`, async () => {
      book.refuses = step;
      const response = await call();
      assert.equal(response.status, 402);
      assert.deepEqual(await response.json(), { error: `no voucher at ${step}` });
      assert.equal(response.headers.get("x-price"), "7");
      assert.deepEqual(book.lines, lines);
    });
  }

  it("does not see a call that the model does not take", async () => {
    assert.equal((await call({ inputs: [A] })).status, 400);
    assert.equal((await call({ outputs: [{ name: "w" }] })).status, 400);
    assert.deepEqual(book.lines, ["identify", "identify"]);
  });

  it("does not see a float that is not a number, where a referee judges", async () => {
    const head = JSON.stringify({
      inputs: [A, { name: "b", datatype: "FP32", shape: [1], parameters: { binary_data_size: 4 } }],
    });
    const body = Buffer.concat([Buffer.from(head), floats(NaN).data]);
    const headers = { "inference-header-content-length": `${head.length}` };
    const response = await fetch(`${open.url}/v2/models/digits/infer`, { method: "POST", headers, body });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /not a number/);
    assert.deepEqual(book.lines, ["identify"]);
  });

  it("is told that there is no answer", async () => {
    outputs = new ExecutionError("version", "it broke");
    assert.equal((await call()).status, 500);
    assert.deepEqual(book.lines, ["identify", "admit", "run", "release"]);
  });

  it("binds to nothing for a caller who has left", async () => {
    const leaving = new AbortController();
    let end: (() => void) | undefined;
    let told: AbortSignal | undefined;
    work = (signal) =>
      new Promise((resolve) => {
        told = signal;
        end = () => {
          resolve(outputs as Tensor[]);
        };
      });
    const left = assert.rejects(call({}, leaving.signal), { name: "AbortError" });
    await eventually("it runs", () => Promise.resolve(end !== undefined));
    leaving.abort();
    await left;
    await eventually("the node knows", () => Promise.resolve(told?.aborted === true));
    end?.();
    await eventually("it is over", () => Promise.resolve(book.lines.length === 4));
    assert.deepEqual(book.lines, ["identify", "admit", "run", "release"]);
  });

  it("binds to no answer that cannot be given in the form that was asked for", async () => {
    outputs = [floats(4), floats(NaN)];
    const response = await call();
    assert.equal(response.status, 400);
    assert.match(await response.text(), /ask for it as binary data/);
    assert.deepEqual(book.lines, ["identify", "admit", "run", "release"]);
  });
});

describe("FreeAdmission", () => {
  const arrival = (address: string | undefined, headers = {}): Arrival => ({
    versionId: id("version"),
    headers: new Headers(headers),
    address,
  });
  const refused = { name: "AdmissionRefusedError", status: 403 };

  it("answers callers on this machine, each under its address", async () => {
    const free = new FreeAdmission(false);
    for (const address of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
      const caller = await free.identify(arrival(address));
      assert.equal(caller.key, address);
      const ticket = await caller.admit({ versionId: "", byteLength: 0, inputs: [], inputRoot: "", signal: NEVER });
      assert.deepEqual(await ticket.complete({ outputs: [], outputRoot: "" }), {});
      await ticket.release();
    }
  });

  it("refuses callers elsewhere, and whom a proxy here lets through [T144]", async () => {
    const free = new FreeAdmission(false);
    for (const address of ["10.0.0.1", "8.8.8.8", "fe80::1", "::ffff:10.0.0.1", undefined]) {
      await assert.rejects(free.identify(arrival(address)), refused);
    }
    for (const header of ["forwarded", "x-forwarded-for", "x-real-ip", "via"]) {
      await assert.rejects(free.identify(arrival("127.0.0.1", { [header]: "127.0.0.1" })), refused);
    }
  });

  it("refuses a page in a browser on this machine [T144]", async () => {
    const free = new FreeAdmission(false);
    for (const origin of ["https://page.example", "http://127.0.0.1:8700", "null"]) {
      await assert.rejects(free.identify(arrival("127.0.0.1", { origin })), refused);
    }
  });

  it("answers everybody where the operator says so", async () => {
    const free = new FreeAdmission(true);
    assert.equal((await free.identify(arrival("8.8.8.8", { via: "proxy" }))).key, "8.8.8.8");
  });
});
