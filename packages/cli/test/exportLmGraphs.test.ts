import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import type { Tensor } from "@opg-protocol/sdk";
import { DType, Executor, compile } from "@opg-protocol/sdk/onnx";

import { calibrate } from "../src/model/exportLm/calibrate.ts";
import { forward } from "../src/model/exportLm/forward.ts";
import type { IntegerLlama } from "../src/model/exportLm/IntegerLlama.ts";
import { decodeGraph } from "../src/model/exportLm/graph/decodeGraph.ts";
import { passGraph } from "../src/model/exportLm/graph/passGraph.ts";
import type { Llama } from "../src/model/exportLm/Llama.ts";
import { quantise } from "../src/model/exportLm/quantise.ts";
import { randomPassGraph } from "../src/model/exportLm/randomLlama.ts";
import { type Chance, GREEDY, Judge, SAMPLED, SMALL, Writer, randomModel, randomText } from "./exportLmSupport.ts";

const { context } = SMALL;
const NOTHING = new Uint8Array();

const bytesOf = (data: Uint8Array): Tensor => ({ dtype: DType.Uint8, shape: [data.length], data });
const numberOf = (value: number): Tensor => {
  return { dtype: DType.Int32, shape: [1], data: new Uint8Array(Int32Array.of(value).buffer) };
};

/** Inputs of a statement. */
const inputsOf = (prompt: Uint8Array, limit: number, { seed, temperature }: Chance): Tensor[] => {
  const whole = new Uint8Array(context);
  whole.set(prompt);
  return [bytesOf(whole), numberOf(limit), numberOf(seed), numberOf(temperature)];
};

/** Indices at which two texts differ. */
const differences = (a: Uint8Array, b: Uint8Array) => [...a.keys()].filter((t) => a[t] !== b[t]);

for (const [kind, config] of [
  ["a head of keys for each of queries", SMALL],
  ["two heads of queries for one of keys", { ...SMALL, keyHeads: 2 }],
  ["one head of keys for all", { ...SMALL, keyHeads: 1 }],
] as const)
  describe(`Graphs of a language model with ${kind}`, () => {
    let llama: Llama;
    let model: IntegerLlama;
    let judge: Judge;
    let writer: Writer;
    before(async () => {
      ({ llama, model } = randomModel(config));
      judge = await Judge.of(passGraph(model, context), context);
      writer = await Writer.of(decodeGraph(model), config);
    });

    for (const [name, chance] of [
      ["greedy", GREEDY],
      ["sampled", SAMPLED],
    ] as const)
      it(`judge and write whole windows bit for bit alike, ${name}`, async () => {
        for (let seed = 1; seed <= 4; seed++) {
          const text = randomText(context, seed);
          const { text: judged, logits } = await judge.judge(NOTHING, text, chance);
          const steps = writer.follow(chance);
          await steps.next();
          for (let t = 0; t < context; t++) {
            const { value } = await steps.next(text[t] ?? 0);
            assert.deepEqual(value.logits, logits.slice(256 * t, 256 * (t + 1)), `logits behind ${t}`);
            if (t + 1 < context) assert.equal(value.next, judged[t + 1], `byte behind ${t}`);
          }
          assert.equal(judged[0], 0);
        }
      });

    it("give the logits of the model in float, but for rounding", async () => {
      let [error, size] = [0, 0];
      for (let seed = 1; seed <= 4; seed++) {
        const text = randomText(context, 100 + seed);
        const { logits } = await judge.judge(NOTHING, text, GREEDY);
        forward(llama, text).forEach((logit, i) => {
          error += (logit - (logits[i] ?? 0) / 2 ** 16) ** 2;
          size += logit ** 2;
        });
      }
      assert.ok(Math.sqrt(error / size) < 0.1, `${Math.sqrt(error / size)}`);
    });

    it("give a text that the judge states itself, and no other", async () => {
      const prompt = randomText(5, 9);
      const text = await writer.write(prompt, context, SAMPLED);
      assert.ok(text.filter((byte) => byte > 0).length > 3);
      assert.deepEqual((await judge.judge(prompt, text, SAMPLED)).text, text);
      for (let t = 0; t < context; t++) {
        const changed = text.with(t, ((text[t] ?? 0) + 1 + (t % 255)) % 256);
        const judged = (await judge.judge(prompt, changed, SAMPLED)).text;
        assert.equal(differences(judged, changed)[0], t, `a change at ${t}`);
      }
    });

    it("judge windows of all lengths alike", async () => {
      const text = randomText(context, 3);
      const { logits } = await judge.judge(NOTHING, text, GREEDY);
      for (const length of [2, 3, 17]) {
        const shorter = await Judge.of(passGraph(model, length), length);
        const judged = await shorter.judge(NOTHING, text.subarray(0, length), GREEDY);
        assert.deepEqual(judged.logits, logits.slice(0, 256 * length));
      }
    });

    it("are of the profile, whose emulator computes the same", async () => {
      const program = compile(passGraph(model, context), "onnx-int8/2");
      assert.ok(program.steps.length <= 40 * SMALL.layers + 20, `${program.steps.length} steps`);
      const executor = new Executor(program);
      for (const chance of [GREEDY, SAMPLED]) {
        const [prompt, stated] = [randomText(5, 7), randomText(context, 8)];
        const { text } = await judge.judge(prompt, stated, chance, 20);
        assert.deepEqual(executor.run(inputsOf(prompt, 20, chance), [bytesOf(stated)]), [bytesOf(text)]);
      }
    });

    it("do not look ahead", async () => {
      const [text, other] = [randomText(context, 5), randomText(context, 6)];
      const { logits } = await judge.judge(NOTHING, text, GREEDY);
      for (let from = 1; from < context; from += 4) {
        const mixed = text.slice();
        mixed.set(other.subarray(from), from);
        const judged = await judge.judge(NOTHING, mixed, GREEDY);
        assert.deepEqual(judged.logits.slice(0, 256 * from), logits.slice(0, 256 * from), `changed from ${from} on`);
        assert.notDeepEqual(judged.logits, logits);
      }
    });
  });

