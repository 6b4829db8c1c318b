import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";

import { ZeroHash, getBytes } from "ethers";

import { FOLDER, files } from "../../../scripts/vectors.ts";
import { type Order, type PackedJob, packOrder } from "../src/codecs/job.ts";
import { PayloadError, decodePayload, encodePayload, faultOf, payloadRoot } from "../src/codecs/payload.ts";
import { type Rules, packRules } from "../src/codecs/rules.ts";
import { TensorLengthError, tensorRoot } from "../src/codecs/tensor.ts";

/** The cases of a committed file. */
function casesOf(name: string): readonly unknown[] {
  const { cases } = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as { cases: readonly unknown[] };
  assert.ok(cases.length > 0);
  return cases;
}

/** What JSON has for a number: a decimal string beyond what JavaScript can hold. */
type Numeric = number | string;

describe("The committed vectors", () => {
  for (const [name, text] of files) {
    it(`are what the codecs give: ${name} [T147]`, () => {
      assert.equal(readFileSync(new URL(name, FOLDER), "utf8"), text, "run `npm run vectors`");
    });
  }

  it("are these files and no others", () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), [...files.keys()].sort());
  });
});

describe("The codecs, on the committed vectors", () => {
  it("read a payload back as it was written, and tell an output from an error", () => {
    const vectors = casesOf("payload.json") as readonly { fault: PayloadError; encoded: string; root: string }[];
    for (const { fault, encoded, root } of vectors) {
      assert.equal(faultOf(root), fault);
      if (fault !== PayloadError.None) continue;
      const tensors = decodePayload(getBytes(encoded));
      assert.equal(payloadRoot(tensors), root);
      assert.deepEqual(encodePayload(tensors), getBytes(encoded));
    }
  });

  it("refuse a tensor whose data does not fit, and name both lengths", () => {
    type Vector = { dtype: number; shape: number[]; data: string; byteLength: number; root: string };
    const refused = (casesOf("tensor.json") as readonly Vector[]).filter(({ root }) => root === ZeroHash);
    assert.ok(refused.length > 0);
    for (const { dtype, shape, data, byteLength } of refused) {
      const tensor = { dtype, shape, data: getBytes(data) };
      assert.throws(
        () => tensorRoot(tensor),
        (error) =>
          error instanceof TensorLengthError &&
          error.given === tensor.data.length &&
          error.expected === byteLength &&
          error.tensor === tensor,
      );
    }
  });

  it("pack rules as they were read", () => {
    type Vector = { name: string; word: string; rules: Record<string, Numeric>; horizonPeriod: Numeric };
    for (const { name, word, rules, horizonPeriod } of casesOf("rules.json") as readonly Vector[]) {
      const fields = Object.entries({ ...rules, horizonPeriod }).map(([field, value]) => [field, BigInt(value)]);
      assert.equal(packRules(Object.fromEntries(fields) as Rules), word, name);
    }
  });

  it("pack an order from the fields of the job", () => {
    type Vector = { name: string; job: PackedJob; fields: Order & Record<"seatPrice" | "royalty", Numeric> };
    const orders = (casesOf("job.json") as readonly Vector[]).filter(({ name }) => name.includes("order"));
    assert.equal(orders.length, 3);
    for (const { job, fields } of orders) {
      const amounts = {
        seatPrice: BigInt(fields.seatPrice),
        maxRoyalty: BigInt(fields.royalty),
        deliveryTip: BigInt(fields.deliveryTip ?? 0),
        nonce: BigInt(fields.nonce ?? 0),
      };
      assert.deepEqual(packOrder({ ...fields, ...amounts }), job);
    }
  });
});
