/** A digit is drawn, ordered with one signature and one transaction, answered, and computed again in the browser. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";

import {
  type Client,
  decodePayload,
  depositOptimistic,
  getOptimisticJob,
  getTokenBalance,
  parseOpg,
} from "@opg-protocol/sdk";
import { compile, Executor } from "@opg-protocol/sdk/onnx";
import { getBytes, type HDNodeWallet } from "ethers";
import type { Browser, Locator, Page } from "playwright-core";

import { roles } from "../../../scripts/demo/roles.ts";
import { to } from "../src/routes.ts";
import { mineFor, withoutBlocks } from "./support/blocks.ts";
import { launch, skip } from "./support/browser.ts";
import { connect } from "./support/connect.ts";
import { amountOf, formOf, runs, SOON } from "./support/forms.ts";
import { newcomer } from "./support/newcomer.ts";
import { draw, greysOf } from "./support/pictures.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";
import { TestWallet } from "./support/wallet.ts";

const MODEL = new URL("../../../examples/digits/digits.onnx", import.meta.url);
/** Milliseconds for the end of the time in which an answer can be challenged. */
const LATER = { timeout: 60_000 };
const PICTURE = "Grey picture, 8 × 8 pixels";

describe("An order from the playground", { skip }, () => {
  let stack: Stack;
  let reader: Client;
  let browser: Browser;
  /** Has OPG, and no balance in a market. */
  let stranger: HDNodeWallet;
  /** Has a balance. */
  let regular: HDNodeWallet;
  /** What was drawn with the mouse. */
  let jobId: string;
  before(async () => {
    stack = readStack();
    browser = await launch();
    reader = await stack.client(roles.requester);
    stranger = await newcomer(stack, "20");
    regular = await newcomer(stack, "20");
    await depositOptimistic(await stack.client(regular), { amount: parseOpg("10") });
  });
  after(async () => {
    await browser.close();
    stack.close();
  });

  const walletOf = (account: HDNodeWallet): TestWallet => {
    const { rpcUrl, deployment } = stack;
    return new TestWallet({ name: "Fox", account, rpcUrl, chainId: deployment.chainId });
  };
  const playground = (wallet: TestWallet): Promise<Visit> =>
    Visit.begin(browser, { url: stack.pageUrl, route: to.playground(stack.versions.digits), wallets: [wallet] });

  it("takes one signature and one transaction from somebody new, and is answered before their eyes", async () => {
    const wallet = walletOf(stranger);
    const visit = await playground(wallet);
    const { page } = visit;
    const has = () => getTokenBalance(reader, { account: stranger.address });
    const hadAtFirst = await has();

    await page.getByText("Make an input first.").first().waitFor(SOON);
    await connect(page, "Fox");
    assert.equal(await orderButton(page).isEnabled(), false);
    await draw(page.getByRole("application"), ONE);
    await page.getByText("Your wallet asks for one signature,").waitFor(SOON);
    const drawn = await greysOf(page.getByRole("img", { name: PICTURE }));
    const shown = parseOpg(await amountOf(formOf(page, "Order"), "Taken at first"));
    assert.equal(wallet.signatures, 0);

    await withoutBlocks(stack, async () => {
      await orderButton(page).click();
      await mineFor(stack, stranger.address);
      await page.getByRole("link", { name: "Follow the job" }).click(SOON);
      await page.getByText("Ordered. Nobody has answered yet.").waitFor(SOON);
      await runs(timeline(page), "The answer is due in");
      assert.deepEqual(await titlesOf(page), ["Ordered"]);
    });
    assert.deepEqual([wallet.count("eth_signTypedData_v4"), wallet.count("eth_sendTransaction")], [1, 1]);
    assert.equal(wallet.signatures, 2);
    assert.equal(hadAtFirst - (await has()), shown);

    await page.getByText("A node has answered. The answer can be disputed.").waitFor(SOON);
    await runs(timeline(page), "The time to challenge the answer ends in");
    assert.deepEqual(await titlesOf(page), ["Ordered", "Answered"]);
    jobId = page.url().split("/").at(-1) ?? "";
    assert.deepEqual(await inputOf(reader, jobId), drawn);

    // Everything holds, but for what only time can tell.
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByText("Incomplete.", { exact: true }).waitFor(SOON);
    const open = page.locator(".note.wait li");
    assert.match(
      (await open.allTextContents()).join("\n"),
      /^The answer is not final: it can be disputed until [^\n]+$/,
    );
    await visit.settled();
    visit.assertClean();
    await visit.end();
    wallet.close();
  });

  it("can be made with the keyboard alone, and takes one transaction where there is a balance", async () => {
    const wallet = walletOf(regular);
    const visit = await playground(wallet);
    const { page } = visit;
    await visit.settled();
    await connect(page, "Fox");
    const pad = page.getByRole("application");
    await pad.focus();
    for (const key of ["ArrowLeft", "Space", ...Array.from({ length: 8 }, () => "ArrowDown")]) {
      await page.keyboard.press(key);
    }
    await page.getByText("Pen down at row 22, column 13").waitFor();
    await page.keyboard.press("Space");
    await page.getByText("Your balance in the market suffices: the wallet asks for one transaction.").waitFor(SOON);
    const drawn = await greysOf(page.getByRole("img", { name: PICTURE }));

    // Below the least price: said before the wallet is asked.
    const price = formOf(page, "Order").getByLabel("For the answer (OPG)");
    await price.fill("0.0000001");
    const told = formOf(page, "Order").getByRole("alert").getByRole("paragraph");
    await told.first().waitFor(SOON);
    assert.match(
      (await told.allInnerTexts()).join("\n"),
      /^A field of an order is outside its bounds \(field price, [^\n]+\)\.\nGive [^\n]+$/,
    );
    assert.equal(await orderButton(page).isEnabled(), false);
    await price.fill("0.5");
    await told.first().waitFor({ ...SOON, state: "detached" });
    // More than the node has is not forbidden, but nobody would answer.
    const stake = formOf(page, "Order").getByLabel("Whole OPG that a false answer would cost you");
    await stake.fill("1000000");
    const warning = page.getByText("it would not answer this order");
    await warning.waitFor(SOON);
    await stake.fill("0");
    await warning.waitFor({ ...SOON, state: "detached" });

    await orderButton(page).focus();
    await page.keyboard.press("Enter");
    const link = page.getByRole("link", { name: "result", exact: true });
    await link.waitFor(SOON);
    await link.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Result" }).waitFor(SOON);
    assert.deepEqual([wallet.count("eth_signTypedData_v4"), wallet.count("eth_sendTransaction")], [0, 1]);
    assert.equal(wallet.signatures, 1);

    const id = page.url().split("/").at(-1) ?? "";
    assert.deepEqual(await inputOf(reader, id), drawn);
    await showsResult(page, drawn);
    visit.assertClean();
    await visit.end();
    wallet.close();
  });

  it("is verified to the last number once the answer is final, by asking page, RPC and node alone", async () => {
    const asked = new Set<string>();
    const visit = await Visit.begin(browser, {
      url: stack.pageUrl,
      route: to.job(jobId),
      prepare: (context) => {
        context.on("request", (request) => {
          if (/^(http|ws)/.test(request.url())) asked.add(new URL(request.url()).origin);
        });
        return Promise.resolve();
      },
    });
    const { page } = visit;
    await page.getByText("The answer stands.", { exact: true }).first().waitFor(LATER);
    await page.getByRole("button", { name: "Verify" }).click(SOON);
    await page.getByText("Verified.", { exact: true }).waitFor(SOON);
    for (const found of [
      /; computed from all its 64 numbers, the root is what the order names\.$/,
      /^The file from http:\S+ \(\d+ bytes\) has the SHA-256 that the registry names\.$/,
      /^The reference executor gives the stated output, bit for bit: \d+ numbers\.$/,
      /^ONNX Runtime Web gives the stated output, bit for bit: \d+ numbers\.$/,
      /^ONNX Runtime Web and the reference executor agree on all \d{3,} numbers of all \d+ tensors, inner ones included\.$/,
    ]) {
      assert.equal(await page.getByText(found).count(), 1, found.source);
    }
    assert.equal(await page.locator(".badge.bad, .badge.wait").count(), 0);
    const node = new URL(await reader.staking.metadataURIOf(stack.node)).origin;
    assert.deepEqual([...asked].toSorted(), [stack.pageUrl, stack.rpcUrl, node].toSorted());

    await page.getByRole("link", { name: "Input and output" }).click();
    await showsResult(page, await inputOf(reader, jobId));
    await visit.settled();
    visit.assertClean();
    await visit.end();
  });
});

