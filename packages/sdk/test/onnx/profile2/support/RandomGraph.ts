import { compile, INTEGER_PROFILE, ModelRefusedError, type Program } from "../../../../src/onnx/index.ts";
import { GraphBuilder, type NodeOptions } from "../../../../src/onnx/GraphBuilder.ts";
import { sizeOf } from "../../../../src/onnx/layout.ts";
import { Random } from "../../support/Random.ts";
import { Bool, bytesOf, drawNumber, endsOf, Int32, Int64, Uint8 } from "./IntegerSketch.ts";

type Numbers = readonly bigint[];

/** A tensor of a random graph: how the file makes it, and what its numbers are without any bound. */
export interface Entry {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly opType: string;
  /** Adds it to a file, in which the earlier ones have these names. */
  readonly emit: (builder: GraphBuilder, names: readonly string[]) => string;
  /** Its numbers, by those of all earlier ones. */
  readonly evaluate: (earlier: readonly Numbers[]) => Numbers;
}

/** Numbers of a tensor of a smaller shape, repeated to a larger one. */
function repeated(numbers: Numbers, own: readonly number[], to: readonly number[]): Numbers {
  return Array.from({ length: sizeOf(to) }, (_, index) => {
    let [rest, place, stride] = [index, 0, 1];
    for (let i = 1; i <= to.length; i += 1) {
      const [size, count] = [own.at(-i) ?? 1, to.at(-i) ?? 1];
      if (i <= own.length && size > 1) place += (rest % count) * stride;
      if (i <= own.length) stride *= size;
      rest = Math.floor(rest / count);
    }
    return numbers[place] ?? 0n;
  });
}

const rowsOf = (numbers: Numbers, length: number): Numbers[] =>
  Array.from({ length: numbers.length / length }, (_, row) => numbers.slice(row * length, (row + 1) * length));

const total = (numbers: Numbers): bigint => numbers.reduce((sum, number) => sum + number, 0n);

const COMPARE: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  Greater: (a, b) => a > b,
  Less: (a, b) => a < b,
  GreaterOrEqual: (a, b) => a >= b,
  Equal: (a, b) => a === b,
};

const ARITHMETIC: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

const absolute = (x: bigint): bigint => (x < 0n ? -x : x);
const clamp = (x: bigint, least: bigint, most: bigint): bigint => (x < least ? least : x > most ? most : x);
const wrap = (dtype: number, x: bigint): bigint =>
  dtype === Uint8 ? BigInt.asUintN(8, x) : BigInt.asIntN(dtype === Int32 ? 32 : 64, x);

/** Rows and columns of all matrices. */
const [ROWS, COLUMNS] = [3, 4];
const SHAPES = [[ROWS, COLUMNS], [ROWS, 1], [1, COLUMNS], [COLUMNS]] as const;

/** A graph that grows node by node, whatever the compiler accepts. */
export class RandomGraph {
  readonly entries: Entry[] = [];
  readonly random: Random;
  /** Nodes that the compiler refused, by what they are. */
  readonly refused: string[] = [];
  #program: Program | undefined;

  constructor(seed: number) {
    this.random = new Random(seed);
    for (const [i, dtype] of [Int32, Int32, Int64, Uint8].entries()) {
      const shape = this.random.pick(SHAPES);
      this.entries.push({
        dtype,
        shape,
        opType: "input",
        emit: (builder) => builder.input(`in${i}`, shape, dtype),
        evaluate: () => [],
      });
    }
  }

  get inputs(): readonly Entry[] {
    return this.entries.filter(({ opType }) => opType === "input");
  }

