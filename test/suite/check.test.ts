import { expect } from "chai";
import { Interface, Wallet } from "ethers";

import { readDeployment } from "../../packages/sdk/src/deployment.ts";
import { findingsOf } from "../../scripts/suite/check.ts";
import { replay } from "../../scripts/suite/replay.ts";
import { deployed, suiteOn } from "./stage.ts";

const suite = suiteOn("base-sepolia");
const access = new Interface([
  "function grantRole(uint64 roleId, address account, uint32 delay)",
  "function setTargetFunctionRole(address target, bytes4[] selectors, uint64 roleId)",
]);
const token = new Interface(["function approve(address spender, uint256 amount) returns (bool)"]);

describe("suite check", () => {
  let stage: Awaited<ReturnType<typeof deployed>>;
  let snapshot: unknown;
  const rpc = (method: string, params: unknown[] = []) => stage.connection.provider.request({ method, params });

  /** What fails, by item. */
  const failures = async (handedOver = false): Promise<Record<string, string>> => {
    const { connection, file } = stage;
    const replayed = await replay(suite, connection, file);
    const findings = await findingsOf(suite, connection, file, replayed, handedOver);
    return Object.fromEntries(findings.filter(({ level }) => level === "FAIL").map(({ item, says }) => [item, says]));
  };
  const send = async (key: string, data: string) => {
    const [account] = await stage.connection.ethers.getSigners();
    await account?.sendTransaction({ to: stage.file.addresses[key] ?? "", data });
  };
  const addressOf = (key: string): string => stage.file.addresses[key] ?? "";

  before(async () => {
    stage = await deployed(suite);
    snapshot = await rpc("evm_snapshot");
  });
  afterEach(async () => {
    await rpc("evm_revert", [snapshot]);
    snapshot = await rpc("evm_snapshot");
  });

  it("has a file of which the SDK takes all, the faucet as well", () => {
    const { addresses, startBlock, faucet } = readDeployment(JSON.parse(JSON.stringify(stage.file)));
    expect(addresses).to.include({ token: addressOf("token"), market: addressOf("market") });
    expect(startBlock).to.equal(stage.file.startBlock);
    expect(faucet).to.be.a("string").that.equals(addressOf("faucet"));
  });

  it("finds nothing wrong with what was just deployed", async () => {
    expect(await failures()).to.deep.equal({});
  });

  context("when an immutable differs by one byte", () => {
    it("names the contract, and both hashes [T125 T153]", async () => {
      const address = addressOf("market");
      const code = String(await rpc("eth_getCode", [address, "latest"]));
      const staking = addressOf("staking").slice(2).toLowerCase();
      expect(code).to.include(staking);
      await rpc("hardhat_setCode", [address, code.replaceAll(staking, `${staking.slice(0, -2)}00`)]);
      const found = await failures();
      expect(found["code of market"]).to.include(`the code at ${address} is not what the sources make`);
      expect(found["views of market"]).to.match(/^STAKING\(\) is 0x\w+00, by the file /);
    });
  });

  context("when a governed number was changed", () => {
    it("names the view, and both values [T153]", async () => {
      const registry = new Interface(["function setRoyaltyNoticePeriod(uint256 period)"]);
      await send("registry", registry.encodeFunctionData("setRoyaltyNoticePeriod", [601n]));
      expect(await failures()).to.deep.equal({ "views of registry": "royaltyNoticePeriod() is 601, by the file 600" });
    });
  });

  context("when somebody was given a role", () => {
    it("names the account and the role", async () => {
      const stranger = Wallet.createRandom().address;
      await send("access", access.encodeFunctionData("grantRole", [0n, stranger, 0n]));
      expect(await failures()).to.deep.equal({ roles: `access: ${stranger} in role ADMIN was nothing, is "yes"` });
    });
  });

  context("when a function was opened to another role [T124]", () => {
    it("names the target, the function and the role", async () => {
      const { selector } = new Interface(["function setTreasury(address)"]).getFunction("setTreasury") ?? {
        selector: "",
      };
      await send("access", access.encodeFunctionData("setTargetFunctionRole", [addressOf("market"), [selector], 1n]));
      expect(await failures()).to.deep.equal({
        roles: 'access: market setTreasury was nothing, is "is for role 1"'.replace("role 1", "role GUARDIAN"),
      });
    });
  });

  context("when it should be handed over and is not [T120]", () => {
    it("says what the deployer still has", async () => {
      const spender = Wallet.createRandom().address;
      await send("token", token.encodeFunctionData("approve", [spender, 5n]));
      const { deployer, roles } = await failures(true);
      expect(deployer).to.include("it holds 100000000.0 OPG");
      expect(deployer).to.include(`${spender} may spend its OPG`);
      expect(deployer).to.include("it owns the vesting wallet 0x");
      expect(deployer).to.include("it has a role");
      expect(roles).to.include("access: timelock in role ADMIN");
    });
  });
});
