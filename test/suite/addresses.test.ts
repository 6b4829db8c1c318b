import { expect } from "chai";
import { Contract, toBeHex } from "ethers";

import { createxCode } from "../../scripts/rehearsal/createx.ts";
import { CREATEX, saltOf, strategyOn } from "../../scripts/suite/ignite.ts";
import { chainOf, suiteOn } from "./stage.ts";

const ABI = ["function deployCreate2(bytes32 salt, bytes initCode) payable returns (address)"];
/** Creates a contract whose code is one byte. */
const INIT_CODE = "0x600160005260016000f3";

describe("Addresses by CreateX", () => {
  /** A chain with the factory, and what an account would get of it. */
  const chain = async () => {
    const connection = await chainOf(suiteOn("base-sepolia"));
    await connection.provider.request({ method: "hardhat_setCode", params: [CREATEX, await createxCode()] });
    const [deployer, stranger] = await connection.ethers.getSigners();
    if (deployer === undefined || stranger === undefined) throw new Error("The chain has no accounts");
    const addressFor = async (account: typeof deployer, salt: string): Promise<unknown> =>
      new Contract(CREATEX, ABI, account).getFunction("deployCreate2").staticCall(salt, INIT_CODE);
    return { connection, deployer, stranger, addressFor };
  };

  it("are used where the factory is the real one, and not where something else stands in its place", async () => {
    const { connection } = await chain();
    expect(await strategyOn(connection)).to.equal("create2");
    await connection.provider.request({ method: "hardhat_setCode", params: [CREATEX, "0x00"] });
    expect(await strategyOn(connection)).to.equal("basic");
  });

  it("are the same on every chain, and others for each name", async () => {
    const [here, there] = [await chain(), await chain()];
    await there.connection.provider.request({ method: "hardhat_setNonce", params: [there.deployer.address, "0x7"] });
    const main = saltOf(here.deployer.address, "main");
    const address = await here.addressFor(here.deployer, main);
    expect(await there.addressFor(there.deployer, main)).to.equal(address);
    expect(await here.addressFor(here.deployer, saltOf(here.deployer.address, "trial"))).not.to.equal(address);
  });

  it("cannot be taken by a stranger first, on any chain [T154]", async () => {
    const { deployer, stranger, addressFor } = await chain();
    const salt = saltOf(deployer.address, "main");
    expect(await addressFor(stranger, salt)).not.to.equal(await addressFor(deployer, salt));
    const open = toBeHex(1n, 32);
    expect(await addressFor(stranger, open)).to.equal(
      await addressFor(deployer, open),
      "what an open salt would allow",
    );
  });
});
