import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { type BaseContract, type ContractTransactionResponse, encodeBytes32String, parseEther } from "ethers";

/** Governed numbers by their names. */
type Numbers = Readonly<Record<string, bigint>>;

/** A change after which the last of its numbers is out of its bounds, and these. */
export type OutOfBounds<Rules extends Numbers> = readonly [changes: Partial<Rules>, least: bigint, most: bigint];

/** A contract with rules, the admin, and somebody else. */
interface Governed<Rules extends Numbers> {
  readonly contract: BaseContract;
  /** Those of now. */
  readonly local: Rules;
  readonly set: (sender: HardhatEthersSigner, rules: Rules, margin?: bigint) => Promise<ContractTransactionResponse>;
  readonly deployer: HardhatEthersSigner;
  readonly thief: HardhatEthersSigner;
}

const MOST_MARGIN = 30n * 86_400n;

/** What rules hold in whole OPG, errors name in base units. */
const UNITS: Numbers = { disputeBond: parseEther("1") };

/** What holds of `setRules` of every contract that takes numbers only within their bounds, and only from the admin. */
export function itKeepsRulesInBounds<Rules extends Numbers>(
  given: () => Promise<Governed<Rules>>,
  error: string,
  bounds: readonly OutOfBounds<Rules>[],
): void {
  for (const [changes, least, most] of bounds) {
    const [field, number] = Object.entries(changes as Numbers).at(-1) ?? ["", 0n];
    context(`when ${field} is ${number}`, () => {
      it("reverts and names the bounds [T117]", async () => {
        const { contract, local, set, deployer } = await given();
        await expect(set(deployer, { ...local, ...changes }))
          .to.be.revertedWithCustomError(contract, error)
          .withArgs(encodeBytes32String(field), number * (UNITS[field] ?? 1n), least, most);
      });
    });
  }

  context("when anyone else sets them", () => {
    it("reverts and names the caller", async () => {
      const { contract, local, set, thief } = await given();
      await expect(set(thief, local))
        .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
        .withArgs(thief);
    });
  });
}

/** What holds besides where rules come with a margin after the last clock: half of the shortest one, at least. */
export function itKeepsMarginInBounds<Rules extends Numbers>(
  given: () => Promise<Governed<Rules>>,
  error: string,
): void {
  context("when the margin is out of bounds", () => {
    it("reverts and names them, and takes the least", async () => {
      const { contract, local, set, deployer } = await given();
      for (const margin of [2n, MOST_MARGIN + 1n]) {
        await expect(set(deployer, local, margin))
          .to.be.revertedWithCustomError(contract, error)
          .withArgs(encodeBytes32String("marginPeriod"), margin, 3n, MOST_MARGIN);
      }
      await set(deployer, local, 3n);
    });
  });
}