/** A stroke downwards, with a short one before it. */
const ONE = [
  [0.38, 0.3],
  [0.55, 0.12],
  [0.55, 0.88],
] as const;

const orderButton = (page: Page): Locator => formOf(page, "Order").getByRole("button", { name: "Order", exact: true });

const timeline = (page: Page): Locator => page.getByRole("region", { name: "What has happened" });

/** What has happened, in the words of the page. */
const titlesOf = (page: Page): Promise<readonly string[]> => timeline(page).locator("strong").allTextContents();

/** What an order carries. */
async function inputOf(client: Client, jobId: string): Promise<readonly number[]> {
  const { input } = await getOptimisticJob(client, { jobId });
  const [tensor] = decodePayload(getBytes(input));
  assert.ok(tensor);
  return [...tensor.data];
}

/** The result page: the digit that was drawn, and what the model makes of it when it is run outside of the browser. */
async function showsResult(page: Page, drawn: readonly number[]): Promise<void> {
  const output = page.getByRole("region", { name: "Output" });
  const answer = output.getByText(/^Largest at place/);
  await answer.waitFor(SOON);
  const input = page.getByRole("region", { name: "Input" }).getByRole("img", { name: PICTURE });
  assert.deepEqual(await greysOf(input), drawn);
  assert.match(await answer.innerText(), new RegExp(`^Largest at place ${digitOf(drawn)}:`));
}

function digitOf(picture: readonly number[]): number {
  const executor = new Executor(compile(readFileSync(MODEL)));
  const [output] = executor.run([{ dtype: 2, shape: [1, 1, 8, 8], data: Uint8Array.from(picture) }]);
  assert.ok(output);
  const scores = new Float32Array(output.data.slice().buffer);
  return scores.indexOf(Math.max(...scores));
}
