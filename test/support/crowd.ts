import { AbiCoder, getAddress, keccak256, toBeHex, zeroPadValue, type Addressable } from "ethers";

import { OWN_STAKE, served, type Served } from "./fixtures.ts";
import { ethers, networkHelpers } from "./network.ts";

const WORD = 32;
const MOST_SLOTS = 40n;
const WEIGHT_MASK = (1n << 96n) - 1n;

const slotOf = (key: string, mapping: bigint): bigint =>
  BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [zeroPadValue(key, WORD), mapping])));

/** A mapping in the storage of a contract, found by what it is known to hold. */
class StoredMapping {
  constructor(
    private readonly contract: string,
    private readonly slot: bigint,
  ) {}

  /** The mapping that has something under `key`, inside those that lead to it under `path`. */
  static async find(contract: Addressable, path: readonly string[], key: string): Promise<StoredMapping> {
    const address = await contract.getAddress();
    for (let slot = 0n; slot < MOST_SLOTS; slot += 1n) {
      const mapping = new StoredMapping(
        address,
        path.reduce((outer, step) => slotOf(step, outer), slot),
      );
      if ((await mapping.read(key, 0n)) !== 0n) return mapping;
    }
    throw new Error(`${address} holds nothing under ${key}`);
  }

  async read(key: string, word: bigint): Promise<bigint> {
    return BigInt(await ethers.provider.getStorage(this.contract, slotOf(key, this.slot) + word));
  }

  async write(key: string, word: bigint, value: bigint): Promise<void> {
    await networkHelpers.setStorageAt(this.contract, slotOf(key, this.slot) + word, toBeHex(value, WORD));
  }

  /** Gives `to` the first words of what `from` has. */
  async copy(from: string, to: readonly string[], words: readonly bigint[]): Promise<void> {
    for (const word of words) {
      const value = await this.read(from, word);
      for (const key of to) await this.write(key, word, value);
    }
  }
}

/**
 * Ten real nodes, and copies of the first one up to `count`: same stake, same hot key, same lock. Only what a draw and a
 * seat read is copied, because that many registrations take minutes.
 */
export async function crowd(count: number) {
  const suite = await served(10);
  const { staking, market, version, nodes } = suite;
  const [template] = nodes;
  if (template === undefined) throw new Error("Nobody serves");
  const copies = Array.from({ length: count - nodes.length }, (_, i) => getAddress(toBeHex(0xc0ffee00 + i, 20)));
  const books = await StoredMapping.find(staking, [], template.node);
  const servings = await StoredMapping.find(market, [version], template.node);
  const totals = await StoredMapping.find(market, [], version);

  await books.copy(template.node, copies, [0n, 1n]);
  await servings.copy(template.node, copies, [0n, 1n]);
  const total = await totals.read(version, 0n);
  await totals.write(version, 0n, (total & ~WEIGHT_MASK) | (BigInt(count) * OWN_STAKE));
  return { ...suite, nodes: [...nodes, ...copies.map((node) => ({ ...template, node }))] } satisfies Served;
}
