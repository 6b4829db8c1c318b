import { expect } from "chai";
import { dataSlice, hexlify, id, keccak256, ZeroHash } from "ethers";

import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { encodeHeader, Executor, Layout, Opcode, type Program, traceTree } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { loadFixture } from "../support/network.ts";
import { refereed } from "../support/referee.ts";
import { bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.open", () => {
  const random = new Random(22);
  const { program, roots } = scene(
    { opcode: Opcode.Concat, shape: [2, 7], attrs: [1], constants: bytes(random, 512).data },
    bytes(random, 2, 3),
    bytes(random, 2, 4),
  );
  // Both a step and the tensor that it reads are outputs.
  const outputs = [...program.outputs, { name: "z", dtype: 2, shape: [2, 4], step: 1 }];
  const header = encodeHeader({ ...program, outputs });

  it("gives the roots of graph, steps, trace and outputs", async () => {
    const { referee } = await loadFixture(refereed);
    const [graphRoot, stepsRoot, traceRoot] = await referee.open(header, roots);
    expect(graphRoot).to.equal(keccak256(header));
    expect(await referee.open(encodeHeader(program), roots)).to.have.property("graphRoot", program.graphRoot);
    expect(stepsRoot).to.equal(program.stepsRoot);
    expect(traceRoot).to.equal(hexlify(traceTree(roots).root));
  });

  it("gives the payload root of a packed output", async () => {
    const { referee } = await loadFixture(refereed);
    const packed = scene({ opcode: Opcode.Move, shape: [3, 20], layout: Layout.Packed }, bytes(random, 3, 20));
    const opened = await referee.open(encodeHeader(packed.program), packed.roots);
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
