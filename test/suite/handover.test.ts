import { expect } from "chai";
import { id, Interface, Wallet } from "ethers";
import hre from "hardhat";

import { findingsOf } from "../../scripts/suite/check.ts";
import { asker, finder, type Find } from "../../scripts/suite/contracts.ts";
import { checkTimelock, stepsOf } from "../../scripts/suite/handover.ts";
import { EXIT, SuiteError } from "../../scripts/suite/outcome.ts";
import { replay } from "../../scripts/suite/replay.ts";
import { deployed, suiteOn } from "./stage.ts";

const suite = suiteOn("base-sepolia");
const voter = Wallet.createRandom().address;
const timelock = new Interface([
  "function grantRole(bytes32 role, address account)",
  "function revokeRole(bytes32 role, address account)",
]);

describe("suite handover", () => {
  let stage: Awaited<ReturnType<typeof deployed>>;
  let find: Find;
  let snapshot: unknown;
  const rpc = (method: string, params: unknown[] = []) => stage.connection.provider.request({ method, params });
  const addressOf = (key: string): string => stage.file.addresses[key] ?? "";

  const perform = async (guardian = "") => {
    const [account] = await stage.connection.ethers.getSigners();
    const steps = await stepsOf(find, stage.file, guardian, voter);
    for (const { to, data } of steps) await account?.sendTransaction({ to, data });
    return steps;
  };
  const failuresAfterwards = async () => {
    const { connection, file } = stage;
    const findings = await findingsOf(suite, connection, file, await replay(suite, connection, file), true);
    return findings.filter(({ level }) => level === "FAIL");
  };
  /** Something that only the timelock itself can do. */
  const asTimelock = async (method: string, role: string, account: string) => {
    const from = addressOf("timelock");
    await rpc("hardhat_impersonateAccount", [from]);
    await rpc("hardhat_setBalance", [from, "0xde0b6b3a7640000"]);
    const data = timelock.encodeFunctionData(method, [id(role), account]);
    await (await stage.connection.ethers.getSigner(from)).sendTransaction({ to: from, data });
  };

  before(async () => {
    stage = await deployed(suite);
    find = await finder(hre, stage.connection, stage.file);
    snapshot = await rpc("evm_snapshot");
  });
  afterEach(async () => {
    await rpc("evm_revert", [snapshot]);
    snapshot = await rpc("evm_snapshot");
  });

  it("leaves the deployer nothing, and everything to the timelock [T115 T120]", async () => {
    await checkTimelock(asker(find), stage.file);
    expect(await perform()).to.have.length(3);
    expect(await failuresAfterwards()).to.deep.equal([]);
    expect(await asker(find)("token", "balanceOf", voter)).to.equal(100_000_000n * 10n ** 18n);
    expect(await stepsOf(find, stage.file, "", "")).to.deep.equal([]);
  });

  it("makes whoever is named the guardian, and nobody else", async () => {
    const guardian = Wallet.createRandom().address;
    await perform(guardian);
    const isGuardian = (account: string) => find("access").getFunction("hasRole").staticCallResult(1n, account);
    expect([...(await isGuardian(guardian))]).to.deep.equal([true, 0n]);
    expect([...(await isGuardian(stage.deployer))]).to.deep.equal([false, 0n]);
    expect(await failuresAfterwards()).to.deep.equal([]);
  });

  it("goes on where it was stopped", async () => {
    const [account] = await stage.connection.ethers.getSigners();
    const [first] = await stepsOf(find, stage.file, "", voter);
    await account?.sendTransaction({ to: first?.to ?? "", data: first?.data ?? "" });
    expect(await perform()).to.have.length(2);
    expect(await failuresAfterwards()).to.deep.equal([]);
  });

  for (const [to, votesTo] of [
    ["nobody", () => ""],
    ["the deployer itself", () => stage.deployer],
    ["the deployer itself, written otherwise", () => stage.deployer.toLowerCase()],
    ["the treasury, which cannot vote", () => addressOf("timelock")],
    ["another contract of the suite", () => addressOf("token").toLowerCase()],
  ] as const) {
    it(`is refused when the votes would go to ${to}`, async () => {
      const refused: unknown = await stepsOf(find, stage.file, "", votesTo()).catch((error: unknown) => error);
      if (!(refused instanceof SuiteError)) throw new Error("It was not refused");
      expect(refused.exitCode).to.equal(EXIT.wrongUse);
      expect(refused.message).to.include(`${stage.deployer} holds 100000000 OPG`);
    });
  }

  it("is refused when the deployer would stay guardian, however it is written", async () => {
    for (const guardian of [stage.deployer, stage.deployer.toLowerCase()]) {
      const refused: unknown = await stepsOf(find, stage.file, guardian, voter).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(SuiteError).and.to.include({ exitCode: EXIT.wrongUse });
      expect(String(refused)).to.include(`The deployer ${stage.deployer} would stay guardian`);
    }
  });

  for (const [what, method, role, account] of [
    ["the governor proposes", "revokeRole", "PROPOSER_ROLE", () => addressOf("governor")],
    ["the governor cancels", "revokeRole", "CANCELLER_ROLE", () => addressOf("governor")],
    ["the deployer does not propose", "grantRole", "PROPOSER_ROLE", () => stage.deployer],
  ] as const) {
    it(`is refused when it is not true that ${what}: control would be lost [T115]`, async () => {
      await asTimelock(method, role, account());
      const refused = await checkTimelock(asker(find), stage.file).then(() => "taken", String);
      expect(refused).to.equal(
        `SuiteError: Control would be lost, for it is not true of the timelock ${addressOf("timelock")} that ${what}`,
      );
    });
  }
});
