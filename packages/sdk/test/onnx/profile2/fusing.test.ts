import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { dataSlice, id, keccak256 } from "ethers";

import {
  compile,
  CONSTANT,
  DType,
  encodeHeader,
  encodeStep,
  Executor,
  GRAPH_INPUT,
  graphRootOf,
  INTEGER_PROFILE,
  IntegerOpcode,
  Layout,
  MapOp,
  PROFILE,
  type Program,
  readModel,
  STATED_OUTPUT,
  stepsRootOf,
  SumKind,
  writeModel,
} from "../../../src/onnx/index.ts";
import { GraphBuilder } from "../../../src/onnx/GraphBuilder.ts";
import { instructionOf } from "../../../src/onnx/profile2/mapProgram.ts";

const { Uint8, Int32, Int64 } = DType;
const { Dot, Map, Sum, Rows, Move, Join } = IntegerOpcode;

/** A graph of exact integers, with what a test needs of it. */
class Graph extends GraphBuilder {
  constructor() {
    super(17);
  }

  cast(x: string, to: number): string {
    return this.node("Cast", [x], { attributes: { to } });
  }

  clip(x: string, least: number, most: number): string {
    return this.node("Clip", [x, this.int32(least), this.int32(most)]);
  }

  /** An int32 input between two numbers, and so a step of its own where several others read it. */
  small(name: string, shape: readonly number[], most = 9): string {
    return this.clip(this.input(name, shape, Int32), -most, most);
  }

  compile(): Program {
    return compile(this.bytes(), INTEGER_PROFILE);
  }
}

/** What a step is, in short: opcode, where it reads from, and its attributes. */
const steps = ({ steps }: Program) =>
  steps.map(({ step }) => [step.opcode, step.inputs.map(({ from }) => from), step.attrs.map(Number)] as const);

const opcodes = ({ steps }: Program) => steps.map(({ step }) => step.opcode);

/** An instruction among attributes, which `steps` shows as numbers. */
const code = (...parts: Parameters<typeof instructionOf>): number => Number(instructionOf(...parts));

