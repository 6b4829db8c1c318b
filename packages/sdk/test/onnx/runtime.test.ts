import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { Tensor } from "../../src/codecs/tensor.ts";
import { DType, Executor, namedInputs, Opcode, type Program, compile } from "../../src/onnx/index.ts";
import { type AddScales, addKernels } from "../../src/onnx/compile/addKernels.ts";
import { GraphBuilder, type NodeOptions, quantised } from "../../src/onnx/GraphBuilder.ts";
import { Random } from "./support/Random.ts";
import { RUNTIMES } from "./support/runtimes.ts";

/** A tensor of bytes. */
const bytesOf = (shape: readonly number[], data: Uint8Array): Tensor => ({ dtype: DType.Uint8, shape, data });

/** The one output of a model, as unmodified ONNX Runtime computes it. */
async function runtimeOutput(file: Uint8Array, program: Program, inputs: readonly Tensor[]): Promise<Uint8Array> {
  const [runtime] = RUNTIMES;
  const outputs = await runtime?.run(file, namedInputs(program, inputs));
  return outputs?.get(program.outputs[0]?.name ?? "") ?? assert.fail();
}

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe("Tables of a compiled model, against ONNX Runtime on all 256 bytes", () => {
  /** Compiles one node on 256 bytes and compares its first table. */
  async function agrees(make: (b: GraphBuilder, x: string) => string, shape: readonly number[] = [256]): Promise<void> {
    const builder = new GraphBuilder();
    const out = make(builder, builder.input("x", [256]));
    const file = builder.output(out, shape).bytes();
    const program = compile(file);
    const { constants } = program.steps[1] ?? assert.fail();
    const output = await runtimeOutput(file, program, [bytesOf([256], ALL_BYTES)]);
    assert.deepEqual(constants.subarray(0, 256), output.subarray(0, 256));
  }

  const random = new Random(11);
  const scale = (low: number, high: number) => 2 ** (low + random.unit() * (high - low));
  const zero = () => random.int(0, 255);

  it("Clip", async () => {
    for (const [low, high] of [
      [3, 200],
      [200, 3],
      [0, 255],
    ] as const)
      await agrees((b, x) => b.node("Clip", [x, b.uint8(low), b.uint8(high)]));
    await agrees((b, x) => b.node("Clip", [x, "", b.uint8(17)]));
    await agrees((b, x) => b.node("Clip", [x]));
  });

  it("QLinearLeakyRelu, 60 times", async () => {
    for (let round = 0; round < 60; round++) {
      const [sx, sy] = [scale(-10, 2), scale(-10, 2)];
      const attributes: NodeOptions["attributes"] =
        round % 3 === 0 ? {} : { alpha: { float: round % 3 === 1 ? random.unit() : -4 * random.unit() } };
      const [zx, zy] = [zero(), zero()];
      await agrees((b, x) =>
        b.node("QLinearLeakyRelu", [x, ...quantised(b, sx, zx), ...quantised(b, sy, zy)], { attributes }),
      );
    }
  });

  it("QLinearSigmoid, 60 times", async () => {
    for (let round = 0; round < 60; round++) {
      const [sx, zx, zy] = [scale(-8, 1), zero(), round % 2 === 0 ? 0 : zero()];
      for (let sy = scale(-9, -4), tries = 0; ; sy = scale(-9, -4), tries++)
        try {
          await agrees((b, x) => b.node("QLinearSigmoid", [x, ...quantised(b, sx, zx), ...quantised(b, sy, zy)]));
          break;
        } catch (error) {
          assert.ok(tries < 20 && (error as Error).name === "ModelRefusedError", String(error));
        }
    }
  });

  it("QLinearConcat, 60 times, and Concat", async () => {
    for (let round = 0; round < 60; round++) {
      const [x0, x1, y] = [scale(-6, 2), scale(-6, 2), scale(-6, 2)];
      const zeros = [zero(), zero(), zero()] as const;
      await agrees(
        (b, x) =>
          b.node(
            "QLinearConcat",
            [...quantised(b, y, zeros[2]), x, ...quantised(b, x0, zeros[0]), x, ...quantised(b, x1, zeros[1])],
            { attributes: { axis: 0 } },
          ),
        [512],
      );
    }
    await agrees((b, x) => b.node("Concat", [x, x], { attributes: { axis: -1 } }), [512]);
  });
});

