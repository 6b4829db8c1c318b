/** Somebody gives themselves the votes of their OPG, and votes on a proposal. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { parseOpg } from "@opg-protocol/sdk";
import type { HDNodeWallet } from "ethers";
import type { Browser } from "playwright-core";

import { to } from "../src/routes.ts";
import { launch, skip } from "./support/browser.ts";
import { connect } from "./support/connect.ts";
import { putToVote } from "./support/content.ts";
import { factOf, formOf, runs, SOON } from "./support/forms.ts";
import { newcomer } from "./support/newcomer.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";
import { TestWallet } from "./support/wallet.ts";

describe("A vote", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let voter: HDNodeWallet;
  before(async () => {
    stack = readStack();
    browser = await launch();
    voter = await newcomer(stack, "50");
  });
  after(async () => {
    await browser.close();
    stack.close();
  });

  it("is delegated, cast and counted", async () => {
    const { rpcUrl, deployment, pageUrl } = stack;
    const wallet = new TestWallet({ name: "Fox", account: voter, rpcUrl, chainId: deployment.chainId });
    const visit = await Visit.begin(browser, { url: pageUrl, route: to.account(), wallets: [wallet] });
    const { page } = visit;
    await visit.settled();
    await connect(page, "Fox");
    const held = page.getByRole("region", { name: "Votes" });
    await factOf(held, "Its own OPG votes through").getByText("nobody: it does not count").waitFor(SOON);
    await visit.go(to.governance());
    const choose = formOf(page, "Choose who votes with your OPG");
    await choose.getByRole("button", { name: "Vote yourself" }).click();
    await choose.getByRole("button", { name: "Delegate votes" }).click();
    await choose.getByText("Your votes are delegated;").waitFor(SOON);

    const proposal = await putToVote(stack, "# Leave the treasury alone");
    await page
      .locator(`main a[href="#${to.proposal(proposal)}"]`)
      .first()
      .click(SOON);
    await page.getByRole("heading", { level: 1, name: /^Leave the treasury alone/ }).waitFor(SOON);
    await runs(page.getByRole("region", { name: "Act" }), "The vote begins in");
    const vote = formOf(page, "Vote");
    await vote.getByText("You vote with 50 OPG").waitFor(SOON);
    await vote.getByLabel("Your vote").selectOption("for");
    await vote.getByLabel("Reason (optional, public)").fill("It is fine as it is.");
    await vote.getByRole("button", { name: "Vote", exact: true }).click();
    await page.getByText("You have voted for with 50 OPG").waitFor(SOON);
    assert.deepEqual([wallet.count("eth_signTypedData_v4"), wallet.count("eth_sendTransaction")], [0, 2]);

    const cast = page.getByRole("table", { name: "Votes cast" }).getByRole("row", { name: /It is fine as it is\./ });
    assert.equal(await cast.getByText("50 OPG", { exact: true }).count(), 1);
    assert.equal(await factOf(page.getByRole("region", { name: "Votes" }), "For").innerText(), "50 OPG");
    const { forVotes } = await (await stack.client(voter)).governor.proposalVotes(proposal);
    assert.equal(forVotes, parseOpg("50"));
    await visit.settled();
    visit.assertClean();
    await visit.end();
    wallet.close();
  });
});
