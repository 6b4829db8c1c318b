import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { DType, type Model, compile, writeModel } from "../../src/onnx/index.ts";
import { GraphBuilder, tensorOf } from "../../src/onnx/GraphBuilder.ts";
import { check, refusalsOf } from "./refusing.ts";

describe("compile, on the file", () => {
  const changed = (change: (model: Model) => Partial<Model>): [string, string, string][] => {
    const builder = new GraphBuilder();
    builder.input("x", [2]);
    const model = builder.output(builder.node("Identity", ["x"], { name: "n" }), [2]).model();
    return refusalsOf(writeModel({ ...model, ...change(model) }));
  };
  const field = (...bytes: number[]) => Uint8Array.from(bytes);

  it("accepts it as it stands", () => {
    assert.deepEqual(
      changed(() => ({})),
      [],
    );
  });

  it("refuses IR versions and opsets that it does not know", () => {
    const opsets = (version: number, microsoft: number) => [
      { domain: "ai.onnx", version, rest: [] },
      { domain: "com.microsoft", version: microsoft, rest: [] },
    ];
    const ir = "is 11, not 3 to 10";
    assert.deepEqual(
      changed(() => ({ irVersion: 11 })),
      [["", "ir_version", ir]],
    );
    assert.deepEqual(
      changed(() => ({ opsetImport: opsets(22, 2) })),
      [
        ["", "opset_import", "has version 22 of ai.onnx, not 11 to 21"],
        ["", "opset_import", "has version 2 of com.microsoft, not 1"],
      ],
    );
    assert.deepEqual(
      changed(({ opsetImport }) => ({ opsetImport: [...opsetImport, ...opsets(13, 1)] })),
      [["", "opset_import", "names a domain twice"]],
    );
  });

  it("refuses functions, training information, sparse initialisers and fields that it does not know", () => {
    const notAllowed = (what: string) => `holds ${what}, which the profile does not allow`;
    assert.deepEqual(
      changed(({ graph }) => ({
        graph: graph && { ...graph, rest: [{ id: 15, bytes: field(0x7a, 0) }] },
        rest: [
          { id: 2, bytes: field(0x12, 1, 0x61) },
          { id: 20, bytes: field(0xa2, 1, 0) },
          { id: 25, bytes: field(0xca, 1, 0) },
          { id: 99, bytes: field(0x98, 6, 1) },
        ],
      })),
      [
        ["", "model", notAllowed("training information")],
        ["", "model", notAllowed("functions")],
        ["", "model", notAllowed("a field of number 99")],
        ["", "graph", notAllowed("sparse initialisers")],
      ],
    );
  });

  it("refuses subgraphs and external data, wherever they are", () => {
    const builder = new GraphBuilder();
    builder.input("x", [2, 3]);
    const external = { ...tensorOf("far", DType.Int64, [1]), dataLocation: 1 };
    builder.add({ ...external, rest: [{ id: 13, bytes: field(0x6a, 0) }] });
    const out = builder.node("Flatten", ["x"], { name: "n", attributes: { axis: 1 } });
    const model = builder.output(out, [2, 3]).model();
    const [attribute] = model.graph?.node[0]?.attribute ?? [];
    Object.assign(attribute ?? {}, { rest: [{ id: 6, bytes: field(0x32, 0) }] });
    assert.deepEqual(refusalsOf(writeModel(model)), [
      ["", "far", "holds external data, which the profile does not allow"],
      ["n", "axis", "holds a subgraph, which the profile does not allow"],
    ]);
  });

  it("refuses types of inputs that hold more than a tensor, and overloads of functions", () => {
    const builder = new GraphBuilder();
    builder.input("x", [2]);
    const out = builder.node("Identity", ["x"], { name: "n" });
    const model = builder.output(out, [2]).model();
    Object.assign(model.graph?.input[0]?.type ?? {}, { rest: [{ id: 8, bytes: field(0x42, 0) }] });
    Object.assign(model.graph?.node[0] ?? {}, { overload: "other" });
    Object.assign(model.graph?.output[0]?.type?.tensorType?.shape?.dim[0] ?? {}, { param: "batch" });
    assert.deepEqual(refusalsOf(writeModel(model)), [
      ["", "x", "holds a sparse tensor, which the profile does not allow"],
      ["n", "", "holds an overload of a function, which the profile does not allow"],
      ["", out, "has the dimension batch on axis 0; every dimension must be a positive number"],
    ]);
  });

  it("refuses a file without a graph", () => {
    assert.deepEqual(
      changed(() => ({ graph: undefined })),
      [["", "graph", "the file has no graph"]],
    );
  });
});