  get program(): Program {
    return (this.#program ??= compile(this.file(), INTEGER_PROFILE));
  }

  /** Adds a node, unless the compiler refuses what comes of it. */
  grow(): void {
    const entry = this.#draw();
    if (entry === undefined) return;
    this.entries.push(entry);
    try {
      this.#program = compile(this.file(), INTEGER_PROFILE);
    } catch (error) {
      if (!(error instanceof ModelRefusedError)) throw error;
      this.refused.push(entry.opType);
      this.entries.pop();
    }
  }

  file(): Uint8Array {
    return this.#build().file;
  }

  /** The entries that are outputs of the file, by their places, in its order. */
  get outputs(): readonly number[] {
    return this.#build().outputs;
  }

  /** All that no node reads, truths aside, is an output, and so is every third tensor. */
  #build(): { readonly file: Uint8Array; readonly outputs: readonly number[] } {
    const builder = new GraphBuilder(17);
    const names: string[] = [];
    for (const { emit } of this.entries) names.push(emit(builder, names));
    const read = new Set((builder.model().graph?.node ?? []).flatMap(({ input }) => input));
    const outputs = [...this.entries.keys()].filter((i) => {
      const { dtype, opType } = this.#entryAt(i);
      return dtype !== Bool && opType !== "input" && (!read.has(names[i] ?? "") || i % 3 === 0);
    });
    if (outputs.length === 0) outputs.push(0);
    for (const i of outputs) {
      const { dtype, shape } = this.#entryAt(i);
      builder.output(names[i] ?? "", shape, dtype);
    }
    return { file: builder.bytes(), outputs };
  }

  /** The numbers of all tensors. */
  evaluate(inputs: readonly Numbers[]): readonly Numbers[] {
    const numbers: Numbers[] = [];
    for (const [i, { evaluate }] of this.entries.entries()) numbers.push(inputs[i] ?? evaluate(numbers));
    return numbers;
  }

