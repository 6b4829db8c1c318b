import { expect } from "chai";
import { dataSlice, hexlify, id, keccak256 } from "ethers";

import { tensorPreimage, type TensorPreimage } from "../../packages/sdk/src/codecs/tensor.ts";
import { payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { encodeHeader, Opcode } from "../../packages/sdk/src/onnx/index.ts";
import { Random } from "../model/Random.ts";
import { inputRootOf } from "../support/disputes.ts";
import { loadFixture } from "../support/network.ts";
import { refereed } from "../support/referee.ts";
import { bytes, scene } from "../support/scenes.ts";

describe("OnnxReferee.fits", () => {
  const random = new Random(23);
  const { program, payload } = scene(
    { opcode: Opcode.Concat, shape: [2, 7], attrs: [1], constants: bytes(random, 512).data },
    bytes(random, 2, 3),
    bytes(random, 2, 4),
  );
  const header = encodeHeader(program);
  const fitting = payload.map(tensorPreimage);
  const [first, second] = fitting;
  if (first === undefined || second === undefined) throw new Error("The model has two inputs");
  const wire = (inputs: readonly TensorPreimage[]) => inputs.map((input) => ({ ...input, shape: [...input.shape] }));

  it("takes the tensors of a payload that the model runs on, whatever their values [T057]", async () => {
    const { referee } = await loadFixture(refereed);
    expect([...(await referee.fits(header, wire(fitting)))]).to.deep.equal([
      keccak256(header),
      payloadRoot(payload),
      true,
    ]);
    const other = [{ ...first, dataRoot: id("other") }, second];
    expect([...(await referee.fits(header, wire(other)))]).to.deep.equal([keccak256(header), inputRootOf(other), true]);
  });

  const misfits: Readonly<Record<string, readonly TensorPreimage[]>> = {
    "one too few": [first],
    "one too many": [first, second, second],
    "none at all": [],
    "in another order": [second, first],
    "another type": [{ ...first, dtype: 3 }, second],
    "another type of the last": [first, { ...second, dtype: 1 }],
    "another dimension": [{ ...first, shape: [2, 4] }, second],
    "another dimension of the last": [first, { ...second, shape: [3, 4] }],
    "another rank": [{ ...first, shape: [6] }, second],
    "another rank of as many bytes": [{ ...first, shape: [1, 2, 3] }, second],
  };
  for (const [what, inputs] of Object.entries(misfits)) {
    it(`does not take ${what} [T057 T071]`, async () => {
      const { referee } = await loadFixture(refereed);
      const given = [...(await referee.fits(header, wire(inputs)))];
      expect(given).to.deep.equal([keccak256(header), inputRootOf(inputs), false]);
    });
  }

  context("when the header is another one", () => {
    it("reverts and names the tag", async () => {
      const { referee } = await loadFixture(refereed);
      const tag = id("onnx-int8/1/step");
      await expect(referee.fits(hexlify(tag) + dataSlice(header, 32).slice(2), wire(fitting)))
        .to.be.revertedWithCustomError(referee, "RefereeWrongHeader")
        .withArgs(tag, id("onnx-int8/1/graph"));
    });
  });
});
