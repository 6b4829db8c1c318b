import { expect } from "chai";
import { Contract, Interface, Wallet } from "ethers";
import hre, { network } from "hardhat";

import { explained } from "../../scripts/suite/explained.ts";
import { SuiteError } from "../../scripts/suite/outcome.ts";
import { deployerOf, reader, type Suite } from "../../scripts/suite/suite.ts";
import { chainOf, suiteOn } from "./stage.ts";

const suite: Suite = { ...suiteOn("base-sepolia"), deployment: "second" };
const NOBODY = Wallet.createRandom().address;

/** What a task would say of what was thrown. */
async function said(thrown: Promise<unknown>): Promise<SuiteError> {
  const error = await thrown.then(
    () => expect.fail("Nothing was thrown"),
    (reason: unknown) => explained(reason, suite),
  );
  if (error instanceof SuiteError) return error;
  throw new Error("It was not explained", { cause: error });
}

/** As nodes answer. */
const answered = (message: string, code = -32_000, data?: string) =>
  Promise.reject(Object.assign(new Error(message), { code, data }));

describe("What others fail with", () => {
  for (const [what, url, why] of [
    ["listens", "http://127.0.0.1:1", "connect ECONNREFUSED 127.0.0.1:1"],
    ["has that name", "http://nobody.invalid", "nobody.invalid"],
    ["speaks that protocol", "ftp://127.0.0.1", "must start with `http:` or `https:`"],
    ["could be there", "nonsense", "BASE_SEPOLIA_RPC_URL"],
  ] as const) {
    it(`is an RPC to be replaced, where nobody ${what}`, async () => {
      process.env["BASE_SEPOLIA_RPC_URL"] = url;
      try {
        const { message, fix } = await said(reader(suite));
        expect(message)
          .to.match(/^The RPC of base-sepolia fails: /)
          .and.to.include(why);
        expect(fix).to.equal("Try again, or set BASE_SEPOLIA_RPC_URL to an RPC that answers");
      } finally {
        delete process.env["BASE_SEPOLIA_RPC_URL"];
      }
    });
  }

  for (const [what, words, says] of [
    ["not there", 'HHE7: Configuration Variable "DEPLOYER_KEY" not found.', /^DEPLOYER_KEY is not set$/],
    ["behind another password", "HHE50000: Invalid password or corrupted keystore file.", /Invalid password/],
  ] as const) {
    it(`is a secret that is ${what}`, async () => {
      const reason = Object.assign(new Error(words), { name: "HardhatError" });
      const secret = { ...hre.config.networks["base-sepolia"], accounts: [{ get: () => Promise.reject(reason) }] };
      const config = { ...hre.config, networks: { ...hre.config.networks, "base-sepolia": secret } };
      const locked = { ...suite, hre: { ...hre, config } as unknown as Suite["hre"] };
      const { message, fix } = await said(deployerOf(locked));
      expect(message).to.match(says);
      expect(fix).to.not.equal("");
    });
  }

  it("is a lack of coins, in the words of several nodes", async () => {
    for (const words of [
      "insufficient funds for gas * price + value: have 1 want 2",
      "gas required exceeds allowance (2858)",
      "Gas estimation failed: Out of gas: gas required exceeds allowance: 2858",
    ]) {
      const { message, fix } = await said(answered(words));
      expect(message).to.equal(`The deployer has too little ETH on Base Sepolia to go on: ${words}`);
      expect(fix).to.match(/^npx hardhat suite preflight --network base-sepolia --deployment second says/);
    }
  });

  it("is a refusal of a contract, in its own words", async () => {
    const data = new Interface(["error ERC20InvalidReceiver(address)"]).encodeErrorResult("ERC20InvalidReceiver", [
      NOBODY,
    ]);
    const { message, fix } = await said(answered("execution reverted", 3, data));
    expect(message)
      .to.match(/^A contract refuses: Tokens cannot go to this address/)
      .and.to.include(NOBODY);
    expect(fix).to.match(/^Name another receiver/);
  });

  it("is a contract that is not there", async () => {
    const { ethers } = await chainOf(suite);
    const contract = new Contract(NOBODY, ["function governed() view returns (uint256)"], ethers.provider);
    const { message, fix } = await said(contract.getFunction("governed").staticCall());
    expect(message).to.include("A contract of second does not answer as it should");
    expect(fix).to.include("npx hardhat suite check --network base-sepolia --deployment second");
  });

  it("is what it says itself, where nothing else is known", async () => {
    const { message, fix } = await said(answered("the method eth_something does not exist", -32_601));
    expect(message).to.equal("the method eth_something does not exist");
    expect(fix).to.include("--show-stack-traces");
    const unknown = network.create("nowhere");
    expect((await said(unknown)).message).to.include("nowhere");
  });

  it("stays what it is, where it is a fault of these scripts", () => {
    const fault = new TypeError("odd");
    expect(explained(fault, suite)).to.equal(fault);
    const foreseen = new SuiteError("known", "mend it");
    expect(explained(foreseen, suite)).to.equal(foreseen);
  });
});
