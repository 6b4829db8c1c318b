/** Questions that only running code can answer, asked by a call of a few bytes: nothing is deployed. */
import { AbiCoder, hexlify } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

/** Returns block.number and the hash of the block before it. */
const SEED_CODE = hexlify(
  new Uint8Array([
    0x43, 0x5f, 0x52, // NUMBER, at 0
    0x60, 0x01, 0x43, 0x03, 0x40, 0x60, 0x20, 0x52, // BLOCKHASH of NUMBER - 1, at 32
    0x60, 0x40, 0x5f, 0xf3, // RETURN both
  ]),
); // prettier-ignore
/** Returns how many zeros lead the number 1: with an opcode that Osaka brought (EIP-7939), and our compiler may use. */
const OSAKA_CODE = "0x60011e5f5260205ff3";

export interface SeedProbe {
  /** What contracts see as the number of their block. */
  readonly number: bigint;
  /** What they see as the hash of the block before. */
  readonly hash: string;
  /** That block's hash as nodes tell it, or null where they know no such block. */
  readonly expected: string | null;
}

/** Whether `blockhash` is what draws need: the hash of a block of this chain, which nobody knew before. */
export async function probeSeeds({ ethers }: NetworkConnection): Promise<SeedProbe> {
  const answer = await ethers.provider.call({ data: SEED_CODE });
  const [number, hash] = AbiCoder.defaultAbiCoder().decode(["uint256", "bytes32"], answer) as unknown as [
    bigint,
    string,
  ];
  const before =
    number > 0n && number <= BigInt(Number.MAX_SAFE_INTEGER)
      ? await ethers.provider.getBlock(Number(number - 1n))
      : null;
  return { number, hash, expected: before?.hash ?? null };
}

/** Whether the chain runs what the compiler makes. */
export async function runsOsaka({ ethers }: NetworkConnection): Promise<boolean> {
  const answer = await ethers.provider.call({ data: OSAKA_CODE }).catch(() => "0x");
  return answer !== "0x" && BigInt(answer) === 255n;
}