describe("A MAP", () => {
  it("takes in all that it alone reads, in the order of the file, constants of one element as instructions", () => {
    const g = new Graph();
    const x = g.input("x", [2, 3], Int32);
    const wide = g.cast(x, Int64);
    const product = g.node("Mul", [wide, g.int64([2, 3, 7])]);
    const quotient = g.node("Div", [product, g.int64([5])]);
    const sum = g.node("Add", [quotient, g.int64(5)]);
    const program = g.output(g.cast(sum, Int32), [2, 3], Int32).compile();
    assert.deepEqual(steps(program), [
      [
        Map,
        [GRAPH_INPUT, CONSTANT],
        [
          2,
          code(MapOp.Mul, 0, 1),
          code(MapOp.Const),
          5,
          code(MapOp.Div, 2, 3),
          code(MapOp.Add, 4, 3),
          code(MapOp.Wrap32, 5),
        ],
      ],
      [Move, [0], [1, 6, 0, 1]],
    ]);
    const [{ constants, name, operator, output } = assert.fail()] = program.steps;
    assert.deepEqual([...new BigInt64Array(constants.slice().buffer)], [2n, 3n, 7n, 0n]);
    assert.deepEqual([name, operator, output], ["Cast4", "Cast", "t4"]);
    assert.equal(program.steps[1]?.step.layout, Layout.Packed);
  });

  it("needs no instruction to widen, nor to narrow what fits", () => {
    const g = new Graph();
    const x = g.cast(g.input("x", [2]), Int64);
    const program = g.output(g.cast(x, Int32), [2], Int32).compile();
    assert.deepEqual(steps(program)[0], [Map, [GRAPH_INPUT], [1]]);
    assert.equal(program.steps[0]?.step.dtype, Int32);
  });

  it("takes in what several of its own nodes read, but not what two steps read, nor an output", () => {
    const g = new Graph();
    const [x, y] = [g.small("x", [2]), g.small("y", [2])];
    const shared = g.node("Add", [x, y]);
    const first = g.node("Mul", [shared, shared]);
    const second = g.node("Mul", [first, shared]);
    const inner = g.node("Sub", [second, x]);
    g.output(g.node("Add", [inner, second]), [2], Int32);
    assert.deepEqual(opcodes(g.compile()), [Map, Move]);
    assert.deepEqual(opcodes(g.output(inner, [2], Int32).compile()), [Map, Map, Map, Map, Move, Move]);
  });

  it("takes in smaller tensors, which are computed anew for each element", () => {
    const g = new Graph();
    const column = g.node("Add", [g.small("x", [2, 1]), g.int32(1)]);
    const row = g.node("Mul", [g.small("y", [3]), g.int32([1, 2, 3])]);
    const program = g.output(g.node("Sub", [column, row]), [2, 3], Int32).compile();
    assert.deepEqual(opcodes(program), [Map, Move]);
    assert.deepEqual(
      program.steps[0]?.step.inputs.map(({ shape }) => shape),
      [[2, 1], [3], [3]],
    );
  });

  it("reads tensors first, then constants, then tables", () => {
    const g = new Graph();
    const x = g.clip(g.input("x", [3], Int32), 0, 2);
    const found = g.node("Gather", [g.int32([7, 8, 9]), x]);
    const again = g.node("Gather", [g.int64([1, 2, 3, 4]), g.node("Sub", [found, g.int32([7, 7, 7])])]);
    const program = g.output(g.node("Mul", [again, g.cast(g.input("y", [3]), Int64)]), [3], Int64).compile();
    const [{ step, constants } = assert.fail()] = program.steps;
    assert.deepEqual(
      step.inputs.map(({ from, dtype, shape }) => [from, dtype, ...shape]),
      [
        [GRAPH_INPUT, Int32, 3],
        [GRAPH_INPUT + 1, Uint8, 3],
        [CONSTANT, Int32, 3],
        [CONSTANT, Int32, 3],
        [CONSTANT, Int64, 4],
      ],
    );
    assert.deepEqual(step.attrs.slice(6).map(Number), [
      code(MapOp.Table, 5, 3),
      code(MapOp.Sub, 6, 2),
      code(MapOp.Table, 7, 4),
      code(MapOp.Mul, 8, 1),
    ]);
    assert.deepEqual([...new Int32Array(constants.slice(0, 12).buffer)], [7, 7, 7]);
    assert.deepEqual([...new Int32Array(constants.slice(32, 44).buffer)], [7, 8, 9]);
    assert.deepEqual([...new BigInt64Array(constants.slice(64).buffer)], [1n, 2n, 3n, 4n]);
  });

  it("reads no more than 16 inputs, so that a longer sum is two steps", () => {
    const sumOf = (count: number): Program => {
      const g = new Graph();
      const terms = Array.from({ length: count }, (_, i) => g.small(`x${i}`, [2]));
      return g
        .output(
          terms.reduce((sum, term) => g.node("Add", [sum, term])),
          [2],
          Int32,
        )
        .compile();
    };
    assert.deepEqual(opcodes(sumOf(16)), [Map, Move]);
    const { steps } = sumOf(17);
    assert.deepEqual(
      steps.map(({ step }) => step.inputs.length),
      [2, 16, 1],
    );
  });

  it("makes no more than 120 values, of 160 attributes, so that a longer chain is two steps", () => {
    const chain = (count: number, isConstant: boolean): Program => {
      const g = new Graph();
      const [x, y] = [g.input("x", [2]), g.cast(g.input("y", [2]), Int32)];
      let last = g.cast(x, Int32);
      for (let i = 0; i < count; i += 1) last = g.node("Add", [last, isConstant ? g.int32(i) : y]);
      return g.output(last, [2], Int32).compile();
    };
    assert.deepEqual(opcodes(chain(120, false)), [Map, Move]);
    assert.deepEqual(opcodes(chain(121, false)), [Map, Map, Map, Move]); // both read what is widened
    assert.equal(chain(53, true).steps[0]?.step.attrs.length, 160);
    assert.deepEqual(opcodes(chain(54, true)), [Map, Map, Move]);
  });
});

