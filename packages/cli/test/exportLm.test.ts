import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { type LlamaConfig, readConfig } from "../src/model/exportLm/config.ts";
import type { Comparison } from "../src/model/exportLm/measure.ts";
import { randomLlama } from "../src/model/exportLm/randomLlama.ts";
import { GREEDY, Judge, SAMPLED, SMALL, Writer, fileOf, hfConfig, randomText, weightsOf } from "./exportLmSupport.ts";

const pathTo = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const OPG = pathTo("../bin/opg.js");
const VERSES = pathTo("../../../examples/models/verses");
const FOLDER = mkdtempSync(join(tmpdir(), "opg-export-lm-"));
after(() => {
  rmSync(FOLDER, { recursive: true });
});

function exportLm(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [OPG, "model", "export-lm", ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

type Figures = Comparison & { readonly files: readonly { readonly path: string; readonly bytes: number }[] };

/** A folder with a random model and texts. */
function modelFolder(name: string, config: LlamaConfig = SMALL): string {
  const folder = join(FOLDER, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "config.json"), JSON.stringify(hfConfig(config)));
  writeFileSync(join(folder, "model.safetensors"), fileOf(weightsOf(randomLlama(config))));
  writeFileSync(join(folder, "calibration.txt"), randomText(20 * config.context, 1));
  writeFileSync(join(folder, "held-back.txt"), randomText(10 * config.context + 5, 2));
  return folder;
}

describe("opg model export-lm", () => {
  const folder = modelFolder("small");
  const args = ["--lengths", "2,24"] as const;
  const out = (name: string) => join(FOLDER, name);

  it("writes the graphs, the same each time, and says how well both models foretell text", () => {
    const first = exportLm(folder, "-o", out("first"), ...args, "--json");
    assert.equal(first.status, 0, first.stderr);
    const { files, windows, bytes, float, integer, agreement } = JSON.parse(first.stdout) as Figures;
    assert.deepEqual(
      files.map(({ path }) => path),
      ["pass-2.onnx", "pass-24.onnx", "decode.onnx"].map((name) => join(out("first"), name)),
    );
    assert.deepEqual([windows, bytes], [10, 230]);
    // Nothing was learnt: both are as far from the text as from any other.
    for (const { loss } of [float, integer]) assert.ok(loss > 5 && loss < 7, `${loss}`);
    assert.ok(Math.abs(integer.loss / float.loss - 1) < 0.01, `${float.loss} is ${integer.loss} in integers`);
    assert.ok(agreement > 0.9, `${agreement}`);

    const second = exportLm(folder, "-o", out("second"), ...args);
    assert.equal(second.status, 0, second.stderr);
    assert.match(second.stdout, new RegExp(`^Integer +${integer.loss.toFixed(4)} `, "m"));
    for (const { path, bytes: length } of files) {
      const file = readFileSync(path);
      assert.equal(file.length, length);
      assert.deepEqual(readFileSync(path.replace("first", "second")), file);
    }
  });

  it("takes texts from elsewhere", () => {
    const texts = join(FOLDER, "texts.txt");
    writeFileSync(texts, randomText(24, 3));
    const given = ["--calibration", texts, "--held-back", texts] as const;
    const { status, stdout } = exportLm(folder, "-o", out("third"), "--lengths", "24", ...given, "--json");
    assert.equal(status, 0);
    assert.equal((JSON.parse(stdout) as Figures).windows, 1);
  });

  it("ends with 2 for lengths that the model has no positions for, and for files that are not there", () => {
    for (const lengths of ["1", "25", "8.5", "x", "8,"]) {
      const { status, stderr } = exportLm(folder, "-o", out("never"), "--lengths", lengths);
      assert.match(stderr, /is no number from 2 to 24/);
      assert.equal(status, 2);
    }
    const nowhere = exportLm(out("nowhere"), "-o", out("never"));
    assert.match(nowhere.stderr, /ENOENT.*config\.json/);
    assert.equal(nowhere.status, 2);
    const occupied = exportLm(folder, "-o", join(folder, "config.json"), ...args);
    assert.match(occupied.stderr, /config\.json/);
    assert.equal(occupied.status, 2);
  });

  it("ends with 1 for a model that it cannot write, and says why", () => {
    const broken = modelFolder("broken");
    writeFileSync(join(broken, "model.safetensors"), new Uint8Array(16).fill(255));
    const { status, stderr } = exportLm(broken, "-o", out("never"), ...args);
    assert.match(stderr, /^opg: model\.safetensors: says that its header has 18446744073709551615 bytes/);
    assert.equal(status, 1);

    writeFileSync(join(broken, "held-back.txt"), "short");
    const short = exportLm(broken, "-o", out("never"), ...args);
    assert.match(short.stderr, /held-back\.txt: has 5 bytes, fewer than a window of 24/);
    assert.equal(short.status, 1);
  });
});

describe("The model of verses", () => {
  const read = (name: string) => readFileSync(join(VERSES, name));

  it("writes verses that both of its judges state themselves, and no others", async () => {
    const config = readConfig(read("config.json").toString());
    const writer = await Writer.of(read("decode.onnx"), config);
    const prompt = new TextEncoder().encode("And the LORD said unto ");
    for (const length of [64, 128])
      for (const chance of [GREEDY, SAMPLED]) {
        const judge = await Judge.of(read(`pass-${length}.onnx`), length);
        const text = (await writer.write(prompt, length, chance)).subarray(0, length);
        assert.ok(
          text.subarray(prompt.length).every((byte, t) => byte > 0 || t > 8),
          text.join(),
        );
        assert.deepEqual((await judge.judge(prompt, text, chance)).text, text);
        for (let t = 0; t < length; t += 7) {
          const changed = text.with(t, (text[t] ?? 0) ^ 1);
          assert.notDeepEqual((await judge.judge(prompt, changed, chance)).text, changed, `a change at ${t}`);
        }
      }
  });

  it("is what the exporter makes of its weights, and foretells as well as in float", () => {
    const { status, stdout, stderr } = exportLm(VERSES, "-o", join(FOLDER, "verses"), "--json");
    assert.equal(status, 0, stderr);
    const { float, integer, agreement } = JSON.parse(stdout) as Figures;
    assert.ok(integer.loss < 1.01 * float.loss, `${float.loss} is ${integer.loss} in integers`);
    assert.ok(agreement > 0.95, `${agreement}`);
    for (const name of ["pass-64.onnx", "pass-128.onnx", "decode.onnx"]) {
      const made = readFileSync(join(FOLDER, "verses", name));
      assert.ok(made.equals(read(name)), name);
    }
  });
});
