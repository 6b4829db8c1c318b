/** A false answer is found in a browser, challenged from its wallet, and found false by the contract. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import type { Browser, Locator, Page } from "playwright-core";

import { roles } from "../../../scripts/demo/roles.ts";
import { shortGameId } from "../src/pages/dispute/words.ts";
import { launch, skip } from "./support/browser.ts";
import { fund, orderAlone } from "./support/content.ts";
import { formOf, SOON, standingOf } from "./support/forms.ts";
import { Liar } from "./support/liar.ts";
import { screenshot } from "./support/screenshots.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";
import { TestWallet } from "./support/wallet.ts";

const CHALLENGER = roles.operators[8];

describe("A false answer", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let wallet: TestWallet;
  let liar: Liar;
  /** The game of another challenger, which the liar does not answer. */
  let silentGame: string;
  before(async () => {
    assert.ok(CHALLENGER);
    stack = readStack();
    browser = await launch();
    await fund(stack, CHALLENGER.address, "1000");
    const { chainId } = stack.deployment;
    wallet = new TestWallet({ name: "Watcher", account: CHALLENGER, rpcUrl: stack.rpcUrl, chainId });
    liar = await Liar.register(stack);
    const requester = await stack.client(roles.requester);
    silentGame = await liar.isChallenged(requester, await liar.answer());
  });
  after(async () => {
    wallet.close();
    await browser.close();
    stack.close();
  });

  it("is recomputed, challenged and punished from a page", async () => {
    const answer = await liar.answer();
    const visit = await Visit.begin(browser, { url: stack.pageUrl, route: `/job/${answer.jobId}`, wallets: [wallet] });
    const { page } = visit;
    await challenge(page);
    // The bond by a signature, then deposit and seal in one transaction, and the opening.
    assert.equal(wallet.count("eth_signTypedData_v4"), 1);
    assert.equal(wallet.count("eth_sendTransaction"), 2);

    await page.getByRole("link", { name: "See whose move it is" }).click();
    await page.getByText("Waits for the node").waitFor(SOON);
    const standing = standingOf(page);
    await standing.getByText("The node is to name the first step").waitFor();
    await standing.getByRole("timer").waitFor();
    const gameId = page.url().split("/").at(-1) ?? "";

    await liar.respond(gameId);
    await page.getByText("Waits for a proof").waitFor(SOON);
    await explained(page, liar.layer);
    await page.getByRole("button", { name: "Prove the element wrong" }).click();
    await standing.getByText("The referee computed the element and found the node's wrong").waitFor(SOON);
    await page.getByText("The referee has computed this element on chain.").waitFor(SOON);

    await liar.settle(answer);
    await page.getByText("The node lost", { exact: true }).waitFor(SOON);
    await visit.settled();
    await screenshot(page, "dispute-light-1280");
    visit.assertClean();

    await visit.go("/disputes");
    await gameIn(page, gameId).getByRole("cell", { name: "The answer is false" }).waitFor();
    await gameIn(page, silentGame).getByRole("cell", { name: "Waits for the node" }).waitFor();
    visit.assertClean();
    await visit.end();
  });

  it("is told from a right one, for which no challenge is offered", async () => {
    const jobId = await orderAlone(stack);
    const visit = await Visit.begin(browser, { url: stack.pageUrl, route: `/job/${jobId}` });
    const { page } = visit;
    await check(page);
    await page.getByText("This browser gets the same output").waitFor(SOON);
    assert.equal(await page.getByRole("button", { name: "Challenge" }).count(), 0);
    visit.assertClean();
    await visit.end();
  });

  it("is false by silence, too, as soon as a passer-by says so", async () => {
    const options = { url: stack.pageUrl, route: `/dispute/${silentGame}`, wallets: [wallet] };
    const visit = await Visit.begin(browser, options);
    const { page } = visit;
    await formOf(page, "The clock is over").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Connect wallet to end the game" }).click();
    await connect(page);
    await page.getByRole("button", { name: "End the game" }).click(SOON);
    await standingOf(page).getByText("The node did not answer in time: the answer is false.").waitFor(SOON);
    await page.getByRole("button", { name: "Load the model and explain" }).click();
    await page.getByText("Which layer it is about: the node has not named one.").waitFor(SOON);
    assert.equal(await page.locator(".graph-node.contested").count(), 0);
    visit.assertClean();
    await visit.end();
  });
});

/** The row of a game in the list of all. */
const gameIn = (page: Page, gameId: string): Locator =>
  page.getByRole("row").filter({ has: page.getByRole("link", { name: shortGameId(gameId) }) });

/** Chooses the wallet of the test. */
async function connect(page: Page): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: "Watcher" }).click();
}

/** On the page of a job: runs the model. */
async function check(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Check the answers and challenge" }).click(SOON);
  await page.getByRole("button", { name: "Compute the answer here" }).click(SOON);
}

/** On the page of a job: runs the model, sees the lie, connects the wallet and challenges. */
async function challenge(page: Page): Promise<void> {
  await check(page);
  await page.getByText("This answer is false.").waitFor(SOON);
  await page.getByRole("button", { name: "Connect wallet to challenge" }).click();
  await connect(page);
  await page.getByRole("button", { name: "Challenge", exact: true }).click(SOON);
  await page.getByText("The game is open.").waitFor(SOON);
}

/** The model was run on the page before: it shows the operator, the element and both numbers at once. */
async function explained(page: Page, layer: string): Promise<void> {
  await page.getByRole("heading", { name: `The contested element: ${layer}, channel` }).waitFor(SOON);
  const [claimed, right] = await page.locator(".two-values dd").allInnerTexts();
  assert.equal(Number.parseInt(claimed ?? "", 10), Number.parseInt(right ?? "", 10) + 1);
  assert.match((await page.locator(".graph-node.contested").textContent()) ?? "", new RegExp(layer));
  assert.equal(await page.locator(".tensor-frame.contested").count(), 1);
}