describe("compile, on the graph", () => {
  const open = "every dimension must be a positive number";
  check([
    [
      "a named dimension, a missing one and one of zero",
      (b) => {
        b.input("x", [2]);
        const model = b.output(b.node("Identity", ["x"]), [2]).model();
        const inputs = [{ param: "batch" }, {}, { value: 0 }].map((dimension, i) => {
          const dim = [{ value: undefined, param: undefined, rest: [], ...dimension }];
          const tensorType = { elemType: DType.Uint8, shape: { dim, rest: [] }, rest: [] };
          return { name: `y${i}`, type: { tensorType, rest: [] }, rest: [] };
        });
        (model.graph?.input as unknown[]).push(...inputs);
      },
      ["", "y0", `has the dimension batch on axis 0; ${open}`],
      ["", "y1", `has the dimension 0 on axis 0; ${open}`],
      ["", "y2", `has the dimension 0 on axis 0; ${open}`],
    ],
    [
      "inputs of other types",
      (b) => {
        b.input("x", [2]);
        b.input("ids", [2], DType.Int64);
        b.output(b.node("Identity", ["x"]), [2]);
      },
      ["", "ids", "has element type 7; inputs are uint8 (2), or float (1) for QuantizeLinear"],
    ],
    [
      "an input of rank 0, of rank 7, and one that is too large",
      (b) => {
        b.input("scalar", []);
        b.input("deep", [1, 1, 1, 1, 1, 1, 2]);
        b.input("large", [2 ** 23 + 1]);
        b.input("x", [2]);
        b.output(b.node("Identity", ["x"]), [2]);
      },
      ["", "scalar", "has rank 0, not 1 to 6"],
      ["", "deep", "has rank 7, not 1 to 6"],
      ["", "large", "takes 262145 words, more than 262144"],
    ],
    [
      "an input whose moved copy is too large",
      (b) => {
        b.input("x", [2 ** 18 + 1, 1]);
        b.output(b.node("Reshape", ["x", b.int64([-1])], { name: "n" }), [2 ** 18 + 1]);
      },
      ["", "x", "takes 262145 words, more than 262144, between nodes"],
    ],
    [
      "two nodes of one name",
      (b) => {
        const once = b.node("Identity", [b.input("x", [2])], { name: "n" });
        b.output(b.node("Flatten", [once], { name: "n" }), [2, 1]);
      },
      ["n", "name", "is the name of an earlier node, too"],
    ],
    [
      "nodes in the wrong order",
      (b) => {
        b.input("x", [2]);
        const late = b.node("Identity", ["t1"], { name: "n" });
        b.node("Identity", ["x"]);
        b.output(late, [2]);
      },
      ["n", "input", "reads t1, which no input, initialiser or earlier node makes"],
    ],
    [
      "outputs that are constants, float inputs, unknown, twice, or not as declared",
      (b) => {
        b.input("x", [2]);
        b.input("f", [2], DType.Float);
        const constant = b.uint8([1]);
        b.output(constant, [1]).output("f", [2], DType.Float).output("y", [2]);
        b.output("x", [2]).output("x", [3]).output("x", [2], DType.Float);
      },
      ["", "c0", "is an output, but a constant"],
      ["", "f", "is an output, but a float input"],
      ["", "y", "is an output that no node makes"],
      ["", "x", "is declared with element type 2 and shape [3], but has 2 and [2]"],
      ["", "x", "is declared with element type 1 and shape [2], but has 2 and [2]"],
      ["", "graph", "names an output twice"],
    ],
    ["a graph without an output", (b) => b.input("x", [2]), ["", "graph", "has no output"]],
    [
      "an initialiser that is an input, too",
      (b) => {
        b.input("c0", [2]);
        b.uint8([1, 2]);
        b.output(b.node("Identity", [b.input("x", [2])]), [2]);
      },
      ["", "c0", "is made twice; an initialiser may not be an input, too"],
    ],
    [
      "more than 1,024 steps",
      (b) => {
        let last = b.input("x", [2]);
        for (let i = 0; i < 1_023; i++) last = b.node("Identity", [last]);
        b.output(last, [2]);
      },
      ["", "graph", "takes 1025 steps, more than 1024"],
    ],
  ]);

  it("refuses more than 1,024 nodes without looking at them", () => {
    const builder = new GraphBuilder();
    for (let i = 0; i < 1_025; i++) builder.node("Softmax", ["x"]);
    assert.deepEqual(refusalsOf(builder.bytes()), [["", "graph", "has 1025 nodes, more than 1024"]]);
  });

  it("can give a quarter of a million reasons", () => {
    const builder = new GraphBuilder();
    builder.input("x", [2]);
    const attributes = Object.fromEntries(Array.from({ length: 250_000 }, (_, i) => [`a${i}`, 1]));
    builder.output(builder.node("Identity", ["x"], { attributes }), [2]);
    assert.equal(refusalsOf(builder.bytes()).length, 250_000);
  });

  it("accepts 1,024 steps", () => {
    const builder = new GraphBuilder();
    let last = builder.input("x", [2]);
    for (let i = 0; i < 1_022; i++) last = builder.node("Identity", [last]);
    assert.equal(compile(builder.output(last, [2]).bytes()).steps.length, 1_024);
  });
});
