import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { delegateVotes, setTreasury } from "@opg-protocol/sdk";

import { decodeCall } from "../../src/pages/governance/decodeCall.ts";
import { address } from "../support/events.ts";
import { ADDRESSES, FakeChain } from "../support/FakeChain.ts";

const client = await new FakeChain().client();
const ANN = address(1);
const call = (to: string, data: string) => ({ to, data, value: 0n });

describe("decodeCall", () => {
  it("names contract, function and values, however the address is written", () => {
    const { to, data } = setTreasury.call(ADDRESSES, { account: ANN });
    assert.deepEqual(decodeCall(client, call(to.toLowerCase(), data)), {
      contract: "market",
      functionName: "setTreasury",
      arguments: [{ name: "account", type: "address", text: ANN }],
      inner: [],
    });
  });

  it("shows lists and structs as text", () => {
    const parameters = { leastOwnStake: 1n, leastDelegation: 2n, delegationRatio: 3n };
    const data = client.staking.interface.encodeFunctionData("setParameters", [
      { ...parameters, signerRotationPeriod: 4n, commissionNoticePeriod: 5n },
    ]);
    assert.equal(decodeCall(client, call(ADDRESSES.staking, data))?.arguments[0]?.text, "[1, 2, 3, 4, 5]");
  });

  it("looks into calls that hold calls", () => {
    const { to, data } = setTreasury.call(ADDRESSES, { account: ANN });
    const execute = client.access.interface.encodeFunctionData("execute", [to, data]);
    const multicall = client.access.interface.encodeFunctionData("multicall", [[execute]]);
    const outer = decodeCall(client, call(ADDRESSES.access, multicall));
    assert.equal(outer?.functionName, "multicall");
    assert.equal(outer.inner[0]?.decoded?.functionName, "execute");
    assert.equal(outer.inner[0].decoded.inner[0]?.decoded?.functionName, "setTreasury");
  });

  it("knows nothing of other contracts, other functions, and bytes that are no call", () => {
    const { data } = delegateVotes.call(ADDRESSES, { delegatee: ANN });
    assert.equal(decodeCall(client, call(ANN, data)), undefined);
    assert.equal(decodeCall(client, call(ADDRESSES.market, data)), undefined);
    assert.equal(decodeCall(client, call(ADDRESSES.token, data.slice(0, 20))), undefined);
    assert.equal(decodeCall(client, call(ADDRESSES.token, "0x")), undefined);
  });
});
