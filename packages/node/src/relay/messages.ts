import { getAddress, isAddress, isHexString } from "ethers";
import { z } from "zod";

const bytes32 = z.string().refine((text): boolean => isHexString(text, 32), "must be 32 bytes in hex");
const address = z
  .string()
  .refine(isAddress, "must be an address")
  .transform((text) => getAddress(text));

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

export type SealMessage = z.output<typeof sealMessage>;
export type RevealMessage = z.output<typeof revealMessage>;
