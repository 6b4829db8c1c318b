import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { encodePayload, payloadRoot } from "@opg-protocol/sdk";

import { fetcher } from "../../src/verify/download.ts";
import { nodeUrlsOf } from "../../src/verify/nodeUrls.ts";
import { fetchPayload, PayloadUnavailableError } from "../../src/verify/payloads.ts";
import { PlaceRefusedError, placeOf } from "../../src/verify/places.ts";
import { flipped, LOGITS, NODE, servedFrom } from "./support/digits.ts";
import { FakeRpc } from "./support/FakeRpc.ts";

const PAGE = { origin: "https://explorer.example", ipfsGateway: undefined };

describe("placeOf", () => {
  const place = (uri: string, surroundings: Parameters<typeof placeOf>[1] = PAGE) => placeOf(uri, surroundings).href;

  it("lets through https and the page's own origin", () => {
    assert.equal(place("https://models.example/a.onnx"), "https://models.example/a.onnx");
    const plain = { ...PAGE, origin: "http://explorer.lan" };
    assert.equal(place("http://explorer.lan/a.onnx", plain), "http://explorer.lan/a.onnx");
  });

  it("refuses what pages cannot or should not fetch", () => {
    for (const uri of [
      "file:///etc/passwd",
      "javascript:alert(1)",
      "data:text/plain,a",
      "http://models.example/a.onnx",
      "https://user:secret@models.example/",
      "no address",
      "ipfs://bafy",
    ])
      assert.throws(() => placeOf(uri, PAGE), PlaceRefusedError, uri);
  });

  it("asks the user's own computer only if the page is from there", () => {
    for (const uri of ["http://127.0.0.1:8545/", "https://localhost/", "http://[::1]:80/", "http://a.localhost/"]) {
      assert.throws(() => placeOf(uri, PAGE), /on your own computer/, uri);
      assert.equal(place(uri, { ...PAGE, origin: "http://127.0.0.1:8547" }), new URL(uri).href);
    }
  });

  it("knows this computer by all its addresses", () => {
    for (const host of [
      "127.0.0.2",
      "127.1",
      "2130706434",
      "localhost.",
      "a.localhost.",
      "0.0.0.0",
      "[::]",
      "[::ffff:127.0.0.1]",
    ])
      assert.throws(() => placeOf(`https://${host}:8443/`, PAGE), /on your own computer/, host);
  });

  it("asks private addresses only if the page is from one", () => {
    for (const host of [
      "10.0.0.1",
      "192.168.1.1",
      "172.31.0.1",
      "169.254.169.254",
      "100.64.0.1",
      "[fd00::1]",
      "[fe80::1]",
    ]) {
      assert.throws(() => placeOf(`https://${host}/`, PAGE), /in your own network/, host);
      assert.equal(place(`https://${host}/`, { ...PAGE, origin: "http://192.168.1.7:8080" }), `https://${host}/`);
    }
    for (const host of ["172.32.0.1", "100.128.0.1", "11.0.0.1", "10.example", "127.example", "mylocalhost"])
      if (!/^1[02]/.test(host) || host.includes(".0.")) assert.equal(place(`https://${host}/`), `https://${host}/`);
  });

  it("reads IPFS through the page's gateway alone", () => {
    const ipfsGateway = "https://gateway.example";
    const through = (uri: string) => place(uri, { ...PAGE, ipfsGateway });
    assert.equal(through("ipfs://bafy/a.onnx"), "https://gateway.example/ipfs/bafy/a.onnx");
    assert.equal(through("ipfs://ipfs/bafy"), "https://gateway.example/ipfs/bafy");
    for (const uri of ["ipfs://bafy/../../admin", "ipfs://bafy?a=b", "ipfs://"])
      assert.throws(() => placeOf(uri, { ...PAGE, ipfsGateway }), PlaceRefusedError, uri);
  });
});

describe("fetcher", () => {
  const fetched = (body: BodyInit | null, status = 200) => {
    const asked: (RequestInit | undefined)[] = [];
    const request: typeof fetch = (_, init) => {
      asked.push(init);
      return Promise.resolve(new Response(body, { status }));
    };
    return { asked, fetchBytes: fetcher(PAGE, request) };
  };

  it("sends nothing of the user along, and tells how far it is", async () => {
    const { asked, fetchBytes } = fetched(Uint8Array.of(1, 2, 3));
    const sizes: number[] = [];
    const bytes = await fetchBytes("https://a.example/b", { mostBytes: 3, onBytes: (size) => sizes.push(size) });
    assert.deepEqual([...bytes], [1, 2, 3]);
    assert.deepEqual(sizes, [3]);
    const [sent] = asked;
    assert.deepEqual([sent?.credentials, sent?.referrerPolicy], ["omit", "no-referrer"]);
  });

  it("gives up what is longer than allowed, whatever was announced", async () => {
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulls += 1;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
    const { fetchBytes } = fetched(endless);
    await assert.rejects(fetchBytes("https://a.example/", { mostBytes: 2_500 }), /gives more than 2500 bytes/);
    assert.ok(pulls < 10);
  });

  it("says which status it got, and asks no place that is refused", async () => {
    await assert.rejects(fetched("no", 404).fetchBytes("https://a.example/", { mostBytes: 9 }), /status 404/);
    const { asked, fetchBytes } = fetched("no");
    await assert.rejects(fetchBytes("file:///a", { mostBytes: 9 }), PlaceRefusedError);
    assert.equal(asked.length, 0);
  });
});

describe("fetchPayload", () => {
  const root = payloadRoot([LOGITS]);
  const at = (host: string) => `https://${host}/v1/outputs/${root}`;

  it("takes the first payload that has the root, and no other", async () => {
    const fetchBytes = servedFrom({
      [at("liar")]: encodePayload([flipped(LOGITS)]),
      [at("noise")]: Uint8Array.of(1, 2, 3),
      [at("honest")]: encodePayload([LOGITS]),
    });
    const urls = ["https://gone", "https://liar/", "https://noise", "https://honest/"];
    const { from, tensors } = await fetchPayload(root, urls, fetchBytes);
    assert.equal(from, "https://honest/");
    assert.equal(payloadRoot(tensors), root);
    await assert.rejects(fetchPayload(root, urls.slice(0, 3), fetchBytes), (error) => {
      assert.ok(error instanceof PayloadUnavailableError);
      assert.equal(error.attempts.length, 3);
      return true;
    });
  });

  it("says that no place is known", async () => {
    await assert.rejects(fetchPayload(root, [], servedFrom({})), /no place is known/);
  });
});

describe("nodeUrlsOf", () => {
  it("gives what a node names on chain, each address once, and none of another scheme", async () => {
    const rpc = new FakeRpc();
    rpc.view("staking", "metadataURIOf", (node) => [node === NODE ? "https://a.example" : "ipfs://bafy"]);
    rpc.view("prices", "offerOf", () => [[1n, 2n, "https://b.example"]]);
    const client = await rpc.client();
    const other = `0x${"12".repeat(20)}`;
    const nodes = [NODE, other, NODE.toLowerCase()];
    const urls = (found: Awaited<ReturnType<typeof nodeUrlsOf>>) => found.map(({ url }) => url);
    assert.deepEqual(urls(await nodeUrlsOf(client, { nodes })), ["https://a.example"]);
    const versionId = `0x${"34".repeat(32)}`;
    const b = "https://b.example";
    assert.deepEqual(urls(await nodeUrlsOf(client, { nodes, versionId })), ["https://a.example", b, b]);
  });
});
