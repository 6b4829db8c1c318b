/** What an account does with its OPG: into balances and out, to a node and back, into a session. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import { getTokenBalance, parseOpg } from "@opg-protocol/sdk";
import type { HDNodeWallet } from "ethers";
import type { Browser, Page } from "playwright-core";

import { to } from "../src/routes.ts";
import { launch, skip } from "./support/browser.ts";
import { connect } from "./support/connect.ts";
import { factOf, formOf, runs, SOON } from "./support/forms.ts";
import { newcomer } from "./support/newcomer.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";
import { TestWallet } from "./support/wallet.ts";

describe("An account", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let account: HDNodeWallet;
  let wallet: TestWallet;
  let visit: Visit;
  before(async () => {
    stack = readStack();
    browser = await launch();
    account = await newcomer(stack, "100");
  });
  after(async () => {
    await browser.close();
    stack.close();
  });
  afterEach(async () => {
    await visit.settled();
    visit.assertClean();
    await visit.end();
    wallet.close();
  });

  /** Comes with a wallet that has been asked for nothing. */
  const come = async (route: string): Promise<Page> => {
    const { rpcUrl, deployment, pageUrl } = stack;
    wallet = new TestWallet({ name: "Fox", account, rpcUrl, chainId: deployment.chainId });
    visit = await Visit.begin(browser, { url: pageUrl, route, wallets: [wallet] });
    await visit.settled();
    await connect(visit.page, "Fox");
    return visit.page;
  };
  /** Signatures and transactions that the wallet was asked for since it came. */
  const asked = () => [wallet.count("eth_signTypedData_v4"), wallet.count("eth_sendTransaction")];
  const tokens = async () => getTokenBalance(await stack.client(account), { account: account.address });

  it("deposits with one signature, loses nothing by refusing, and withdraws", async () => {
    const page = await come(to.account());
    const had = await tokens();
    const balance = factOf(page.getByRole("region", { name: "Balances" }), "Market, one node");
    const deposit = formOf(page, "Deposit");
    await deposit.getByLabel("Into").selectOption({ label: "Market, one node" });
    await deposit.getByLabel("Amount (OPG)").fill("10");

    wallet.refuses = true;
    await deposit.getByRole("button", { name: "Deposit" }).click();
    await deposit.getByText("You refused in the wallet.").waitFor(SOON);
    assert.deepEqual(asked(), [1, 0]);
    assert.equal(await tokens(), had);
    assert.equal(await deposit.getByLabel("Amount (OPG)").inputValue(), "10");

    wallet.refuses = false;
    await deposit.getByRole("button", { name: "Deposit" }).click();
    await deposit.getByText("Deposited.").waitFor(SOON);
    assert.deepEqual(asked(), [2, 1]);
    assert.equal(await tokens(), had - parseOpg("10"));
    await balance.getByText("10 OPG", { exact: true }).waitFor(SOON);

    const withdrawal = formOf(page, "Withdraw");
    await withdrawal.getByLabel("From").selectOption({ label: "Market, one node" });
    await withdrawal.getByLabel("Amount (OPG)").fill("11");
    await withdrawal.getByRole("button", { name: "Withdraw" }).click();
    await withdrawal.getByText("At most 10 OPG.").waitFor();
    await withdrawal.getByLabel("Amount (OPG)").fill("4");
    await withdrawal.getByRole("button", { name: "Withdraw" }).click();
    await withdrawal.getByText("Withdrawn to your wallet.").waitFor(SOON);
    assert.deepEqual(asked(), [2, 2]);
    await balance.getByText("6 OPG", { exact: true }).waitFor(SOON);
    assert.equal(await tokens(), had - parseOpg("6"));
    const moves = page.getByRole("table", { name: /^Deposits, withdrawals/ });
    await moves.getByText("−4 OPG").waitFor(SOON);
    assert.equal(await moves.getByText("+10 OPG").count(), 1);
  });

  it("delegates to a node, takes out, and sees the thaw run", async () => {
    const page = await come(to.delegate(stack.node));
    const section = page.getByRole("region", { name: /^Node / });
    const delegate = formOf(page, "Delegate");
    await delegate.getByLabel("Amount (OPG)").fill("5");
    await delegate.getByText("Two transactions: first an approval of exactly this amount").waitFor(SOON);
    await delegate.getByRole("button", { name: "Delegate", exact: true }).click();
    await delegate.getByText("Your stake is delegated.").waitFor(SOON);
    assert.deepEqual(asked(), [0, 2]);
    await factOf(section, "You have there").getByText("5 OPG", { exact: true }).waitFor(SOON);

    const out = formOf(page, "Take out");
    await out.getByLabel("Amount (OPG)").fill("2");
    await out.getByRole("button", { name: "Begin to thaw" }).click();
    await out.getByText("It thaws.").waitFor(SOON);
    assert.deepEqual(asked(), [0, 3]);
    await factOf(section, "You have there").getByText("3 OPG", { exact: true }).waitFor(SOON);
    await runs(section, "The first is ready in");

    const back = formOf(page, "Leave it in");
    await back.getByLabel("Which").selectOption({ index: 1 });
    await back.getByRole("button", { name: "Bond it again" }).click();
    await factOf(section, "You have there").getByText("5 OPG", { exact: true }).waitFor(SOON);
    await back.getByText("It is delegated again.").waitFor(SOON);
    await section.locator(".clock.running").waitFor({ ...SOON, state: "detached" });
    assert.deepEqual(asked(), [0, 4]);
  });

  it("opens a session with a node, is told why it cannot be settled yet, and closes it", async () => {
    const page = await come(to.sessions());
    const had = await tokens();
    const open = formOf(page, "With which node, and what for");
    await open.getByLabel("Deposit (OPG)").fill("2");
    await open.getByRole("button", { name: "Open session" }).click();
    await open.getByRole("link", { name: "Opened: to the session." }).click(SOON);
    // A permit and the deposit that it allows, then the session.
    assert.deepEqual(asked(), [1, 2]);
    assert.equal(await tokens(), had - parseOpg("2"));

    await page.getByRole("heading", { level: 1, name: "Session of digits" }).waitFor(SOON);
    const settle = formOf(page, "Settle");
    await settle.getByRole("button", { name: "Settle session" }).click();
    const told = settle.getByRole("alert").getByRole("paragraph");
    await told.first().waitFor(SOON);
    const [sentence, remedy] = await told.allInnerTexts();
    assert.equal(sentence, `Nothing is due (sessionId ${page.url().split("/").at(-1) ?? ""}).`);
    assert.match(remedy ?? "", /^Try again when money is final, the session has ended,/);
    assert.deepEqual(asked(), [1, 2]);

    const close = formOf(page, "Close");
    await close.getByRole("button", { name: "Close session" }).click();
    await close.getByText("Asked to close.").waitFor(SOON);
    assert.deepEqual(asked(), [1, 3]);
    const stand = page.getByRole("region", { name: "Where it stands" });
    await stand.getByText("closing", { exact: true }).waitFor(SOON);
    const money = page.getByRole("region", { name: "Money" });
    assert.equal(await factOf(money, "Back to the payer").innerText(), "0 OPG");
    // Once the notice is over, the node can redeem nothing more, and settles.
    await factOf(money, "Back to the payer").getByText("2 OPG", { exact: true }).waitFor(SOON);
    await page.getByText("Settled; back to the payer went 2 OPG").waitFor(SOON);
    await stand.getByText("closed", { exact: true }).waitFor(SOON);
    assert.deepEqual(asked(), [1, 3]);
  });
});