describe("A SUM", () => {
  /** Sums of what `make` makes of an input. */
  const sumOf = (make: (g: Graph, x: string) => string, dtype: number = Int32): Program => {
    const g = new Graph();
    const x = make(g, g.small("x", [2, 3]));
    return g.output(g.node("ReduceSum", [x, g.int64([1])]), [2, 1], dtype).compile();
  };

  it("takes in squares, and numbers that are widened before or after", () => {
    const square = (g: Graph, x: string) => g.node("Mul", [x, x]);
    const plain = sumOf((_, x) => x);
    const squared = [
      sumOf(square),
      sumOf((g, x) => square(g, g.cast(x, Int64)), Int64),
      sumOf((g, x) => g.cast(square(g, x), Int64), Int64),
    ];
    assert.deepEqual(steps(plain)[1], [Sum, [0], [SumKind.Values]]);
    for (const program of squared) {
      assert.deepEqual(steps(program)[1], [Sum, [0], [SumKind.Squares]]);
      assert.equal(program.steps[1]?.step.inputs[0]?.dtype, Int32);
    }
  });

  it("takes in neither fourth powers, nor truths, nor what is narrowed, nor a payload, nor what others read", () => {
    const fourth = sumOf((g, x) => {
      const square = g.node("Mul", [x, x]);
      return g.node("Mul", [square, square]);
    });
    assert.deepEqual(steps(fourth)[1], [Sum, [0], [SumKind.Squares]]); // of the squares
    assert.equal(fourth.steps[0]?.step.attrs.length, 7);
    const truths = sumOf((g, x) => g.cast(g.node("Greater", [x, g.int32(0)]), Int32));
    assert.deepEqual([truths.steps[0]?.step.dtype, opcodes(truths)], [Int32, [Map, Sum, Move]]);
    const narrowed = sumOf((g, x) => g.cast(g.cast(x, Int64), Int32));
    assert.deepEqual([narrowed.steps[1]?.step.inputs[0]?.dtype, opcodes(narrowed)], [Int32, [Map, Sum, Move]]);

    const g = new Graph();
    const wide = g.cast(g.input("x", [2, 3]), Int32);
    g.output(g.node("ReduceSum", [wide, g.int64([1])]), [2, 1], Int32);
    assert.deepEqual(steps(g.compile())[0], [Map, [GRAPH_INPUT], [1]]);

    const shared = new Graph();
    const x = shared.small("x", [2, 3]);
    const square = shared.node("Mul", [x, x]);
    shared.output(shared.node("ReduceSum", [square, shared.int64([1])]), [2, 1], Int32);
    shared.output(square, [2, 3], Int32);
    assert.deepEqual(steps(shared.compile())[1], [Sum, [0], [SumKind.Values]]);
  });
});

