export { createClient } from "../client.ts";
export { sealHash } from "../codecs/commitment.ts";
export { decodePayload, payloadRoot } from "../codecs/payload.ts";
export { isSupplyOf, type Supply, supplyOf, type WordRange } from "../codecs/supply.ts";
export type { Check, CheckSubject, Finding, VerificationVerdict } from "./check.ts";
export { type Verification, verifyResult, type VerifyResultParameters } from "./result.ts";
export { recoverSender, type SignedCall } from "./sender.ts";