describe("The text that a pass graph asks for", () => {
  let judge: Judge;
  before(async () => {
    judge = await Judge.of(passGraph(randomModel().model, context), context);
  });

  it("holds nothing in the prompt and from the limit on", async () => {
    const prompt = randomText(6, 1);
    const stated = randomText(context, 2);
    const { text: whole } = await judge.judge(prompt, stated, SAMPLED);
    for (const limit of [-5, 0, 1, 6, 7, 12, context, 2 ** 31 - 1]) {
      const { text } = await judge.judge(prompt, stated, SAMPLED, limit);
      text.forEach((byte, t) => {
        assert.equal(byte, t < 6 || t >= limit ? 0 : whole[t], `limit ${limit}, position ${t}`);
      });
    }
    assert.ok(whole.subarray(6).filter((byte) => byte > 0).length > 12);
  });

  it("holds nothing behind an end mark, nor at the first position", async () => {
    const stated = randomText(context, 4);
    const { text: whole } = await judge.judge(NOTHING, stated, SAMPLED);
    assert.equal(whole[0], 0);
    const ended = stated.with(9, 0).with(10, 0);
    const { text } = await judge.judge(NOTHING, ended, SAMPLED);
    assert.deepEqual(text.subarray(0, 10), whole.subarray(0, 10));
    assert.deepEqual([text[10], text[11]], [0, 0]);
  });

  it("goes on behind each byte of a prompt, wherever it stands", async () => {
    const stated = randomText(context, 4);
    const gap = new Uint8Array(context);
    gap.set([65, 66], 12);
    const { text } = await judge.judge(gap, stated, GREEDY);
    const { text: whole } = await judge.judge(NOTHING, stated.with(12, 65).with(13, 66), GREEDY);
    assert.deepEqual(text, whole.with(12, 0).with(13, 0));
  });

  it("is nothing where nothing was given", async () => {
    assert.deepEqual((await judge.judge(NOTHING, NOTHING, SAMPLED)).text, new Uint8Array(context));
  });
});

describe("A choice of a token", () => {
  let judge: Judge;
  before(async () => {
    judge = await Judge.of(passGraph(randomModel().model, context), context);
  });
  const stated = randomText(context, 7);
  const likeliest = (logits: Int32Array, t: number) => {
    const row = logits.subarray(256 * t, 256 * (t + 1));
    return row.indexOf(Math.max(...row));
  };

  it("is the likeliest one at temperature 0, whatever the seed", async () => {
    for (const seed of [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)])
      for (const temperature of [0, -1, -(2 ** 31)]) {
        const { text, logits } = await judge.judge(NOTHING, stated, { seed, temperature });
        for (let t = 1; t < context; t++) assert.equal(text[t], likeliest(logits, t - 1));
      }
  });

  it("is another for another seed, more so the higher the temperature, which ends at 4", async () => {
    const { text: greedy } = await judge.judge(NOTHING, stated, GREEDY);
    const different = async (temperature: number) => {
      let count = 0;
      for (let seed = 0; seed < 20; seed++)
        count += differences((await judge.judge(NOTHING, stated, { seed, temperature })).text, greedy).length;
      return count / (20 * (context - 1));
    };
    const shares = [await different(16), await different(64), await different(256), await different(1024)];
    assert.deepEqual(shares, shares.toSorted());
    assert.ok((shares[0] ?? 1) < 0.3 && (shares[3] ?? 0) > 0.9, shares.join());
    const hottest = await judge.judge(NOTHING, stated, { seed: 3, temperature: 1024 });
    assert.deepEqual((await judge.judge(NOTHING, stated, { seed: 3, temperature: 2 ** 31 - 1 })).text, hottest.text);
  });

  it("falls on tokens as often as a softmax says", async () => {
    const [seeds, t] = [3000, 11];
    const { logits } = await judge.judge(NOTHING, stated, GREEDY);
    const row = Array.from(logits.subarray(256 * t, 256 * (t + 1)), (logit) => Math.exp(logit / 2 ** 16));
    const total = row.reduce((sum, weight) => sum + weight, 0);
    const counts = new Array<number>(256).fill(0);
    for (let seed = 0; seed < seeds; seed++) {
      const chosen = (await judge.judge(NOTHING, stated, { seed, temperature: 256 })).text[t + 1] ?? 0;
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    // Pearson's statistic over tokens that are expected at least five times, and all others as one.
    let [statistic, cells, restSeen, restExpected] = [0, 0, seeds, seeds];
    row.forEach((weight, token) => {
      const [seen, expected] = [counts[token] ?? 0, (seeds * weight) / total];
      if (expected < 5) return;
      statistic += (seen - expected) ** 2 / expected;
      [cells, restSeen, restExpected] = [cells + 1, restSeen - seen, restExpected - expected];
    });
    statistic += (restSeen - restExpected) ** 2 / restExpected;
    assert.ok(cells > 50, `${cells} tokens`);
    assert.ok(statistic < cells + 5 * Math.sqrt(2 * cells), `${statistic} for ${cells} degrees of freedom`);
  });
});

