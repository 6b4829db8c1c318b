import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { Executor, INTEGER_PROFILE, compile, readModel, writeModel } from "@opg-protocol/sdk/onnx";

import { onnxModel } from "../../node/test/support/onnx.ts";
import { runtimeExecutor } from "../src/model/runtime.ts";

const pathTo = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const OPG = pathTo("../bin/opg.js");
const DIGITS = pathTo("../../../examples/digits/digits.onnx");
const FOLDER = mkdtempSync(join(tmpdir(), "opg-cli-"));
after(() => {
  rmSync(FOLDER, { recursive: true });
});

/** Runs the command line and gives what it said and its exit code. */
function opg(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [OPG, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(FOLDER, name);
  writeFileSync(path, content);
  return path;
}

const VERSES = pathTo("../../../examples/models/verses/pass-64.onnx");

const program = compile(readFileSync(DIGITS));
const verses = compile(readFileSync(VERSES), INTEGER_PROFILE);
const picture = Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256);
const tensor = { dtype: 2, dims: [1, 1, 8, 8], data: Buffer.from(picture).toString("base64") };
const inputs = fileOf("inputs.json", JSON.stringify({ image: tensor }));

/** The model of digits with another kind of last node. */
function broken(name: string): string {
  const model = readModel(readFileSync(DIGITS));
  const { graph } = model;
  assert.ok(graph !== undefined);
  const node = graph.node.map((each) => (each.name === "pool2" ? { ...each, name, opType: "AveragePool" } : each));
  return fileOf("broken.onnx", writeModel({ ...model, graph: { ...graph, node } }));
}

describe("opg model lint", () => {
  it("accepts the model of digits, as a table and as JSON", () => {
    const table = opg("model", "lint", DIGITS);
    assert.equal(table.status, 0);
    assert.match(table.stdout, new RegExp(`Graph root +${program.graphRoot}`));
    assert.match(table.stdout, /^7 +DOT +dense +\[1, 10\] +50 *$/m);

    const { status, stdout } = opg("model", "lint", DIGITS, "--json");
    assert.equal(status, 0);
    const { steps, ...rest } = JSON.parse(stdout) as { steps: unknown[] };
    assert.deepEqual(rest, {
      accepted: true,
      profile: "onnx-int8/1",
      graphRoot: program.graphRoot,
      inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
      outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
    });
    assert.equal(steps.length, 9);
    const dense = { index: 7, name: "dense", opcode: "DOT", dtype: 2, shape: [1, 10], inputs: [6], constantWords: 50 };
    assert.deepEqual(steps[7], dense);
  });

  it("refuses with the node and the reason", () => {
    const refusals = [
      {
        node: "pool",
        operator: "AveragePool",
        attribute: "",
        reason: "is no operator of the profile (domain ai.onnx)",
      },
    ];
    const { status, stdout } = opg("model", "lint", broken("pool"), "--json");
    assert.equal(status, 1);
    assert.deepEqual(JSON.parse(stdout), { accepted: false, profile: "onnx-int8/1", refusals });

    const table = opg("model", "lint", broken("pool"));
    assert.equal(table.status, 1);
    assert.match(table.stdout, /^The model is outside of the profile onnx-int8\/1, for one reason\.$/m);
    assert.match(table.stdout, /^pool +AveragePool +is no operator of the profile/m);
  });

  it("accepts a model of integers, and says which profile it is of", () => {
    const { status, stdout } = opg("model", "lint", VERSES, "--json");
    assert.equal(status, 0);
    const { steps, ...rest } = JSON.parse(stdout) as { steps: readonly { opcode: string }[] };
    const number = (name: string) => ({ name, dtype: 6, shape: [1] });
    assert.deepEqual(rest, {
      accepted: true,
      profile: "onnx-int8/2",
      graphRoot: verses.graphRoot,
      inputs: [{ name: "prompt", dtype: 2, shape: [64] }, ...["limit", "seed", "temperature"].map(number)],
      outputs: [{ name: "text", dtype: 2, shape: [64] }],
    });
    assert.equal(steps[3]?.opcode, "ROWS");
  });

  it("prints no control characters that a file brings", () => {
    const { stdout } = opg("model", "lint", broken("\u001b[2Jpool\u0007\u009b"));
    assert.doesNotMatch(stdout.replaceAll("\n", ""), /\p{Cc}/u);
    assert.match(stdout, /\ufffd\[2Jpool\ufffd\ufffd/);
  });
});

describe("opg model tune", () => {
  it("writes a file that needs nothing as it is", () => {
    const output = join(FOLDER, "tuned.onnx");
    const { status, stdout } = opg("model", "tune", DIGITS, "-o", output);
    assert.deepEqual([status, stdout], [0, "All sums are portable already.\n"]);
    assert.deepEqual(readFileSync(output), readFileSync(DIGITS));
  });

  it("refuses what is no ONNX file, on the error stream", () => {
    const { status, stdout, stderr } = opg("model", "tune", fileOf("no.onnx", "no"), "-o", join(FOLDER, "never"));
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /this is no ONNX file/);
  });
});