  #pick(dtypes: readonly number[]): number {
    const fitting = [...this.entries.keys()].filter((i) => dtypes.includes(this.entries[i]?.dtype ?? 0));
    // Mostly what came last, so that chains become long.
    return fitting.length === 0 ? -1 : this.random.chance(0.6) ? (fitting.at(-1) ?? -1) : this.random.pick(fitting);
  }

  #entryAt(i: number): Entry {
    const entry = this.entries[i];
    if (entry === undefined) throw new RangeError(`There is no entry ${i}`);
    return entry;
  }

  #draw(): Entry | undefined {
    const draw = this.random.pick([
      () => this.#arithmetic(),
      () => this.#arithmetic(),
      () => this.#arithmetic(),
      () => this.#comparison(),
      () => this.#where(),
      () => this.#cast(),
      () => this.#cast(),
      () => this.#clip(),
      () => this.#abs(),
      () => this.#lookUp(),
      () => this.#sum(),
      () => this.#argMax(),
      () => this.#largest(),
      () => this.#matMul(),
      () => this.#transposed(),
    ]);
    return draw();
  }

  /** A node that makes each element of those at its place. */
  #elements(
    opType: string,
    operands: readonly number[],
    dtype: number,
    f: (...numbers: [bigint, bigint, bigint]) => bigint,
    {
      attributes = {},
      more = () => [],
    }: { attributes?: NodeOptions["attributes"]; more?: (b: GraphBuilder) => string[] } = {},
  ): Entry | undefined {
    const shapes = operands.map((operand) => this.#entryAt(operand).shape);
    const rank = Math.max(...shapes.map(({ length }) => length));
    const shape = Array.from({ length: rank }, (_, i) => Math.max(...shapes.map((own) => own.at(i - rank) ?? 1)));
    if (shapes.some((own) => own.some((size, i) => size !== 1 && size !== shape.at(i - own.length)))) return undefined;
    return {
      dtype,
      shape,
      opType,
      emit: (b, names) =>
        b.node(opType, [...operands.map((operand) => names[operand] ?? ""), ...more(b)], { attributes }),
      evaluate: (earlier) => {
        const spread = operands.map((operand, i) => repeated(earlier[operand] ?? [], shapes[i] ?? [], shape));
        return Array.from({ length: sizeOf(shape) }, (_, i) =>
          f(...(spread.map((own) => own[i]) as [bigint, bigint, bigint])),
        );
      },
    };
  }

  #arithmetic(): Entry | undefined {
    const { random } = this;
    const opType = random.pick(["Add", "Sub", "Mul", "Mul", "Div"]);
    const a = this.#pick([Int32, Int64]);
    if (a < 0) return undefined;
    const { dtype } = this.#entryAt(a);
    const f = ARITHMETIC[opType] ?? absolute;
    if (random.chance(0.5)) {
      const drawn = drawNumber(random, random.pick([Uint8, Int32, dtype]));
      const constant = clamp(opType === "Div" ? absolute(drawn) + 1n : drawn, ...endsOf(dtype));
      const more = (b: GraphBuilder) => [b.tensor(dtype, [1], bytesOf(dtype, [constant]))];
      return this.#elements(opType, [a], dtype, (x) => f(x, constant), { more });
    }
    return this.#elements(opType, [a, random.chance(0.2) ? a : this.#pick([dtype])], dtype, f);
  }

  #comparison(): Entry | undefined {
    const opType = this.random.pick(Object.keys(COMPARE));
    const a = this.#pick([Int32, Int64, Uint8]);
    const b = this.#pick([this.#entryAt(a).dtype]);
    return this.#elements(opType, [a, b], Bool, (x, y) => (COMPARE[opType]?.(x, y) === true ? 1n : 0n));
  }

  #where(): Entry | undefined {
    const condition = this.#pick([Bool]);
    if (condition < 0) return undefined;
    const a = this.#pick([Int32, Int64, Uint8]);
    const { dtype } = this.#entryAt(a);
    return this.#elements("Where", [condition, a, this.#pick([dtype])], dtype, (c, x, y) => (c === 0n ? y : x));
  }

  #cast(): Entry | undefined {
    const to = this.random.pick([Uint8, Int32, Int64, Int64]);
    return this.#elements("Cast", [this.#pick([Uint8, Int32, Int64, Bool])], to, (x) => wrap(to, x), {
      attributes: { to },
    });
  }

  #clip(): Entry | undefined {
    const { random } = this;
    const x = this.#pick([Int32, Uint8]);
    const { dtype } = this.#entryAt(x);
    const least = random.pick([0n, 1n, drawNumber(random, dtype)]);
    const most = least + absolute(drawNumber(random, random.pick([Uint8, Int32])));
    const bounds = [least, clamp(most, ...endsOf(dtype))] as const;
    const more = (b: GraphBuilder) => bounds.map((bound) => b.tensor(dtype, [], bytesOf(dtype, [bound])));
    return this.#elements("Clip", [x], dtype, (value) => clamp(value, ...bounds), { more });
  }

  #abs(): Entry | undefined {
    const x = this.#pick([Int32, Int64]);
    return this.#elements("Abs", [x], this.#entryAt(x).dtype, absolute);
  }

  #lookUp(): Entry | undefined {
    const { random } = this;
    const index = this.#pick([Int32, Int64]);
    const dtype = random.pick([Uint8, Int32, Int64]);
    const table = random.list(random.pick([2, 256]), () => drawNumber(random, dtype));
    const { shape } = this.#entryAt(index);
    return {
      dtype,
      shape,
      opType: "Gather",
      emit: (b, names) =>
        b.node("Gather", [b.tensor(dtype, [table.length], bytesOf(dtype, table)), names[index] ?? ""]),
      evaluate: (earlier) => (earlier[index] ?? []).map((place) => table[Number(place)] ?? -1n),
    };
  }

  /** Makes one number of each row of a matrix. */
  #perRow(
    opType: string,
    x: number,
    dtype: number,
    f: (row: Numbers) => bigint,
    axes: (b: GraphBuilder) => string[],
    attributes = {},
  ): Entry | undefined {
    const { shape } = this.#entryAt(x);
    return {
      dtype,
      shape: shape.with(-1, 1),
      opType,
      emit: (b, names) => b.node(opType, [names[x] ?? "", ...axes(b)], { attributes }),
      evaluate: (earlier) => rowsOf(earlier[x] ?? [], shape.at(-1) ?? 1).map(f),
    };
  }

  #sum(): Entry | undefined {
    const x = this.#pick([Int32, Int64]);
    const { dtype } = this.#entryAt(x);
    if (this.random.chance(0.3))
      return this.#perRow(
        "ReduceSumSquare",
        x,
        dtype,
        (row) => total(row.map((n) => n * n)),
        () => [],
        { axes: [-1] },
      );
    return this.#perRow("ReduceSum", x, dtype, total, (b) => [b.int64([-1])]);
  }

  static #placeOfLargest(row: Numbers): bigint {
    return BigInt(row.indexOf(row.reduce((most, number) => (number > most ? number : most))));
  }

  #argMax(): Entry | undefined {
    const x = this.#pick([Int32, Int64, Uint8]);
    return this.#perRow(
      "ArgMax",
      x,
      Int64,
      (row) => RandomGraph.#placeOfLargest(row),
      () => [],
      { axis: -1 },
    );
  }

  /** The maximum of each row, as the profile has it. */
  #largest(): Entry | undefined {
    const x = this.#pick([Int32, Int64, Uint8]);
    const { dtype, shape } = this.#entryAt(x);
    return {
      dtype,
      shape: shape.with(-1, 1),
      opType: "GatherElements",
      emit: (b, names) => {
        const place = b.node("ArgMax", [names[x] ?? ""], { attributes: { axis: -1 } });
        return b.node("GatherElements", [names[x] ?? "", place], { attributes: { axis: -1 } });
      },
      evaluate: (earlier) =>
        rowsOf(earlier[x] ?? [], shape.at(-1) ?? 1).map((row) => row[Number(RandomGraph.#placeOfLargest(row))] ?? 0n),
    };
  }

  #matMul(): Entry | undefined {
    const { random } = this;
    const a = this.#pick([Uint8]);
    const [, depth = 0] = this.#entryAt(a).shape;
    if (depth === 0) return undefined;
    const weights = random.list(depth * COLUMNS, () => drawNumber(random, Uint8));
    const [za, zb] = [BigInt(random.zero()), BigInt(random.zero())];
    return {
      dtype: Int32,
      shape: this.#entryAt(a).shape.with(-1, COLUMNS),
      opType: "MatMulInteger",
      emit: (b, names) => {
        const zeros = [za, zb].map((zero) => b.uint8(Number(zero)));
        return b.node("MatMulInteger", [
          names[a] ?? "",
          b.tensor(Uint8, [depth, COLUMNS], bytesOf(Uint8, weights)),
          ...zeros,
        ]);
      },
      evaluate: (earlier) =>
        rowsOf(earlier[a] ?? [], depth).flatMap((row) =>
          Array.from({ length: COLUMNS }, (_, column) =>
            total(row.map((byte, i) => (byte - za) * ((weights[i * COLUMNS + column] ?? 0n) - zb))),
          ),
        ),
    };
  }

  /** Columns as rows and back, so that shapes stay what they are. */
  #transposed(): Entry | undefined {
    const x = this.#pick([Int32, Int64, Uint8, Bool]);
    const { dtype, shape } = this.#entryAt(x);
    const [rows = 0, columns = 0] = shape;
    if (columns === 0) return undefined;
    const attributes = { perm: [1, 0] };
    return {
      dtype,
      shape,
      opType: "Transpose",
      emit: (b, names) => b.node("Reshape", [b.node("Transpose", [names[x] ?? ""], { attributes }), b.int64(shape)]),
      evaluate: (earlier) =>
        Array.from(
          { length: rows * columns },
          (_, i) => earlier[x]?.[(i % rows) * columns + Math.floor(i / rows)] ?? 0n,
        ),
    };
  }
}
