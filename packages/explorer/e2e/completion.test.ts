/** Texts of a language model are checked in a browser: by one run over each, and number by number against ONNX Runtime Web. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { challengeInGroups, depositBond, getStatement, openingInGroups, parseOpg, TracedRun } from "@opg-protocol/sdk";
import { Executor } from "@opg-protocol/sdk/onnx";
import type { HDNodeWallet } from "ethers";
import type { Browser } from "playwright-core";

import { to } from "../src/routes.ts";
import { windowText } from "../src/verify/completion.ts";
import { shownTo } from "../src/verify/program.ts";
import { asked, completed, program, windowOf } from "../test/support/verses.ts";
import { launch, skip } from "./support/browser.ts";
import { connect } from "./support/connect.ts";
import { SOON, standingOf } from "./support/forms.ts";
import { LyingDecoder } from "./support/LyingDecoder.ts";
import { newcomer } from "./support/newcomer.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";
import { screenshot } from "./support/screenshots.ts";
import { TestWallet } from "./support/wallet.ts";
import { Writer, type WrittenText } from "./support/writer.ts";

/** Likely texts, and texts by chance. */
const ORDERS = [
  asked("And God said"),
  asked("Unto the pure all things", { temperature: 1_000, seed: 1 }),
  asked("Blessed are the", { temperature: 65_536, seed: 2, limit: 40 }),
];
/** One sum of a matrix product, far from what it is. */
const LIE = {
  step: program.steps.findIndex(({ name }) => name.startsWith("2/feedForward/down/")),
  token: 14,
  element: 5,
  claimed: 2_000_000,
};
/** Elements of all tensors of a run, and how many tensors there are. */
const [ELEMENTS, TENSORS] = [1_134_720, 143];
/** Milliseconds for a check: a run here, two by ONNX Runtime Web, and the comparison. */
const CHECK = { timeout: 60_000 };