describe("opg model run and trace", () => {
  it("print the same for the emulator and for ONNX Runtime", () => {
    const [reference, runtime] = ["reference", "onnxruntime"].map((executor) => {
      const args = [DIGITS, "-i", inputs, "--executor", executor];
      return [opg("model", "run", ...args), opg("model", "trace", ...args)];
    });
    assert.deepEqual(reference, runtime);
    assert.deepEqual(
      reference?.map(({ status }) => status),
      [0, 0],
    );
  });

  it("print outputs, and the root of every step", () => {
    const expected = new Executor(program).trace([{ dtype: 2, shape: [1, 1, 8, 8], data: picture }]);
    const [logits] = expected.outputs;
    const outputs = { logits: { dtype: 1, dims: [1, 10], data: Buffer.from(logits?.data ?? []).toString("base64") } };
    assert.deepEqual(JSON.parse(opg("model", "run", DIGITS, "-i", inputs).stdout), outputs);
    const trace = JSON.parse(opg("model", "trace", DIGITS, "-i", inputs).stdout) as Record<string, unknown>;
    assert.equal(trace.graphRoot, program.graphRoot);
    assert.deepEqual(trace.outputs, outputs);
    assert.deepEqual(
      trace.steps,
      program.steps.map(({ name }, index) => ({ index, name, root: expected.roots[index] })),
    );
    assert.match(String(trace.traceRoot), /^0x[0-9a-f]{64}$/);
  });

  describe("of a language model", () => {
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
    const number = (value: number) => ({
      dtype: 6,
      dims: [1],
      data: base64(new Uint8Array(Int32Array.of(value).buffer)),
    });
    const bytes = (text: string) => ({ dtype: 2, dims: [64], data: base64(Buffer.from(text.padEnd(64, "\0"))) });
    const question = { prompt: bytes("And God said"), limit: number(20), seed: number(0), temperature: number(0) };
    const asked = () => fileOf("question.json", JSON.stringify(question));
    type Traced = { readonly traceRoot: string; readonly outputs: { readonly text: { readonly data: string } } };
    const traced = (...args: readonly string[]) => JSON.parse(opg("model", "trace", VERSES, ...args).stdout) as Traced;

    it("find the text that the model makes again, with either executor", () => {
      const [emulated, given] = ["reference", "onnxruntime"].map((name) => traced("-i", asked(), "--executor", name));
      assert.deepEqual(emulated, given);
      const text = Buffer.from(emulated?.outputs.text.data ?? "", "base64");
      assert.match(text.toString(), /^\0{12}[ -~]{8}\0{44}$/);
      assert.deepEqual(JSON.parse(opg("model", "run", VERSES, "-i", asked()).stdout), emulated?.outputs);
    });

    it("show the model what the inputs say that the text is", () => {
      const { traceRoot, outputs } = traced("-i", asked());
      const shown = (data: string) =>
        fileOf("shown.json", JSON.stringify({ ...question, "text.stated": { dtype: 2, dims: [64], data } }));
      const text = Buffer.from(outputs.text.data, "base64");
      assert.equal(traced("-i", shown(outputs.text.data)).traceRoot, traceRoot);
      text[12] = (text[12] ?? 0) ^ 1;
      const other = traced("-i", shown(base64(text)));
      assert.notEqual(other.traceRoot, traceRoot);
      assert.notEqual(other.outputs.text.data, base64(text));
    });
  });

  it("want all outputs that a model is shown, or none", () => {
    const value = (name: string) => ({ name, dtype: 2, shape: [2] });
    const copy = (output: string) => ({ type: "Concat", inputs: [`${output}.stated`], outputs: [output] });
    const [taken, made] = [["x", "a.stated", "b.stated"].map(value), ["a", "b"].map(value)];
    const model = fileOf("two.onnx", onnxModel(taken, made, ["a", "b"].map(copy)));
    const words = { dtype: 2, dims: [2], data: Buffer.of(1, 2).toString("base64") };
    const some = fileOf("some.json", JSON.stringify({ x: words, "b.stated": words }));
    for (const command of ["run", "trace"]) {
      const { status, stdout, stderr } = opg("model", command, model, "-i", some);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /some\.json: .* give a\.stated, b\.stated, or leave all of them out/);
    }
    const all = fileOf("all.json", JSON.stringify({ x: words, "a.stated": words, "b.stated": words }));
    assert.deepEqual(JSON.parse(opg("model", "run", model, "-i", all).stdout), { a: words, b: words });
  });

  it("never take what ONNX Runtime has not made for what it agrees on", async () => {
    const file = readFileSync(DIGITS);
    const input = [{ dtype: 2, shape: [1, 1, 8, 8], data: picture }];
    const renamed = { ...program, outputs: program.outputs.map((output) => ({ ...output, name: "other" })) };
    const expected = new Error("ONNX Runtime has made no tensor other, which the model has.");
    const executor = runtimeExecutor(file, renamed);
    await assert.rejects(async () => executor.run(input, []), expected);
    await assert.rejects(async () => executor.trace(input, []), expected);
  });

  it("say on the error stream why a model or an input is refused", () => {
    const refused = opg("model", "run", broken("pool"), "-i", inputs);
    assert.deepEqual([refused.status, refused.stdout], [1, ""]);
    assert.match(refused.stderr, /AveragePool/);
    const other = fileOf("other.json", JSON.stringify({ image: { ...tensor, dims: [1, 1, 4, 16] } }));
    const { status, stderr } = opg("model", "run", DIGITS, "-i", other);
    assert.equal(status, 1);
    assert.match(stderr, /The inputs are dtype 2 \[1, 1, 4, 16\]: must be dtype 2 \[1, 1, 8, 8\]\./);
  });
});

