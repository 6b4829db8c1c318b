/** What strangers write on chain: markup, scripts, addresses and letters that mislead. It is shown as text, and nothing follows it. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";

import { type Client, registerModel, registerNode, releaseVersion, signConsent } from "@opg-protocol/sdk";
import { id, parseEther, Wallet, ZeroHash } from "ethers";
import type { Browser } from "playwright-core";

import { roles } from "../../../scripts/demo/roles.ts";
import { to } from "../src/routes.ts";
import { launch, skip } from "./support/browser.ts";
import { fund, putToVote } from "./support/content.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";

const MARKUP = `<img src=x onerror="window.wasHere=1"><script>window.wasHere=1</script>`;
/** Turns what follows round: "exe.onnx" for who reads it. */
const TURNED = "model\u202Exnno.exe";
const SVG = `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="window.wasHere=1"/>`;
const ADDRESSES = [
  "javascript:window.wasHere=1",
  `data:text/html,<script>window.wasHere=1</script>`,
  SVG,
  "https://elsewhere.example/model.onnx",
  "//elsewhere.example/model.onnx",
  "https://user:word@elsewhere.example/",
  "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
  "file:///etc/passwd",
];

describe("What a stranger writes", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let server: Server;
  let asked = 0;
  let routes: readonly string[];
  before(async () => {
    stack = readStack();
    browser = await launch();
    server = createServer((_, response) => {
      asked += 1;
      response.setHeader("access-control-allow-origin", "*");
      response.end(JSON.stringify({ name: MARKUP, description: TURNED, golden: { input: "0x" } }));
    }).listen(0, "127.0.0.1");
    const { port } = await new Promise<AddressInfo>((resolve) => {
      server.once("listening", () => {
        resolve(server.address() as AddressInfo);
      });
    });
    routes = await write(stack, `http://127.0.0.1:${port}/`);
  });
  after(async () => {
    await browser.close();
    server.close();
    stack.close();
  });

  it("is text, and asks nobody [T151]", async () => {
    const visit = await Visit.begin(browser, { url: stack.pageUrl });
    for (const route of [...routes, "/", "/models", "/nodes", "/governance", "/network"]) {
      await visit.go(route);
      visit.assertClean();
      assert.equal(await visit.page.evaluate(() => "wasHere" in window), false, route);
      const main = visit.page.getByRole("main");
      assert.equal(await main.locator('img[src="x"], script, svg[onload], iframe, object, embed').count(), 0, route);
      const links = await main.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      for (const link of links) assert.match(link ?? "", /^(#|https:\/\/(?!user))/, route);
      assert.ok(!(await main.innerText()).includes("\u202E"), `${route} turns the direction of writing`);
    }
    assert.equal(asked, 0, "nothing is fetched from strangers before somebody asks for it");
    await visit.end();
  });

  it("was there to be seen", async () => {
    const visit = await Visit.begin(browser, { url: stack.pageUrl });
    const [version = "", proposal = ""] = [routes[1], routes[3]];
    await visit.go(version);
    assert.ok((await visit.page.getByRole("main").innerText()).includes("<img src=x"), "the licence");
    await visit.go(proposal);
    assert.ok((await visit.page.getByRole("main").innerText()).includes("<img src=x"), "the description");
    await visit.end();
  });
});

/** Writes what does harm where it is not taken for text; gives the pages about it. */
async function write(stack: Stack, metadataURI: string): Promise<readonly string[]> {
  const publisher = await stack.client(roles.publisher);
  const modelId = await modelOf(publisher);
  const versionId = await versionOf(publisher, modelId, metadataURI);
  const node = await nodeOf(stack);
  const proposalId = await putToVote(stack, `# ${MARKUP} ${TURNED}\n[see](javascript:window.wasHere=1) ![](${SVG})`);
  return [to.model(modelId), to.version(versionId), to.node(node), to.proposal(proposalId), to.playground(versionId)];
}

async function modelOf(publisher: Client): Promise<string> {
  const { modelId } = await registerModel(publisher, { slug: `d1gits-${Date.now()}` });
  return modelId;
}

async function versionOf(publisher: Client, modelId: string, metadataURI: string): Promise<string> {
  const { versionId } = await releaseVersion(publisher, {
    modelId,
    identity: {
      artifactDigest: id(MARKUP),
      artifactSize: 1_000n,
      format: "onnx",
      inputs: [{ name: MARKUP.slice(0, 31), dtype: 2, shape: [1, 8] }],
      outputs: [{ name: TURNED, dtype: 1, shape: [1, 10] }],
      profile: ZeroHash,
      graphRoot: ZeroHash,
    },
    release: {
      major: 1,
      minor: 0,
      goldenInputRoot: id("input"),
      goldenOutputRoot: id("output"),
      licence: MARKUP.slice(0, 60),
      uris: ADDRESSES,
      metadataURI,
      metadataHash: id("metadata"),
    },
  });
  return versionId;
}

async function nodeOf(stack: Stack): Promise<string> {
  const owner = Wallet.createRandom();
  const treasurer = await stack.client(roles.deployer);
  await treasurer.signer?.sendTransaction({ to: owner.address, value: parseEther("1") });
  await fund(stack, owner.address, "10");
  const client = await stack.client(owner);
  const consent = await signConsent(client, { node: owner.address, signer: owner });
  const { address: signer } = owner;
  const metadataURI = `javascript:window.wasHere=1//${MARKUP}${TURNED}`;
  await registerNode(client, { ownStake: parseEther("5"), signer, consent, commissionBps: 0, metadataURI });
  return signer;
}