describe("Choices where all tokens are equally likely", () => {
  let judge: Judge;
  before(async () => {
    const { llama } = randomModel();
    const head = { ...llama.head, values: new Float32Array(llama.head.values.length) };
    const indifferent = quantise({ ...llama, head }, calibrate(llama, [randomText(context, 1)]));
    judge = await Judge.of(passGraph(indifferent, context), context);
  });
  const stated = randomText(context, 2);

  it("fall on the first at temperature 0, and below", async () => {
    for (const temperature of [0, -1, -(2 ** 31)]) {
      const { text, logits } = await judge.judge(NOTHING, stated, { seed: 5, temperature });
      assert.ok(logits.every((logit) => logit === 0));
      assert.deepEqual(text, new Uint8Array(context));
    }
    const { text } = await judge.judge(NOTHING, stated, { seed: 5, temperature: 1 });
    assert.ok(text.filter((token) => token > 0).length > 15);
  });

  it("do not depend on those of the position or the seed before", async () => {
    const rows: Uint8Array[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const { text } = await judge.judge(NOTHING, stated, { seed, temperature: 256 });
      rows.push(text.subarray(1).map((token) => token % 16));
    }
    const acrossPositions = rows.flatMap((row) =>
      Array.from(row.subarray(1), (token, t) => [row[t] ?? 0, token] as const),
    );
    const acrossSeeds = rows
      .slice(1)
      .flatMap((row, seed) => Array.from(row, (token, t) => [rows[seed]?.[t] ?? 0, token] as const));
    for (const pairs of [acrossPositions, acrossSeeds]) {
      const counts = new Array<number>(256).fill(0);
      for (const [before, behind] of pairs) counts[16 * before + behind] = (counts[16 * before + behind] ?? 0) + 1;
      const expected = pairs.length / 256;
      const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      assert.ok(Math.abs(statistic - 255) < 5 * Math.sqrt(2 * 255), `${statistic} for 255 degrees of freedom`);
    }
  });
});

describe("Graphs of any sizes", () => {
  for (const [width, heads, keyHeads, headWidth, innerWidth, length] of [
    [40, 5, 5, 6, 57, 33],
    [7, 1, 1, 2, 1, 2],
    [320, 4, 2, 80, 800, 5],
  ] as const)
    it(`are of the profile: width ${width}, heads of ${headWidth}, ${innerWidth} between, length ${length}`, async () => {
      const sizes = { width, heads, keyHeads, headWidth, innerWidth, context: length, layers: 1 };
      const file = randomPassGraph({ ...SMALL, ...sizes }, length);
      const judge = await Judge.of(file, length);
      const executor = new Executor(compile(file, "onnx-int8/2"));
      const stated = randomText(length, 8);
      const { text } = await judge.judge(NOTHING, stated, SAMPLED);
      const inputs = [bytesOf(new Uint8Array(length)), ...[length, SAMPLED.seed, SAMPLED.temperature].map(numberOf)];
      assert.deepEqual(executor.run(inputs, [bytesOf(stated)]), [bytesOf(text)]);
    });
});

describe("Graph files", () => {
  it("are the same bytes each time", () => {
    const [one, two] = [randomModel().model, randomModel().model];
    assert.deepEqual(passGraph(one, 16), passGraph(two, 16));
    assert.deepEqual(decodeGraph(one), decodeGraph(two));
    assert.notDeepEqual(passGraph(randomModel(SMALL, 2).model, 16), passGraph(one, 16));
  });
});