describe("opg, called wrongly", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["without a command", [], /Usage: opg/],
    ["with a command that it does not have", ["model", "sing"], /unknown command 'sing'/],
    ["without the input", ["model", "run", DIGITS], /required option '-i, --input <file>' not specified/],
    [
      "with another executor",
      ["model", "run", DIGITS, "-i", inputs, "--executor", "x"],
      /Allowed choices are reference, onnxruntime/,
    ],
    ["with a file that is not there", ["model", "lint", join(FOLDER, "none")], /ENOENT/],
    ["with inputs that are no JSON", ["model", "run", DIGITS, "-i", DIGITS], /digits\.onnx is no JSON object/],
    [
      "with a tensor that is missing",
      ["model", "run", DIGITS, "-i", fileOf("empty.json", "{}")],
      /image must be \{ "dtype"/,
    ],
    [
      "with a tensor that is not asked for",
      ["model", "run", DIGITS, "-i", fileOf("more.json", JSON.stringify({ image: tensor, x: tensor }))],
      /the model has no input x/,
    ],
    [
      "with too few bytes",
      ["model", "run", DIGITS, "-i", fileOf("short.json", JSON.stringify({ image: { ...tensor, data: "AAAA" } }))],
      /image has 3 bytes, but its type and dims ask for 64/,
    ],
    [
      "with a NaN",
      [
        "model",
        "run",
        DIGITS,
        "-i",
        fileOf("nan.json", JSON.stringify({ image: { dtype: 1, dims: [1], data: "AADAfw==" } })),
      ],
      /image holds a NaN/,
    ],
  ];
  for (const [title, args, message] of cases)
    it(`ends with 2 ${title}`, () => {
      const { status, stderr } = opg(...args);
      assert.match(stderr, message);
      assert.equal(status, 2);
    });
});
