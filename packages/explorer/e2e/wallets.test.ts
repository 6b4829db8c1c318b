/** Wallets: found by EIP-6963, connected when a button is pressed, and never on a wrong chain. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import type { Browser, Page } from "playwright-core";

import { roles } from "../../../scripts/demo/roles.ts";
import { launch, skip } from "./support/browser.ts";
import { connect, connected } from "./support/connect.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";
import { TestWallet, type TestWalletOptions } from "./support/wallet.ts";

const MAINNET = 1;

describe("A wallet", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  const visits: Visit[] = [];
  const wallets: TestWallet[] = [];
  before(async () => {
    stack = readStack();
    browser = await launch();
  });
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((visit) => visit.end()));
    for (const wallet of wallets.splice(0)) wallet.close();
  });
  after(async () => {
    await browser.close();
    stack.close();
  });

  const walletOf = (name: string, more: Partial<TestWalletOptions> = {}): TestWallet => {
    const { rpcUrl, deployment } = stack;
    const wallet = new TestWallet({ name, account: roles.requester, rpcUrl, chainId: deployment.chainId, ...more });
    wallets.push(wallet);
    return wallet;
  };
  const visit = async (...installed: readonly TestWallet[]): Promise<Page> => {
    const begun = await Visit.begin(browser, { url: stack.pageUrl, route: "/jobs", wallets: installed });
    visits.push(begun);
    await begun.settled();
    return begun.page;
  };

  it("is not asked for anything before a button is pressed", async () => {
    const fox = walletOf("Fox");
    await visit(fox);
    assert.deepEqual(fox.asked, []);
  });

  it("is listed by name and icon, beside every other", async () => {
    const page = await visit(walletOf("Fox"), walletOf("Owl", { account: roles.publisher }));
    await page.getByRole("button", { name: "Connect wallet" }).click();
    const list = page.getByRole("dialog").getByRole("listitem");
    await list.nth(1).waitFor();
    assert.deepEqual((await list.allTextContents()).toSorted(), ["Fox", "Owl"]);
    const sources = await list.locator("img").evaluateAll((icons) => icons.map((icon) => icon.getAttribute("src")));
    assert.equal(sources.length, 2);
    for (const source of sources) assert.match(source ?? "", /^data:image\/svg\+xml,/);
    for (const begun of visits) begun.assertClean();
  });

  it("is the one that was chosen", async () => {
    const [fox, owl] = [walletOf("Fox"), walletOf("Owl", { account: roles.publisher })];
    const page = await visit(fox, owl);
    await connect(page, "Owl");
    assert.match(await connected(page).innerText(), /^Owl/);
    assert.equal(await connected(page).locator("code").getAttribute("title"), roles.publisher.address);
    assert.deepEqual([fox.count("eth_requestAccounts"), owl.count("eth_requestAccounts")], [0, 1]);
  });

  it("may refuse, and be asked again", async () => {
    const fox = walletOf("Fox");
    fox.refuses = true;
    const page = await visit(fox);
    await page.getByRole("button", { name: "Connect wallet" }).click();
    const choice = page.getByRole("dialog").getByRole("button", { name: "Fox" });
    await choice.click();
    await page.getByText("You refused in the wallet.").waitFor();
    fox.refuses = false;
    await choice.click();
    await connected(page).waitFor();
    assert.equal(fox.signatures, 0);
  });

  for (const [title, knowsChain] of [
    ["switches", true],
    ["is told of the chain and switches", false],
  ] as const) {
    it(`${title} where it is on another chain, when that is asked for`, async () => {
      const fox = walletOf("Fox", { startsOn: MAINNET, knowsChain });
      const page = await visit(fox);
      await connect(page, "Fox");
      assert.match(await connected(page).innerText(), /other chain/);
      assert.equal(fox.count("wallet_switchEthereumChain"), 0);
      await connected(page).click();
      await page.getByText(`This page shows Local (chain ${stack.deployment.chainId}).`).waitFor();
      await page.getByRole("button", { name: "Switch to Local" }).click();
      await page.getByRole("dialog").getByText("On Local.").waitFor();
      assert.equal(fox.count("wallet_addEthereumChain"), knowsChain ? 0 : 1);
      assert.equal(fox.signatures, 0);
    });
  }

  it("is followed when its user chooses another chain in it", async () => {
    const fox = walletOf("Fox");
    const page = await visit(fox);
    await connect(page, "Fox");
    await fox.switchTo(page, MAINNET);
    await connected(page).getByText("(other chain)").waitFor();
    await fox.switchTo(page, stack.deployment.chainId);
    await connected(page).getByText("(other chain)").waitFor({ state: "detached" });
  });

  it("is found again after the page was loaded anew, without a question, until it is disconnected", async () => {
    const fox = walletOf("Fox");
    const page = await visit(fox);
    await connect(page, "Fox");
    await page.reload();
    await connected(page).waitFor();
    assert.equal(fox.count("eth_requestAccounts"), 1);
    await connected(page).click();
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "Connect wallet" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Connect wallet" }).waitFor();
    await page.waitForTimeout(500);
    assert.equal(await connected(page).count(), 0);
    assert.equal(fox.count("eth_requestAccounts"), 1);
  });

  it("is explained where there is none", async () => {
    const page = await visit();
    await page.getByRole("button", { name: "Connect wallet" }).click();
    await page.getByText("No wallet is installed in this browser.").waitFor();
  });
});