describe("A text of a language model", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let writer: Writer;
  before(async () => {
    stack = readStack();
    browser = await launch();
    writer = await Writer.begin(stack);
  });
  after(async () => {
    await browser.close();
    stack.close();
    await writer.end();
  });

  const visitJob = ({ jobId }: WrittenText): Promise<Visit> =>
    Visit.begin(browser, { url: stack.pageUrl, route: to.job(jobId) });

  it("is verified, and each tensor of the executor is that of ONNX Runtime Web", async () => {
    let compared = 0;
    for (const input of ORDERS) {
      const text = await completed(input);
      const visit = await visitJob(await writer.write(input, text));
      const { page } = visit;
      await page.getByRole("button", { name: "Verify" }).click(SOON);
      const agree = page.getByText(
        /^ONNX Runtime Web and the reference executor agree on all \d+ numbers of all \d+ tensors/,
      );
      await agree.waitFor(CHECK);
      const [elements, tensors] = (await agree.innerText()).match(/\d+/g) ?? [];
      assert.equal(Number(tensors), TENSORS);
      compared += Number(elements);
      // The answer can still be disputed, so that it is not called verified; nothing else is left open.
      await page.getByText("Incomplete.", { exact: true }).waitFor(SOON);
      assert.equal(await page.locator(".badge.bad").count(), 0);
      assert.equal(await page.locator(".badge.wait", { hasText: "not known" }).count(), 1);
      const again = "Shown the stated output, the reference executor gives it again, bit for bit: 64 numbers.";
      assert.equal(await page.getByText(again).count(), 1);
      const [prompt] = input;
      assert.ok(prompt);
      const quotes = await page.locator("figure:has(.foreign-block)").allInnerTexts();
      assert.equal(quotes.length, 2);
      assert.ok(quotes[0]?.includes(windowText(prompt)));
      visit.assertClean();
      await visit.end();
    }
    assert.equal(compared, ORDERS.length * ELEMENTS);
    console.log(`Compared in Chromium: ${compared.toLocaleString("en")} elements of ${ORDERS.length} runs.`);
  });

  it("is refuted by its first wrong byte, and shown as text whatever it is", async () => {
    const input = asked("In the beginning");
    const [place, markup] = [16, "<img src=x onerror=alert(1)>"];
    const right = await completed(input);
    const visit = await visitJob(await writer.write(input, windowOf(markup, place)));
    const { page } = visit;
    const first = `The first wrong byte of the text is at position ${place} of 0 to 63: 60 (“<”) was stated, ${right.data[place] ?? 0} (“`;
    await page.getByRole("button", { name: "Verify" }).click(SOON);
    await page.getByText("Refuted.", { exact: true }).waitFor(CHECK);
    assert.equal(await page.getByText(first).count(), 1);
    assert.equal(await page.locator(".foreign-block", { hasText: markup }).count(), 1);
    assert.equal(await page.locator("img").count(), 0);
    await screenshot(page, "completion-light-1280");

    await page.getByRole("button", { name: "Check the answers and challenge" }).click(SOON);
    await page.getByRole("button", { name: "Compute the answer here" }).click(SOON);
    await page.getByText("This answer is false.").waitFor(CHECK);
    await page.getByText(first).nth(1).waitFor(SOON);

    await page.getByRole("link", { name: "Input and output" }).click();
    const output = page.getByRole("region", { name: "Output" });
    await output.locator(".foreign-block", { hasText: markup }).waitFor(SOON);
    const prompt = page.getByRole("region", { name: "Input" }).locator(".foreign-block");
    assert.equal(await prompt.innerText(), "In the beginning");
    visit.assertClean();
    await visit.end();
  });

  /** States a text that follows from one wrong number; gives the run that makes it. */
  const lie = async (): Promise<{ readonly lying: TracedRun; readonly written: WrittenText }> => {
    const input = asked("And he shall", { limit: 40 });
    const liar = new LyingDecoder(program, LIE);
    const text = await shownTo(liar, input, undefined);
    const [stated] = text;
    assert.ok(stated);
    return { lying: new TracedRun(liar, input, text), written: await writer.write(input, stated) };
  };

  const walletOf = (account: HDNodeWallet): TestWallet => {
    const { rpcUrl, deployment } = stack;
    return new TestWallet({ name: "Watcher", account, rpcUrl, chainId: deployment.chainId });
  };

  /** From the move in which the node names a step to the verdict. */
  const isFoundFalse = async ({ page }: Visit, gameId: string, lying: TracedRun): Promise<void> => {
    const { step, token, element } = LIE;
    await writer.respond(gameId, lying);
    await page.getByRole("button", { name: "Pick the part" }).click(SOON);
    await standingOf(page).getByText("The node is to show the words of the part that was picked.").waitFor(SOON);
    await writer.reveal(gameId, lying);
    const heading = `The contested element: layer 2, feedForward down, token ${token}, element ${element}`;
    await page.getByRole("heading", { name: heading }).waitFor(SOON);
    await page.getByText(`Token ${token} of 0 to 63 is the byte `).waitFor(SOON);
    const [claimed] = await page.locator(".two-values dd").allInnerTexts();
    assert.equal(Number.parseInt(claimed ?? "", 10), LIE.claimed);
    const name = program.steps[step]?.name ?? "";
    assert.match((await page.locator(".graph-node.contested").textContent()) ?? "", new RegExp(name));
    assert.equal(await page.locator(".tensor-frame.contested").count(), 1);
    await screenshot(page, "completion-dispute-light-1280");
    await page.getByRole("button", { name: "Prove the element wrong" }).click(SOON);
    await standingOf(page).getByText("The referee computed the element and found the node's wrong").waitFor(SOON);
  };

  it("is found false by one number of a layer, which the page names by layer, token and element", async () => {
    const { lying, written } = await lie();
    const wallet = walletOf(await newcomer(stack, "1000"));
    const options = { url: stack.pageUrl, route: to.job(written.jobId), wallets: [wallet] };
    const visit = await Visit.begin(browser, options);
    const { page } = visit;
    await page.getByRole("button", { name: "Check the answers and challenge" }).click(SOON);
    await page.getByRole("button", { name: "Compute the answer here" }).click(SOON);
    await page.getByText("This answer is false.").waitFor(CHECK);
    await connect(page, "Watcher");
    await page.getByRole("button", { name: "Challenge", exact: true }).click(SOON);
    await page.getByRole("link", { name: "See whose move it is" }).click(SOON);
    await page.getByText("Waits for the node").waitFor(SOON);
    await isFoundFalse(visit, page.url().split("/").at(-1) ?? "", lying);
    visit.assertClean();
    await visit.end();
    wallet.close();
  });

  it("is found false in a game in groups, of which the page lays down the one that the node has entered", async () => {
    const { lying, written } = await lie();
    const account = await newcomer(stack, "1000");
    const client = await stack.client(account);
    const { statement } = await getStatement(client, written);
    const run = new TracedRun(new Executor(program), lying.inputs, lying.stated);
    await depositBond(client, { amount: parseOpg("10") });
    const { gameId } = await challengeInGroups(client, { statement, ...openingInGroups(run) });

    const wallet = walletOf(account);
    const visit = await Visit.begin(browser, { url: stack.pageUrl, route: to.dispute(gameId), wallets: [wallet] });
    const { page } = visit;
    await standingOf(page).getByText("The node is to enter the first group of 64 steps").waitFor(SOON);
    await page.getByText("the roots of 3 groups of all 129 to 192 steps").waitFor(SOON);
    await connect(page, "Watcher");
    await page.getByRole("button", { name: "Load the model and explain" }).click(SOON);
    await writer.enter(gameId, lying);
    await page.getByText("The node entered group 1, the first that it makes differently.").waitFor(SOON);
    await page.getByRole("button", { name: "Lay the group down" }).click(CHECK);
    await page.getByText("The challenger laid down the data roots of the 64 steps of that group.").waitFor(SOON);
    await isFoundFalse(visit, gameId, lying);
    visit.assertClean();
    await visit.end();
    wallet.close();
  });

  it("is told from a right one, for which no challenge is offered", async () => {
    const input = asked("And it came to pass", { limit: 40 });
    const text = await completed(input);
    const visit = await visitJob(await writer.write(input, text));
    const { page } = visit;
    await page.getByRole("button", { name: "Check the answers and challenge" }).click(SOON);
    await page.getByRole("button", { name: "Compute the answer here" }).click(SOON);
    await page.getByText("This browser gets the same output").waitFor(CHECK);
    assert.equal(await page.getByRole("button", { name: "Challenge" }).count(), 0);
    visit.assertClean();
    await visit.end();
  });
});