describe("Copies", () => {
  it("of copies are one step, and what is no other tensor in the end is none", () => {
    const g = new Graph();
    const x = g.small("x", [4, 6]);
    const heads = g.node("Transpose", [g.node("Reshape", [x, g.int64([4, 2, 3])])], {
      attributes: { perm: [1, 0, 2] },
    });
    const back = g.node("Transpose", [g.node("Identity", [heads])], { attributes: { perm: [1, 0, 2] } });
    const flat = g.node("Reshape", [back, g.int64([4, 6])]);
    g.output(g.node("Add", [flat, x]), [4, 6], Int32);
    assert.deepEqual(opcodes(g.compile()), [Map, Move]);
    g.output(g.node("ReduceSum", [heads, g.int64([2])]), [2, 4, 1], Int32);
    assert.deepEqual(steps(g.compile())[1], [Move, [0], [3, 2, 4, 3, 0, 3, 6, 1]]);
  });

  it("of what is made are two steps where no map of digits can say both", () => {
    const g = new Graph();
    const turned = g.node("Transpose", [g.small("x", [2, 3])]);
    const odd = g.node("Slice", [g.node("Reshape", [turned, g.int64([6])]), g.int64([1]), g.int64([5])]);
    g.output(odd, [4], Int32);
    assert.deepEqual(opcodes(g.compile()), [Map, Move, Move]);
  });

  it("bring a payload into rows for all but MAP and MOVE, once", () => {
    const g = new Graph();
    const x = g.input("x", [2, 3]);
    const weights = g.uint8([1, 2, 3], [3, 1]);
    for (let i = 0; i < 2; i += 1) g.output(g.node("MatMulInteger", [x, weights, g.uint8(i)]), [2, 1], Int32);
    g.output(g.cast(x, Int32), [2, 3], Int32).output(g.node("Transpose", [x]), [3, 2]);
    assert.deepEqual(
      steps(g.compile()).map(([opcode, from]) => [opcode, ...from]),
      [
        [Move, GRAPH_INPUT],
        [Dot, 0],
        [Dot, 0],
        [Map, GRAPH_INPUT],
        [Move, 1],
        [Move, 2],
        [Move, 3],
        [Move, GRAPH_INPUT],
      ],
    );
  });

  it("turn the second of two activations, unless it is turned already", () => {
    const g = new Graph();
    const [a, b] = [g.input("a", [2, 3]), g.input("b", [4, 3])];
    const turned = g.node("Transpose", [b]);
    g.output(g.node("MatMulInteger", [a, turned]), [2, 4], Int32);
    const program = g.compile();
    assert.deepEqual(
      steps(program).map(([opcode, from, attrs]) => [opcode, ...from, attrs]),
      [
        [Move, GRAPH_INPUT, [1, 6, 0, 1]],
        [Move, GRAPH_INPUT + 1, [1, 12, 0, 1]],
        [Dot, 0, 1, [0, 0]],
        [Move, 2, [1, 8, 0, 1]],
      ],
    );
    const straight = new Graph();
    const inputs = [straight.input("a", [2, 3]), straight.input("b", [3, 4])];
    straight.output(straight.node("MatMulInteger", inputs), [2, 4], Int32);
    assert.deepEqual(steps(straight.compile())[1], [Move, [GRAPH_INPUT + 1], [2, 4, 3, 0, 1, 4]]);
  });

  it("read what a statement states, which is not part of its input", () => {
    const g = new Graph();
    g.input("y.stated", [2]);
    const [x] = [g.input("x", [2])];
    g.output(g.node("Where", [g.node("Greater", [x, g.uint8(9)]), x, "y.stated"]), [2]);
    const model = readModel(g.bytes());
    const [output = assert.fail()] = model.graph?.output ?? [];
    const [last = assert.fail()] = model.graph?.node.slice(-1) ?? [];
    Object.assign(output, { name: "y" });
    Object.assign(last, { output: ["y"] });
    const program = compile(writeModel(model), INTEGER_PROFILE);
    assert.deepEqual([program.inputs.map(({ name }) => name), program.stated], [["x"], [0]]);
    assert.deepEqual(steps(program)[0]?.[1], [GRAPH_INPUT, STATED_OUTPUT]);
  });
});

