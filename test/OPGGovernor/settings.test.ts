import { expect } from "chai";
import { encodeBytes32String, parseEther } from "ethers";

import { TestProposal, voting } from "../support/control.ts";
import type { Protocol } from "../support/fixtures.ts";
import { loadFixture } from "../support/network.ts";

const DAY = 86_400;

type Setter =
  | "setVotingDelay"
  | "setVotingPeriod"
  | "setLateQuorumVoteExtension"
  | "setProposalThreshold"
  | "updateQuorumNumerator";

interface Setting {
  readonly parameter: string;
  readonly least: bigint;
  readonly most: bigint;
  /** What the local suite can be given: all periods of a vote take 52 seconds at most. */
  readonly good: bigint;
  readonly read: (governor: Protocol["governor"]) => Promise<bigint>;
}

const SETTINGS: Readonly<Record<Setter, Setting>> = {
  setVotingDelay: {
    parameter: "votingDelay",
    least: 5n,
    most: 7n * BigInt(DAY),
    good: 12n,
    read: (g) => g.votingDelay(),
  },
  setVotingPeriod: {
    parameter: "votingPeriod",
    least: 30n,
    most: 14n * BigInt(DAY),
    good: 37n,
    read: (g) => g.votingPeriod(),
  },
  setLateQuorumVoteExtension: {
    parameter: "lateQuorumPeriod",
    least: 0n,
    most: 3n * BigInt(DAY),
    good: 17n,
    read: (g) => g.lateQuorumVoteExtension(),
  },
  setProposalThreshold: {
    parameter: "proposalThreshold",
    least: parseEther("1"),
    most: parseEther("10000000"),
    good: parseEther("10000000"),
    read: (g) => g.proposalThreshold(),
  },
  updateQuorumNumerator: {
    parameter: "quorumBps",
    least: 200n,
    most: 2_000n,
    good: 2_000n,
    read: (g) => g["quorumNumerator()"](),
  },
};

for (const [setter, { parameter, least, most, good, read }] of Object.entries(SETTINGS) as [Setter, Setting][]) {
  describe(`OPGGovernor.${setter}`, () => {
    const setting = async (suite: Protocol, value: bigint) => {
      const to = await suite.governor.getAddress();
      // The bindings know each setter by its own type.
      const data = suite.governor.interface.encodeFunctionData(setter as "setProposalThreshold", [value]);
      return new TestProposal(suite, [{ to, data }]).passed();
    };

    it("sets what was voted for", async () => {
      const suite = await loadFixture(voting);
      await (await setting(suite, good)).execute();
      expect(await read(suite.governor)).to.equal(good);
    });

    for (const value of [least - 1n, most + 1n].filter((given) => given >= 0n)) {
      it(`refuses ${value} even then, and names the bounds [T117]`, async () => {
        const suite = await loadFixture(voting);
        await expect((await setting(suite, value)).execute())
          .to.be.revertedWithCustomError(suite.governor, "ControlOutOfBounds")
          .withArgs(encodeBytes32String(parameter), value, least, most);
      });
    }

    if (["votingDelay", "votingPeriod", "lateQuorumPeriod"].includes(parameter)) {
      it("refuses a second more than a vote can last in all [T117]", async () => {
        const suite = await loadFixture(voting);
        await expect((await setting(suite, good + 1n)).execute())
          .to.be.revertedWithCustomError(suite.governor, "ControlOutOfBounds")
          .withArgs(encodeBytes32String("votePeriod"), 53, 0, 52);
      });
    }

    it("is for votes alone", async () => {
      const { governor, deployer } = await loadFixture(voting);
      await expect(governor.connect(deployer).getFunction(setter)(good))
        .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
        .withArgs(deployer);
    });
  });
}
