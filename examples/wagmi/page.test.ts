import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { JSDOM } from "jsdom";

const { OPG_RPC_URL: url, OPG_DEPLOYMENT: path } = process.env;
if (url === undefined || path === undefined) {
  throw new Error("Set OPG_RPC_URL and OPG_DEPLOYMENT to what `npm run chain` prints in the repository.");
}
const { addresses, versionId } = JSON.parse(readFileSync(path, "utf8")) as {
  readonly addresses: { readonly market: string; readonly registry: string };
  readonly versionId: string;
};
/** Of the usual development accounts, one that has nothing in the market. */
const ACCOUNT = "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955";
const MOST_TRIES = 100;

/** The one file of code that Vite has built. */
function builtCode(): string {
  const [file, ...more] = readdirSync("dist/assets").filter((name) => name.endsWith(".js"));
  assert.ok(file !== undefined && more.length === 0);
  return readFileSync(`dist/assets/${file}`, "utf8");
}

/** What the page shows of a version, once it shows something. */
async function shown(version: string): Promise<{ balance: string; royalty: string }> {
  const search = new URLSearchParams({ url: url ?? "", ...addresses, account: ACCOUNT, versionId: version });
  const page = new JSDOM('<div id="root"></div>', { url: `http://localhost/?${search}`, runScripts: "outside-only" });
  // What browsers have and jsdom has not.
  Object.assign(page.window, { fetch, Request, Response, Headers, TextEncoder, TextDecoder, AbortController });
  page.window.eval(builtCode());
  const text = (id: string) => page.window.document.getElementById(id)?.textContent ?? "…";
  try {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const [balance, royalty] = [text("balance"), text("royalty")];
      if (balance !== "…" && royalty !== "…") return { balance, royalty };
      await sleep(100);
    }
    throw new Error(`The page shows nothing but ${page.window.document.body.textContent}`);
  } finally {
    page.window.close();
  }
}

describe("The page that Vite has built", () => {
  it("has no built-in of Node in it", () => {
    assert.doesNotMatch(builtCode(), /__vite-browser-external|from"node:|require\("node:/);
  });

  it("shows what the chain says", async () => {
    assert.deepEqual(await shown(versionId), { balance: "0 OPG", royalty: "0.1 OPG" });
  });

  it("shows what a refusal of a contract means", async () => {
    const { royalty } = await shown(`0x${"12".repeat(32)}`);
    assert.match(royalty, /^No version has this id \(versionId 0x1212.*\)\. Check the id/);
  });
});
