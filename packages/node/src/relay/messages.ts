import { getAddress, isAddress, isHexString } from "ethers";
import { z } from "zod";

const bytes32 = z.string().refine((text): boolean => isHexString(text, 32), "must be 32 bytes in hex");
const address = z
  .string()
  .refine(isAddress, "must be an address")
  .transform((text) => getAddress(text));

const hex = z.string().refine((text): boolean => isHexString(text, true), "must be bytes in hex");
const uint256 = z
  .string()
  .regex(/^\d{1,78}$/, "must be a decimal number")
  .transform(BigInt)
  .refine((value) => value < 2n ** 256n, "must be below 2^256");

const job = z.strictObject({
  versionId: bytes32,
  inputRoot: bytes32,
  requester: bytes32,
  callback: bytes32,
  royalty: bytes32,
  shape: bytes32,
  rules: bytes32,
});

/** What a node hands in to have its seal posted: the job, packed, and the seal of the running draw, signed. */
export const sealMessage = z.strictObject({
  job,
  seal: z.strictObject({ node: address, commitment: bytes32, r: bytes32, vs: bytes32 }),
});

/** What a node hands in to have its seal shown. */
export const revealMessage = z.strictObject({
  job,
  reveal: z.strictObject({ node: address, outputRoot: bytes32, salt: bytes32 }),
});

const optimisticJob = z.strictObject({ ...job.shape, node: bytes32 });
const signedOrder = {
  /** The market for which it was signed. */
  market: address,
  input: hex,
  signed: z.strictObject({
    mostCost: uint256,
    mostRepay: uint256,
    nonce: uint256,
    expiresAt: z.int().min(0),
    signature: hex,
  }),
};

/** What `signOrder` or `signOptimisticOrder` of the SDK gives, with integers as decimal text, and the market that it is for. */
export const orderMessage = z.union([
  z.strictObject({ ...signedOrder, order: job }).transform((message) => ({ kind: "several" as const, ...message })),
  z
    .strictObject({ ...signedOrder, order: optimisticJob })
    .transform((message) => ({ kind: "one" as const, ...message })),
]);

export type SealMessage = z.output<typeof sealMessage>;
export type RevealMessage = z.output<typeof revealMessage>;
export type OrderMessage = z.output<typeof orderMessage>;
