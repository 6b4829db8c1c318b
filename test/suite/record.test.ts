import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { SuiteError } from "../../scripts/suite/outcome.ts";
import { keepRecord, readRecord } from "../../scripts/suite/record.ts";
import { beginningOf, suiteOn } from "./stage.ts";

const deployer = Wallet.createRandom().address;

describe("What a deployment begins with", () => {
  const begun = async () => {
    const suite = suiteOn("base-sepolia");
    const beginning = await beginningOf(suite, deployer);
    return { suite, beginning };
  };

  it("is nothing before it begins", () => {
    expect(readRecord(suiteOn("base-sepolia"))).to.equal(undefined);
  });

  it("is kept, and stays the same when it goes on", async () => {
    const { suite, beginning } = await begun();
    const kept = keepRecord(suite, beginning);
    expect(keepRecord(suite, { ...beginning, commit: { id: "later", dirty: true } })).to.deep.equal(kept);
    expect(readRecord(suite)).to.deep.equal(kept);
  });

  for (const [what, change, says] of [
    ["other parameters", { parameters: {} }, "parameters.Staking was {"],
    ["other code", { creationCode: { OPGToken: "0x00" } }, "creationCode.OPGToken was"],
    ["another deployer", { deployer: "0x00" }, `deployer was "${deployer}", is "0x00"`],
    ["another chain of the same number", { genesis: "0x01" }, "genesis was"],
    ["another strategy", { strategy: "create2" as const }, 'strategy was "basic", is "create2"'],
  ] as const) {
    it(`refuses to go on with ${what} [T121]`, async () => {
      const { suite, beginning } = await begun();
      keepRecord(suite, beginning);
      expect(() => keepRecord(suite, { ...beginning, ...change })).to.throw(SuiteError, says);
    });
  }

  it("is refused when somebody has changed it", async () => {
    const { suite, beginning } = await begun();
    keepRecord(suite, beginning);
    const path = join(suite.journalFolder, "suite.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(deployer, Wallet.createRandom().address));
    expect(() => readRecord(suite)).to.throw(SuiteError, "The record of the deployment was changed");
  });
});
