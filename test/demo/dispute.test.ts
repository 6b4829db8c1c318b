import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";

import { DisputeState, TracedRun } from "@opg-protocol/sdk";
import { expect } from "chai";
import { parseEther } from "ethers";

import { drawMap } from "../../scripts/demo/dispute/map.ts";
import { captionOf, mapOf } from "../../scripts/demo/dispute/report.ts";
import { summary } from "../../scripts/demo/dispute/run.ts";
import { prepare } from "../../scripts/demo/dispute/setup.ts";
import { tell, type Told } from "../../scripts/demo/dispute/story.ts";
import { drawSvg } from "../../scripts/demo/dispute/svg.ts";
import { loadPicture } from "../../scripts/demo/picture.ts";
import { parties } from "../../scripts/demo/roles.ts";
import { stage } from "../../scripts/demo/say.ts";
import { clientOf } from "../support/clients.ts";
import { protocol } from "../support/fixtures.ts";
import { loadFixture, time } from "../support/network.ts";

const PICTURE = fileURLToPath(new URL("../../examples/digits/pictures/five-1.png", import.meta.url));

describe("npm start -- --dispute", () => {
  const folder = mkdtempSync(join(tmpdir(), "opg-"));
  const shown = new PassThrough().setEncoding("utf8");

  before(() => {
    stage.output = shown;
  });
  after(() => {
    stage.output = process.stdout;
    rmSync(folder, { recursive: true, force: true });
  });

  async function told(): Promise<Told> {
    const { provider, addresses } = await clientOf(await protocol());
    const cast = await prepare({ provider, addresses }, folder);
    return tell(cast, loadPicture(PICTURE), async (timestamp) => {
      await time.increaseTo(timestamp);
    });
  }

  it("finds, narrows, judges and slashes a lie of one unit in one number of a middle layer [I22]", async () => {
    const story = await loadFixture(told);
    const { explanation, truth, lie } = story;
    const { layer, element, wrongElements, challengerIsRight, ending, payment, unknown } = explanation;
    expect(layer).to.deep.include({ step: 2, steps: 9, name: "conv2", operator: "QLinearConv", shape: [1, 16, 8, 8] });
    expect(Number(element?.claimed.stored)).to.equal(Number(element?.right?.stored) + 1);
    expect(element?.isProven).to.equal(true);
    expect(wrongElements).to.equal(1);
    expect(challengerIsRight).to.equal(true);
    expect(ending).to.deep.include({ state: DisputeState.NodeLost, cause: "judged", payee: parties.watcher.address });
    expect(payment).to.deep.include({
      slashed: parseEther("304"),
      compensation: parseEther("10"),
      challengers: [parties.watcher.address],
      share: payment?.burned,
    });
    expect(unknown).to.deep.equal([]);
    // Both read the same digit: nobody who only looks at the answer would see the lie.
    expect(summary(story, "x.svg").answer).to.deep.equal({ stated: 5, right: 5 });
    expect(lie.trace.outputs[0]?.data).to.not.deep.equal(truth.trace.outputs[0]?.data);
    expect(lie).to.be.instanceOf(TracedRun);
  });

  it("says who paid gas for which move, and tells each of them while it happens", async () => {
    const { moves } = await loadFixture(told);
    expect(moves.map(({ move, payer }) => [move, payer])).to.deep.equal([
      ["request", "Requester"],
      ["answer", "Node"],
      ["approve", "Watcher"],
      ["deposit", "Watcher"],
      ["seal", "Watcher"],
      ["challenge", "Watcher"],
      ["respond", "Node"],
      ["judge", "Passer-by"],
      ["settle", "Passer-by"],
    ]);
    const text = shown.read() as string;
    expect(text).to.contain("one of 3,156 numbers is wrong").and.to.contain("one of 1,024");
  });

  it("is the example that docs/disputes.md works through", async () => {
    const { explanation, truth, lie } = await loadFixture(told);
    const page = readFileSync(new URL("../../docs/disputes.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ");
    for (const [step, { name }] of truth.program.steps.entries()) {
      const [right, stated] = [truth, lie].map(({ trace }) => `${(trace.roots[step] ?? "").slice(0, 10)}…`);
      expect(page).to.match(new RegExp(`\\| ${step} \\| \`${name}\` .* ${right} \\| ${stated} \\|`));
    }
    const ofElement = explanation.text.split("\n").filter((line) => /^(The node first|Element)/.test(line));
    expect(ofElement).to.have.length(2);
    for (const line of ofElement) expect(page).to.contain(line);
  });

  it("draws the layer with the wrong number and both numbers, for people, screens and pages", async () => {
    const story = await loadFixture(told);
    const map = mapOf(story);
    const caption = captionOf(story.explanation);
    const { claimed, right } = story.explanation.element ?? {};
    expect([map.width, map.height]).to.deep.equal([8, 8]);
    expect(map.values[map.marked.y * map.width + map.marked.x]).to.equal(right?.stored);

    const plain = drawMap(map, false).split("\n");
    expect(plain.map((row) => row.length)).to.deep.equal(Array<number>(8).fill(16));
    expect(plain[map.marked.y]?.slice(2 * map.marked.x, 2 * map.marked.x + 2)).to.equal("><");
    const coloured = drawMap(map, true).split("\n");
    expect(coloured).to.have.length(16);
    expect(coloured[2 * map.marked.y]).to.contain("38;5;196");

    const svg = drawSvg(map, { ...caption, layer: `<${caption.layer}>` });
    expect(svg).to.contain(`>${claimed?.stored}</text>`).and.to.contain(`>${right?.stored}</text>`);
    expect(svg).to.match(/<title id="title">One wrong number in &lt;conv2/);
    expect(svg).to.contain(`<desc id="desc">A grid of 8 by 8 numbers.`).and.to.contain("prefers-color-scheme: dark");
  });
});
