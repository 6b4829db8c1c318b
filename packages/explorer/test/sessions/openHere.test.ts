import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";

import type { Client, NodeOffer } from "@opg-protocol/sdk";

import { openHere, OtherNodeError } from "../../src/pages/sessions/openHere.ts";
import { PlaceRefusedError } from "../../src/verify/places.ts";
import { address, hash } from "../support/events.ts";

describe("openHere", () => {
  afterEach(() => {
    mock.restoreAll();
    Reflect.deleteProperty(globalThis, "location");
  });

  it("does not knock at a door inside that an operator has named", async () => {
    Reflect.set(globalThis, "location", { origin: "https://explorer.example" });
    const asked = mock.method(globalThis, "fetch", () => Promise.reject(new TypeError("refused")));
    const client = { account: address(1) } as unknown as Client;
    for (const endpoint of ["http://127.0.0.1:8545", "https://192.168.1.1/", "http://printer.lan/"]) {
      const offer = { endpoint, callPrice: 1n } as unknown as NodeOffer;
      const opening = { versionId: hash("version"), offer, deposit: 1n, key: { kind: "wallet" } } as const;
      await assert.rejects(openHere(client, opening), PlaceRefusedError, endpoint);
    }
    assert.equal(asked.mock.callCount(), 0);
  });

  it("opens no session with another node than the one that was shown", async () => {
    Reflect.set(globalThis, "location", { origin: "https://explorer.example" });
    const answer = { node: address(8), versionId: hash("version"), callPrice: "1", mostCollateral: "1" };
    mock.method(globalThis, "fetch", () => Promise.resolve(Response.json(answer)));
    // Of a client that only has an account nothing can be asked: no balance, no signature.
    const client = { account: address(1) } as unknown as Client;
    const offer = { endpoint: "https://node.example", callPrice: 1n, node: address(7) } as unknown as NodeOffer;
    const opening = { versionId: hash("version"), offer, deposit: 1n, key: { kind: "wallet" } } as const;
    await assert.rejects(openHere(client, opening), OtherNodeError);
  });
});