describe("Windows of a compiled model, against ONNX Runtime", () => {
  const random = new Random(12);
  const pick = (low: number, high: number) => random.int(low, high);

  it("have its values, as many and in its order, 400 times with and without auto_pad", async () => {
    let accepted = 0;
    for (let round = 0; round < 400; round++) {
      const isPool = round % 2 === 0;
      const [kernel, size] = [[pick(1, 4), pick(1, 4)] as const, [pick(1, 9), pick(1, 9)] as const];
      const mode = ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"][pick(0, 3)] ?? "";
      const pads = mode === "NOTSET" ? { pads: [pick(0, 2), pick(0, 2), pick(0, 2), pick(0, 2)] } : { auto_pad: mode };
      const isSame = mode.startsWith("SAME");
      const common = {
        strides: [pick(1, 4), pick(1, 4)],
        dilations: isSame ? [1, 1] : [pick(1, 2), pick(1, 2)],
        ...pads,
      };
      const build = (outputShape: readonly number[]): Uint8Array => {
        const b = new GraphBuilder();
        b.input("x", [1, 1, ...size]);
        const [q, w] = [quantised(b, 1, 2), b.uint8(Array<number>(kernel[0] * kernel[1]).fill(1), [1, 1, ...kernel])];
        const ceil = { kernel_shape: kernel, ceil_mode: round % 3 === 0 ? 1 : 0 };
        const out = isPool
          ? b.node("MaxPool", ["x"], { attributes: { ...common, ...ceil } })
          : b.node("QLinearConv", ["x", ...q, w, ...quantised(b, 0.25, 0), ...q], { attributes: common });
        return b.output(out, outputShape).bytes();
      };
      const shape = shapeIn(refusalOf(build([9_999])));
      if (shape === undefined) continue;
      const file = build(shape);
      const program = compile(file);
      const data = Uint8Array.from({ length: size[0] * size[1] }, () => pick(0, 255));
      const inputs = [bytesOf([1, 1, ...size], data)];
      const output = await runtimeOutput(file, program, inputs);
      assert.deepEqual(new Executor(program).run(inputs)[0]?.data, output, JSON.stringify(common));
      accepted++;
    }
    assert.ok(accepted > 150, String(accepted));
  });
});

/** The message of a refusal. */
function refusalOf(file: Uint8Array): string {
  try {
    compile(file);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

/** The shape that an output was found to have, if the declared shape is the only thing that is wrong. */
function shapeIn(message: string): number[] | undefined {
  const [, shape] = /1: t0: is declared with .*, but has 2 and \[([\d, ]+)\]\.$/.exec(message) ?? [];
  return shape?.split(", ").map(Number);
}

/** All pairs of bytes. */
const HIGH = Uint8Array.from({ length: 65_536 }, (_, i) => i >> 8);
const LOW = Uint8Array.from({ length: 65_536 }, (_, i) => i & 255);
const PAIRS = [bytesOf([65_536], HIGH), bytesOf([65_536], LOW)];

/** Scales and zero points of a random sum, and its file. */
function randomSum(random: Random): { scales: AddScales; file: Uint8Array } {
  const scale = () => Math.fround(random.real(0.01, 1));
  const zero = () => random.int(0, 255);
  const scales = { sa: scale(), za: zero(), sb: scale(), zb: zero(), sc: 2 * scale(), zc: zero() };
  const b = new GraphBuilder();
  const [x, y] = [b.input("a", [65_536]), b.input("b", [65_536])];
  const inputs = [x, ...quantised(b, scales.sa, scales.za), y, ...quantised(b, scales.sb, scales.zb)];
  const out = b.node("QLinearAdd", [...inputs, ...quantised(b, scales.sc, scales.zc)]);
  return { scales, file: b.output(out, [65_536]).bytes() };
}

describe("Kernels of QLinearAdd, against ONNX Runtime on all 65,536 pairs", () => {
  const sums = (kernel: (a: number, b: number) => number) => HIGH.map((a, i) => kernel(a, LOW[i] ?? 0));
  const inputs = new Map(PAIRS.map((tensor, i) => ["ab"[i] ?? "", tensor]));

  it("are what it does natively and in WebAssembly, also where these differ", async () => {
    const random = new Random(13);
    const [native, wasm] = [RUNTIMES[0] ?? assert.fail(), RUNTIMES.at(-1) ?? assert.fail()];
    const possible = new Set([0, 1, 2, 3, 4]); // which one is native depends on the processor
    for (let round = 0; round < 30; round++) {
      const { scales, file } = randomSum(random);
      const results = addKernels(scales).map(sums);
      const [theirs, portable] = [await native.run(file, inputs), await wasm.run(file, inputs)];
      for (const k of possible)
        if (Buffer.compare(results[k] ?? HIGH, theirs.get("t0") ?? LOW) !== 0) possible.delete(k);
      assert.deepEqual(results[3], portable.get("t0"));
    }
    assert.equal(possible.size, 1);
  });

  it("all agree on a sum that is accepted, 12 times", async () => {
    const random = new Random(14);
    let compared = 0;
    while (compared < 12) {
      const { scales, file } = randomSum(random);
      if (refusalOf(file) !== "") continue;
      const program = compile(file);
      assert.equal(program.steps[2]?.step.opcode, Opcode.Add);
      const output = await runtimeOutput(file, program, PAIRS);
      for (const kernel of addKernels(scales)) assert.deepEqual(sums(kernel), output);
      compared++;
    }
  });

  it("round halves in the ways that are known of processors that are not here", () => {
    const halves = (more: Partial<AddScales>, a: number, b: number) =>
      addKernels({ sa: 1, za: 0, sb: 1, zb: 0, sc: 2, zc: 0, ...more }).map((kernel) => kernel(a, b));
    assert.deepEqual(halves({}, 0, 1), [0, 0, 0, 0, 1]); // 0.5: ARM64 rounds away from zero
    assert.deepEqual(halves({ za: 1, zc: 10 }, 0, 0), [10, 10, 10, 10, 9]); // -0.5, before the zero point is added
    assert.deepEqual(halves({ sb: 2 ** -15 }, 1, 0), [0, 0, 0, 0, 0]); // a ratio below 2^-14: as in C++
  });
});
