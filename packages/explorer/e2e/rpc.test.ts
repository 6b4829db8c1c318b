/** An RPC that stops, comes back, is of another chain, or answers nonsense: the page says so and goes on when it can. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";

import type { Browser, BrowserContext, Route } from "playwright-core";

import { launch, skip } from "./support/browser.ts";
import { orderAlone } from "./support/content.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";

interface Call {
  readonly id: number;
  readonly method: string;
}

describe("An RPC", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let job: string;
  const visits: Visit[] = [];
  before(async () => {
    stack = readStack();
    browser = await launch();
    job = await orderAlone(stack);
  });
  afterEach(() => Promise.all(visits.splice(0).map((visit) => visit.end())));
  after(async () => {
    await browser.close();
    stack.close();
  });

  /** What the RPC gets goes through `answer` first. */
  const visit = async (route: string, answer: (route: Route) => Promise<void>): Promise<Visit> => {
    const prepare = (context: BrowserContext) => context.route(`${stack.rpcUrl}/**`, answer);
    const begun = await Visit.begin(browser, { url: stack.pageUrl, route, prepare });
    visits.push(begun);
    return begun;
  };

  it("that does not answer at first is asked again when its user wants that", async () => {
    let isDown = true;
    const { page } = await visit("/jobs", (route) => (isDown ? route.abort() : route.continue()));
    await page.getByRole("alert").waitFor();
    isDown = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Jobs" }).waitFor();
  });

  it("that stops is complained of and asked again, while the page shows what it knows", async () => {
    let isDown = false;
    const { page } = await visit("/jobs", (route) => (isDown ? route.abort() : route.continue()));
    const rows = page.getByRole("main").locator("tbody tr");
    await rows.first().waitFor();
    const before = await rows.count();
    isDown = true;
    await page.getByText("The RPC does not answer as it should, it is asked again").waitFor();
    assert.equal(await rows.count(), before);
    isDown = false;
    await orderAlone(stack);
    await rows.nth(before).waitFor();
    await page.getByText("The RPC does not answer as it should").waitFor({ state: "detached" });
  });

  it("of another chain is refused [T152]", async () => {
    const { page } = await visit("/jobs", (route) => answer(route, "eth_chainId", () => "0x1"));
    await page.getByRole("alert").waitFor();
    assert.match(await page.getByRole("alert").innerText(), /chain/);
  });

  it("that gives logs nobody could have written neither breaks the page nor adds to it", async () => {
    const visited = await visit("/jobs", (route) =>
      answer(route, "eth_getLogs", () => [{ address: "0x12", topics: ["<b>"], data: 7, blockNumber: "x" }]),
    );
    await visited.page.getByRole("heading", { level: 1 }).waitFor();
    await visited.page.waitForTimeout(3_000);
    assert.equal(await visited.page.getByText(job.slice(0, 8)).count(), 0);
    visited.assertClean();
  });

  it("that gives the page of one job the result of none is not believed [T152]", async () => {
    const visited = await visit(`/job/${job}`, (route) => answer(route, "eth_call", () => "0x"));
    await visited.settled();
    visited.assertClean();
    assert.equal(await visited.page.getByText("Verified", { exact: true }).count(), 0);
  });
});

/** Lets the RPC answer, but for one method. */
async function answer(route: Route, method: string, lie: () => unknown): Promise<void> {
  const body = route.request().postDataJSON() as Call | readonly Call[] | null;
  if (body === null || ![body].flat().some((call) => call.method === method)) {
    await route.continue();
    return;
  }
  const response = await route.fetch();
  const answers = (await response.json()) as { readonly id: number } | readonly { readonly id: number }[];
  const lies = [answers].flat().map((honest) => {
    const call = [body].flat().find(({ id }) => id === honest.id);
    return call?.method === method ? { jsonrpc: "2.0", id: honest.id, result: lie() } : honest;
  });
  await route.fulfill({ response, json: Array.isArray(body) ? lies : lies[0] });
}