describe("The compiler of integers", () => {
  it("makes no step of what nobody reads", () => {
    const g = new Graph();
    const x = g.small("x", [2]);
    g.node("Mul", [g.node("Add", [x, g.int32(1)]), x]);
    g.split("Split", [x], 2);
    g.output(x, [2], Int32);
    assert.deepEqual(opcodes(g.compile()), [Map, Move]);
  });

  it("reads rows of a constant, and joins", () => {
    const g = new Graph();
    const rows = g.node("Gather", [g.int32([1, 2, 3, 4], [2, 2]), g.clip(g.input("x", [3], Int32), 0, 1)]);
    const joined = g.node("Concat", [rows, rows], { attributes: { axis: 1 } });
    const program = g.output(joined, [3, 4], Int32).compile();
    assert.deepEqual(steps(program).slice(1, 3), [
      [Rows, [0, CONSTANT], []],
      [Join, [1, 1], [1]],
    ]);
    assert.deepEqual([...(program.steps[1]?.constants.subarray(32, 40) ?? [])], [3, 0, 0, 0, 4, 0, 0, 0]);
  });

  it("lays columns out word by word, the groups of four reversed", () => {
    const g = new Graph();
    const values = Array.from({ length: 66 }, (_, i) => i);
    const product = g.node("MatMulInteger", [g.input("x", [1, 33]), g.uint8(values, [33, 2]), g.uint8(3), g.uint8(9)]);
    const { steps: made } = g.output(product, [1, 2], Int32).compile();
    const { constants, step } = made[1] ?? assert.fail();
    assert.deepEqual([constants.length, step.attrs], [4 * 32, [3n, 9n]]);
    const group = (first: number) => [0, 2, 4, 6].map((i) => first + i + 1);
    const words = [56, 48, 40, 32, 24, 16, 8, 0].flatMap(group);
    assert.deepEqual([...constants.subarray(64, 96)], words);
    assert.deepEqual([...constants.subarray(96)], [...Array<number>(28).fill(0), 65, 0, 0, 0]);
  });

  it("commits to steps and graph under the name of its profile", () => {
    const g = new Graph();
    const program = g.output(g.small("x", [2]), [2], Int32).compile();
    const { profile, stepsRoot, graphRoot } = program;
    const [step = assert.fail()] = program.steps.map((each) => each.step);
    assert.equal(profile, INTEGER_PROFILE);
    assert.equal(dataSlice(encodeStep(step, 0, profile), 0, 32), id("onnx-int8/2/step"));
    assert.equal(dataSlice(encodeHeader(program), 0, 32), id("onnx-int8/2/graph"));
    assert.equal(
      stepsRoot,
      stepsRootOf(
        program.steps.map((each) => each.step),
        profile,
      ),
    );
    assert.equal(graphRoot, keccak256(encodeHeader(program)));
    assert.notEqual(graphRoot, graphRootOf({ ...program, profile: PROFILE }));
  });

  it("gives the same root every time, whatever nodes are called", () => {
    const build = (suffix: string): Program => {
      const g = new Graph();
      const x = g.small("x", [2, 3]);
      const sum = g.node("ReduceSum", [g.node("Mul", [x, x]), g.int64([1])], { name: `sum${suffix}` });
      return g.output(g.node("Add", [x, sum], { name: `add${suffix}` }), [2, 3], Int32).compile();
    };
    assert.equal(build("").graphRoot, build("").graphRoot);
    assert.equal(build("").graphRoot, build("1").graphRoot);
    assert.deepEqual(build(""), build(""));
  });

  it("gives the same numbers, whether a tensor is made on the way or by a step of its own", () => {
    const g = new Graph();
    const x = g.small("x", [4, 5], 2 ** 20);
    const wide = g.cast(x, Int64);
    const scaled = g.node("Div", [g.node("Mul", [wide, g.int64([3, 2 ** 30, -7, 11, 13])]), g.int64(1_000)]);
    const low = g.cast(scaled, Int32);
    const result = g.node("Add", [g.clip(low, -1_000, 1_000), g.clip(x, 0, 5)]);
    const fused = g.output(result, [4, 5], Int32).compile();
    for (const [name, dtype] of [
      [x, Int32],
      [wide, Int64],
      [scaled, Int64],
      [low, Int32],
    ] as const)
      g.output(name, [4, 5], dtype);
    const apart = g.compile();
    assert.ok(apart.steps.length > fused.steps.length + 4);
    const numbers = Int32Array.from({ length: 20 }, (_, i) => (i * 0x9e3779b1) | 0);
    const inputs = [{ dtype: Int32, shape: [4, 5], data: new Uint8Array(numbers.buffer) }];
    assert.deepEqual(new Executor(fused).run(inputs)[0], new Executor(apart).run(inputs)[0]);
  });
});
