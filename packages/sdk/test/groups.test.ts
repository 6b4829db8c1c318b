import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { concat, getBytes, id, keccak256, toBeHex, ZeroHash } from "ethers";

import {
  answerTo,
  groupOf,
  groupToEnter,
  isLong,
  laidPathOf,
  laidRootOf,
  type LaidTrace,
  openingInGroups,
  TracedRun,
  traceRootOf,
} from "../src/actions/disputes/index.ts";
import { rootOfRange } from "../src/codecs/merkle.ts";
import { type Program, Executor } from "../src/onnx/index.ts";
import { longCase } from "./onnx/support/longCase.ts";

const GROUP = 64;

/** A run of so many steps; with a lie, one byte of a step is another, and all after it follows from that. */
function runOf(steps: number, lie?: number): TracedRun {
  const { program, inputs } = longCase(steps - 2);
  return new TracedRun(lie === undefined ? new Executor(program) : new Liar(program, lie), inputs);
}

class Liar extends Executor {
  readonly #step: number;

  constructor(program: Program, step: number) {
    super(program);
    this.#step = step;
  }

  override *tensors(...given: Parameters<Executor["tensors"]>): ReturnType<Executor["tensors"]> {
    for (const [step, words] of super.tensors(...given)) {
      if (step === this.#step) words[0] = (words[0] ?? 0) ^ 1;
      yield [step, words];
    }
  }
}

/** What a challenger has laid down, up to a group. */
const laidBy = (run: TracedRun, entered?: number): LaidTrace => ({
  groups: openingInGroups(run).groups,
  entered,
  roots: entered === undefined ? [] : groupOf(run, entered).roots,
});

const bytes = (words: readonly string[]) => words.map((word) => getBytes(word));
const hashed = (words: readonly string[], first: number, siblings: readonly string[], depth: number) => {
  const root = rootOfRange(bytes(words), first, depth, bytes(siblings));
  return root && keccak256(concat(["0x01", root, toBeHex(depth, 32)]));
};

describe("A long trace", () => {
  const run = runOf(300);

  it("is laid down in groups from 257 steps on, where that costs less", () => {
    assert.deepEqual([isLong(runOf(256)), isLong(runOf(257)), isLong(run)], [false, true, true]);
  });

  it("has a group for every 64 steps, each of which leads to the root of the trace", () => {
    for (const [steps, count] of [
      [128, 2],
      [129, 3],
      [300, 5],
    ] as const) {
      const some = runOf(steps);
      assert.equal(openingInGroups(some).groups.length, count);
      for (let group = 0; group < count; group += 1) {
        const { roots, path } = groupOf(some, group);
        assert.equal(roots.length, GROUP);
        assert.equal(hashed(roots, group * GROUP, path, 6 + path.length), traceRootOf(some));
      }
    }
  });

  it("has zero words behind its last step", () => {
    const { roots } = groupOf(run, 4);
    assert.deepEqual(roots.slice(0, 44), run.trace.roots.slice(256));
    assert.deepEqual(
      roots.slice(44),
      Array.from({ length: 20 }, () => ZeroHash),
    );
  });

  it("opens the data root of each output", () => {
    const [output, ...others] = openingInGroups(run).outputs;
    assert.deepEqual([output?.words, others], [[run.trace.roots[299]], []]);
    assert.equal(hashed(output?.words ?? [], 299, output?.siblings ?? [], 9), traceRootOf(run));
  });
});

describe("The group that a node enters", () => {
  const truth = runOf(300);

  for (const lie of [0, 63, 64, 200, 256, 299]) {
    it(`is the one in which it first differs: step ${lie}`, () => {
      assert.equal(groupToEnter(runOf(300, lie), openingInGroups(truth).groups), Math.floor(lie / GROUP));
    });
  }

  it("is none where it makes all as the challenger does", () => {
    assert.equal(groupToEnter(truth, openingInGroups(truth).groups), undefined);
  });
});

describe("A node's answer to a group", () => {
  const truth = runOf(300);

  for (const lie of [0, 64, 200, 299]) {
    it(`names the first step that it makes differently, and proves what the challenger says of it: step ${lie}`, () => {
      const liar = runOf(300, lie);
      const laid = laidBy(truth, Math.floor(lie / GROUP));
      const answer = answerTo(liar, laid);
      assert.deepEqual([answer?.index, answer?.root], [lie, truth.trace.roots[lie]]);
      assert.equal(hashed([answer?.root ?? ""], lie, answer?.rootPath ?? [], 9), traceRootOf(truth));
    });
  }

  it("is none before the group is laid down, and none about a group in which nothing differs", () => {
    const liar = runOf(300, 200);
    assert.equal(answerTo(liar, laidBy(truth)), undefined);
    assert.equal(answerTo(liar, laidBy(truth, 0)), undefined);
  });

  it("takes no padding for a step", () => {
    const laid = laidBy(truth, 4);
    const padded = { ...laid, roots: laid.roots.with(63, id("no step has this")) };
    assert.equal(answerTo(truth, padded), undefined);
  });
});

describe("What is known of a trace", () => {
  const truth = runOf(300);
  const laid = laidBy(truth, 3);

  it("is the data roots of the group that was laid down", () => {
    assert.equal(laidRootOf(laid, 200), truth.trace.roots[200]);
    for (const step of [191, 256]) assert.equal(laidRootOf(laid, step), undefined);
  });

  it("is all data roots, where there are no groups", () => {
    const whole = { groups: undefined, entered: undefined, roots: truth.trace.roots };
    assert.equal(laidRootOf(whole, 7), truth.trace.roots[7]);
    assert.deepEqual(laidPathOf(whole, 200), laidPathOf(laid, 200));
  });
});
