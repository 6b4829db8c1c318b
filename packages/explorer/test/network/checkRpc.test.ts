import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, it } from "node:test";

import { checkRpc, UnfitRpcError } from "../../src/pages/network/checkRpc.ts";
import { ADDRESSES } from "../support/FakeChain.ts";

/** What an RPC is found to be that gives these answers. */
async function finding(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (body: string) => {
      const { method } = JSON.parse(body) as { readonly method: string };
      response.end(JSON.stringify(answers[method]));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const place = server.address();
  const port = typeof place === "object" ? (place?.port ?? 0) : 0;
  try {
    await checkRpc(`http://127.0.0.1:${port}`, 31_337, ADDRESSES.market);
    return "fit";
  } catch (error) {
    assert.ok(error instanceof UnfitRpcError);
    return error.message;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("checkRpc", () => {
  it("takes an RPC of the chain that has the contracts", async () => {
    assert.equal(await finding({ eth_chainId: { result: "0x7a69" }, eth_getCode: { result: "0x60" } }), "fit");
  });

  it("refuses another chain, and names both", async () => {
    assert.match(await finding({ eth_chainId: { result: "0x1" } }), /chain 1; the page shows chain 31337/);
  });

  it("refuses one without the contracts", async () => {
    assert.match(
      await finding({ eth_chainId: { result: "0x7a69" }, eth_getCode: { result: "0x" } }),
      /does not have the contracts/,
    );
  });

  it("refuses what is no RPC", async () => {
    for (const answer of [{ error: { code: 1 } }, { result: 7 }, { result: "0x" }, [], "hello"]) {
      assert.match(await finding({ eth_chainId: answer }), /does not answer eth_chainId/);
    }
    await assert.rejects(checkRpc("http://127.0.0.1:1", 31_337, ADDRESSES.market), /Nothing that a page may ask/);
  });
});
