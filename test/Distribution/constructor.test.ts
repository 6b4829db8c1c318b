import { expect } from "chai";
import { encodeBytes32String, parseEther, ZeroAddress } from "ethers";

import { AllocationWallet__factory, Distribution__factory } from "../../typechain-types/index.ts";
import { nth, actors } from "../support/actors.ts";
import { ethers, time } from "../support/network.ts";

const YEARS_10 = 3_650n * 86_400n;
const SUPPLY = parseEther("1000000000");
const MOST = 2n ** 256n - 1n;

interface Allocation {
  readonly account: string;
  readonly amount: bigint;
  readonly startsAt: bigint;
  readonly cliffPeriod: bigint;
  readonly vestingPeriod: bigint;
}

describe("Distribution.constructor", () => {
  const given = async (changes: Partial<Allocation> = {}): Promise<Allocation> => {
    const { publisher } = await actors();
    const allocation = { account: publisher.address, amount: 5n, startsAt: 0n, cliffPeriod: 0n, vestingPeriod: 0n };
    return { ...allocation, ...changes };
  };
  const deploy = async (allocations: readonly Allocation[], rest?: string) => {
    const { deployer, thief } = await actors();
    return new Distribution__factory(deployer).deploy([...allocations], rest ?? thief.address);
  };

  it("notes whom to pay how much, and who gets the rest", async () => {
    const { publisher, thief } = await actors();
    const distribution = await deploy([await given(), await given({ amount: SUPPLY - 5n })]);
    expect(await distribution.shares()).to.deep.equal([
      [publisher.address, 5n],
      [publisher.address, SUPPLY - 5n],
    ]);
    expect(await distribution.ALLOCATED()).to.equal(SUPPLY);
    expect(await distribution.REST()).to.equal(thief.address);
  });

  it("makes a wallet for what is released over time, which begins at once or when it says", async () => {
    const { publisher } = await actors();
    const later = BigInt(await time.latest()) + 1_000n;
    const vested = { vestingPeriod: 100n, cliffPeriod: 10n };
    const distribution = await deploy([await given(vested), await given({ ...vested, startsAt: later })]);
    const begun = BigInt(await time.latest());
    for (const [i, start] of [begun, later].entries()) {
      const wallet = AllocationWallet__factory.connect(nth(await distribution.shares(), i).payee, ethers.provider);
      expect(await wallet.owner()).to.equal(publisher.address);
      expect(await wallet.start()).to.equal(start);
      expect(await wallet.cliff()).to.equal(start + 10n);
      expect(await wallet.end()).to.equal(start + 100n);
    }
  });

  it("can allocate nothing, or 32 parts", async () => {
    expect(await (await deploy([])).ALLOCATED()).to.equal(0n);
    const parts = await Promise.all(Array.from({ length: 32 }, () => given()));
    expect((await (await deploy(parts)).shares()).length).to.equal(32);
  });

  it("refuses accounts that are nobody, and names the place", async () => {
    const factory = await deploy([]);
    const [nobody, somebody] = [await given({ account: ZeroAddress }), await given()];
    await expect(deploy([somebody, nobody]))
      .to.be.revertedWithCustomError(factory, "DistributionZeroAccount")
      .withArgs(1);
    await expect(deploy([somebody], ZeroAddress))
      .to.be.revertedWithCustomError(factory, "DistributionZeroAccount")
      .withArgs(1);
  });

  const refusals: readonly (readonly [
    changes: Partial<Allocation>,
    parameter: keyof Allocation,
    least: bigint,
    most: bigint,
  ])[] = [
    [{ amount: 0n }, "amount", 1n, SUPPLY],
    [{ amount: SUPPLY + 1n }, "amount", 1n, SUPPLY],
    [{ startsAt: 1n }, "startsAt", 0n, 0n],
    [{ cliffPeriod: 1n }, "cliffPeriod", 0n, 0n],
    [{ cliffPeriod: 11n, vestingPeriod: 10n }, "cliffPeriod", 0n, 10n],
    [{ vestingPeriod: YEARS_10 + 1n }, "vestingPeriod", 0n, YEARS_10],
  ];
  for (const [changes, parameter, least, most] of refusals) {
    it(`refuses ${Object.entries(changes)
      .map(([name, value]) => `${name} ${value}`)
      .join(" with ")}`, async () => {
      const factory = await deploy([]);
      await expect(deploy([await given(changes)]))
        .to.be.revertedWithCustomError(factory, "ControlOutOfBounds")
        .withArgs(encodeBytes32String(parameter), changes[parameter] ?? MOST, least, most);
    });
  }

  it("refuses a start that nobody lives to see, more than the supply in all, and more than 32 parts", async () => {
    const factory = await deploy([]);
    const now = BigInt(await time.latest()) + 5n;
    await time.setNextBlockTimestamp(now);
    await expect(deploy([await given({ vestingPeriod: 1n, startsAt: now + YEARS_10 + 1n })]))
      .to.be.revertedWithCustomError(factory, "ControlOutOfBounds")
      .withArgs(encodeBytes32String("startsAt"), now + YEARS_10 + 1n, 0, now + YEARS_10);
    await expect(deploy([await given(), await given({ amount: SUPPLY - 4n })]))
      .to.be.revertedWithCustomError(factory, "ControlOutOfBounds")
      .withArgs(encodeBytes32String("amount"), SUPPLY - 4n, 1n, SUPPLY - 5n);
    const parts = await Promise.all(Array.from({ length: 33 }, () => given()));
    await expect(deploy(parts))
      .to.be.revertedWithCustomError(factory, "ControlOutOfBounds")
      .withArgs(encodeBytes32String("allocations"), 33, 0, 32);
  });
});
