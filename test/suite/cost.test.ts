import { expect } from "chai";
import { concat, dataLength, toBeHex } from "ethers";

import { dataCostOf } from "../../scripts/suite/rollups.ts";
import { chainOf, suiteOn } from "./stage.ts";

/** Code that answers with a word of the data of a call, and zeros behind it. */
const echo = (word: number): string => concat(["0x602060", toBeHex(4 + 32 * word, 1), "0x5f3760605ff3"]);
const request = { to: null, data: `0x${"ab".repeat(1_000)}` };

describe("What a transaction's data costs", () => {
  it("is nothing apart from gas on a layer 1, and on a chain that only has a roll-up's number", async () => {
    const live = await chainOf(suiteOn("sepolia"));
    for (const rollup of [undefined, "op-stack", "arbitrum"] as const)
      expect(await dataCostOf(live, rollup, request)).to.deep.equal({ gas: 0n, fee: 0n });
  });

  it("is a fee on the OP Stack, for all bytes that are sent", async () => {
    const live = await chainOf(suiteOn("base-sepolia"));
    const oracle = "0x420000000000000000000000000000000000000F";
    await live.provider.request({ method: "hardhat_setCode", params: [oracle, echo(0)] });
    expect(await dataCostOf(live, "op-stack", request)).to.deep.equal({ gas: 0n, fee: 1_120n });
  });

  it("is gas on Arbitrum, of which nodes are told what is sent", async () => {
    const live = await chainOf(suiteOn("arbitrum-sepolia"));
    const nodeInterface = "0x00000000000000000000000000000000000000C8";
    const asked = async (word: number) => {
      await live.provider.request({ method: "hardhat_setCode", params: [nodeInterface, echo(word)] });
      return dataCostOf(live, "arbitrum", request);
    };
    const isCreation = 1n;
    expect(await asked(1)).to.deep.equal({ gas: isCreation, fee: 0n });
    const lengthOfData = BigInt(dataLength(request.data));
    expect(await asked(3)).to.deep.equal({ gas: lengthOfData, fee: 0n });
  });
});
