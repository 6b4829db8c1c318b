import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { MapOp } from "../../../src/onnx/index.ts";
import { instructionsOf } from "../../../src/onnx/profile2/kernels/instructions.ts";
import { instructionOf, runProgram } from "../../../src/onnx/profile2/mapProgram.ts";

const NO_TABLES = (): never => assert.fail("a table was read");

/** What a program of one instruction makes of all its operands. */
const made = (op: MapOp, ...operands: readonly bigint[]): bigint =>
  runProgram([BigInt(operands.length), instructionOf(op, 0, 1, 2)], operands, NO_TABLES);

// That the referee computes the same is tested on chain, in test/IntegerReferee of the repository.
describe("runProgram", () => {
  it("divides towards zero", () => {
    const quotients = [made(MapOp.Div, 7n, 2n), made(MapOp.Div, -7n, 2n), made(MapOp.Div, 6n, 7n)];
    assert.deepEqual(quotients, [3n, -3n, 0n]);
  });

  it("keeps the lowest bits of what it wraps", () => {
    assert.deepEqual([made(MapOp.Wrap8, -1n), made(MapOp.Wrap8, 256n)], [255n, 0n]);
    assert.deepEqual(
      [made(MapOp.Wrap32, 2n ** 31n), made(MapOp.Wrap32, -(2n ** 31n) - 1n)],
      [-(2n ** 31n), 2n ** 31n - 1n],
    );
  });

  it("clips from below first", () => {
    const clipped = [5n, -5n, 2n].map((value) => made(MapOp.Clip, value, -1n, 3n));
    assert.deepEqual([...clipped, made(MapOp.Clip, 0n, 4n, 3n)], [3n, -1n, 2n, 3n]);
  });

  it("takes whatever is not zero for true", () => {
    assert.deepEqual([made(MapOp.Where, 0n, 5n, 7n), made(MapOp.Where, -3n, 5n, 7n)], [7n, 5n]);
  });

  it("reads values by their numbers, constants and entries among them", () => {
    const attrs = [
      2n,
      ...[instructionOf(MapOp.Const), -9n], // value 2
      instructionOf(MapOp.Mul, 0, 2), // 3
      instructionOf(MapOp.Table, 1, 5), // 4
      instructionOf(MapOp.Sub, 4, 3),
    ];
    const read: [number, bigint][] = [];
    const look = (table: number, entry: bigint): bigint => {
      read.push([table, entry]);
      return 1_000n;
    };
    assert.equal(runProgram(attrs, [3n, 77n], look), 1_027n);
    assert.deepEqual(read, [[5, 77n]]);
  });

  it("refuses instructions that there are not, as the kernel does", () => {
    const unknown = new RangeError("A MAP has no instruction 15.");
    assert.throws(() => runProgram([1n, 15n], [3n], NO_TABLES), unknown);
    assert.throws(() => instructionsOf([1n, 15n]), unknown);
  });

  it("makes the last operand without any instruction", () => {
    assert.equal(runProgram([2n], [3n, 4n], NO_TABLES), 4n);
  });
});
