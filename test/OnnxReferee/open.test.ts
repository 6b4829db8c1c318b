import { expect } from "chai";
import { dataSlice, hexlify, id, keccak256, ZeroHash } from "ethers";

import { taggedHash } from "../../packages/sdk/src/codecs/abi.ts";
import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import {
  encodeHeader,
  Executor,
  Layout,
  Opcode,
  type Program,
  rootOfTrace,
  traceTree,
} from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { refereed } from "../support/referee.ts";
import { bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.open", () => {
  const random = new Random(22);
  const { program, roots: trace } = scene(
    { opcode: Opcode.Concat, shape: [2, 7], attrs: [1], constants: bytes(random, 512).data },
    bytes(random, 2, 3),
    bytes(random, 2, 4),
  );
  const roots = [...trace];
  // Both a step and the tensor that it reads are outputs.
  const outputs = [...program.outputs, { name: "z", dtype: 2, shape: [2, 4], step: 1 }];
  const header = encodeHeader({ ...program, outputs });

  it("gives the roots of graph, steps, trace and outputs", async () => {
    const { referee } = await loadFixture(refereed);
    const tensor = (shape: readonly number[], step: number) =>
      taggedHash("OPG/tensor", ["uint8", "uint32[]", "bytes32"], [2, shape, roots[step] ?? ""]);
    const opened = await referee.open(header, roots);
    expect([...opened]).to.deep.equal([
      keccak256(header),
      program.stepsRoot,
      rootOfTrace(traceTree(roots)),
      taggedHash("OPG/payload", ["bytes32[]"], [[tensor([2, 7], 2), tensor([2, 4], 1)]]),
    ]);
    expect((await referee.open(encodeHeader(program), roots)).graphRoot).to.equal(program.graphRoot);
  });

  it("gives the payload root of a packed output", async () => {
    const { referee } = await loadFixture(refereed);
    const packed = scene({ opcode: Opcode.Move, shape: [3, 20], layout: Layout.Packed }, bytes(random, 3, 20));
    const opened = await referee.open(encodeHeader(packed.program), [...packed.roots]);
    expect(opened.outputRoot).to.equal(payloadRoot(new Executor(packed.program).run(packed.payload)));
  });

  context("when the header is another one", () => {
    it("reverts and names the tag", async () => {
      const { referee } = await loadFixture(refereed);
      const tag = id("onnx-int8/1/step");
      await expect(referee.open(tag + dataSlice(header, 32).slice(2), roots))
        .to.be.revertedWithCustomError(referee, "RefereeWrongHeader")
        .withArgs(tag, id("onnx-int8/1/graph"));
    });
  });

  context("when the trace has not one root per step", () => {
    it("reverts and says how many it takes [T070]", async () => {
      const { referee } = await loadFixture(refereed);
      for (const r of [roots.slice(1), [...roots, ZeroHash], []]) {
        await expect(referee.open(header, r))
          .to.be.revertedWithCustomError(referee, "RefereeWrongTrace")
          .withArgs(r.length, 3);
      }
    });
  });

  context("when an output comes from no step", () => {
    it("reverts and names step and steps", async () => {
      const { referee } = await loadFixture(refereed);
      const [output] = program.outputs;
      if (output === undefined) throw new Error("There is an output");
      const wrong: Program = { ...program, outputs: [{ ...output, step: 3 }] };
      await expect(referee.open(encodeHeader(wrong), roots))
        .to.be.revertedWithCustomError(referee, "RefereeNoSuchStep")
        .withArgs(3, 3);
    });
  });
});

describe("OnnxReferee.profile", () => {
  it("is the short string that versions name", async () => {
    const { referee } = await loadFixture(refereed);
    expect(await referee.profile()).to.equal(hexlify(new TextEncoder().encode("onnx-int8/1".padEnd(32, "\0"))));
  });
});
