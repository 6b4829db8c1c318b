import { ZeroAddress, ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import { Transport } from "../../codecs/commitment.ts";
import type { VersionIdentity } from "../../codecs/model.ts";
import {
  type Batch,
  CONSENT_TYPES,
  consentDigest,
  type Receipt,
  RECEIPT_TYPES,
  receiptDigest,
  receiptsDomain,
  sessionsDomain,
} from "../../codecs/receipt.ts";
import { type CompactSignature, signerOfDigest } from "../../codecs/signature.ts";
import { interfaces } from "../../contracts.ts";
import { eventIn } from "../../events.ts";
import { action } from "../action.ts";
import type { Statement } from "../disputes/statements.ts";
import type { NodeConsent } from "./opening.ts";
import type { SessionParameters } from "./sessions.ts";
import { signTyped, type TypedDataSigner } from "./signing.ts";

const { receipts, sessions } = interfaces;

type Place = Pick<Client, "chainId" | "addresses">;

/** A receipt that a node's signer has signed. */
export interface SignedReceipt extends Receipt {
  readonly signature: CompactSignature;
}

/** Signs as a node that it wants a session. */
export async function signSessionConsent(
  { chainId, addresses }: Place,
  signer: TypedDataSigner,
  sessionId: string,
  validUntil: number,
): Promise<NodeConsent> {
  const domain = sessionsDomain(chainId, addresses.sessions);
  const digest = consentDigest(domain, sessionId, validUntil);
  const signable = { digest, domain, types: CONSENT_TYPES, message: { sessionId, validUntil } };
  return { validUntil, signature: await signTyped(signer, signable) };
}

/** Who has signed a consent; undefined if nobody can have. */
export const consentSigner = (
  { chainId, addresses }: Place,
  sessionId: string,
  { validUntil, signature }: NodeConsent,
): string | undefined =>
  signerOfDigest(consentDigest(sessionsDomain(chainId, addresses.sessions), sessionId, validUntil), signature);

/** Signs as a node what it states about a call. */
export async function signReceipt(place: Place, signer: TypedDataSigner, receipt: Receipt): Promise<SignedReceipt> {
  const domain = receiptsDomain(place.chainId, place.addresses.receipts);
  const signable = { digest: receiptDigest(domain, receipt), domain, types: RECEIPT_TYPES, message: { ...receipt } };
  return { ...receipt, signature: await signTyped(signer, signable) };
}

/** Who has signed a receipt; undefined if nobody can have. */
export const receiptSigner = (
  { chainId, addresses }: Place,
  { signature, ...receipt }: SignedReceipt,
): string | undefined => signerOfDigest(receiptDigest(receiptsDomain(chainId, addresses.receipts), receipt), signature);

/** What shows that a node has made a receipt: its signature, or its place in a batch. */
export type ReceiptProof =
  | { readonly signature: CompactSignature }
  | { readonly batch: Batch; readonly index: bigint; readonly path: readonly string[] };

/** A receipt, and that the node has made it. */
export interface ProvenReceipt extends SessionParameters {
  readonly receipt: Receipt;
  readonly proof: ReceiptProof;
}

/**
 * Shows a receipt, so that it can be disputed. Anyone may.
 * @throws ProtocolError `ReceiptsForeign`, `ReceiptsOutOfTime`, `ReceiptsNotSigned`, `CommitmentsUnknownBatch`,
 * `CommitmentsNotInBatch`.
 */
export const showReceipt = action(
  "receipts",
  ({ sessionsContract, session, receipt, proof }: ProvenReceipt & { readonly sessionsContract: string }) =>
    receipts.encodeFunctionData("show", [sessionsContract, session, receiptFields(receipt), proofFields(proof)]),
  {
    prepare: ({ addresses }: Client, given: ProvenReceipt) =>
      Promise.resolve({ ...given, sessionsContract: addresses.sessions }),
    result: (mined) => {
      const { statementId, disputableUntil } = eventIn(mined, "ReceiptShown").args;
      return { statementId, disputableUntil: Number(disputableUntil) };
    },
  },
);

/** Parameters of {@link punishLie}. */
export interface PunishLieParameters extends SessionParameters {
  /** As it was shown. */
  readonly receipt: Receipt;
}

/**
 * Punishes a node for a receipt that was found false. Anyone may.
 * @throws ProtocolError `SessionsUnknown`, `SessionsWrongState`, `SessionsNotShown`, `SessionsNotFalse`,
 * `DisputeSharersNotFinal`.
 */
export const punishLie = action(
  "sessions",
  ({ session, receipt }: PunishLieParameters) =>
    sessions.encodeFunctionData("punishLie", [session, receiptFields(receipt)]),
  { result: (mined) => falsified(eventIn(mined, "SessionFalsified").args) },
);

/** Parameters of {@link punishContradiction}. */
export interface PunishContradictionParameters extends SessionParameters {
  readonly first: Omit<ProvenReceipt, "session">;
  /** Of the same call, with other version, input or output. */
  readonly second: Omit<ProvenReceipt, "session">;
}

/**
 * Punishes a node for two receipts that contradict each other; the client's account shares in what it loses. Anyone may.
 * @throws ProtocolError `SessionsUnknown`, `SessionsWrongState`, `SessionsNoContradiction`, and as `showReceipt`.
 */
export const punishContradiction = action(
  "sessions",
  ({ session, first, second }: PunishContradictionParameters) =>
    sessions.encodeFunctionData("punishContradiction", [
      session,
      receiptFields(first.receipt),
      proofFields(first.proof),
      receiptFields(second.receipt),
      proofFields(second.proof),
    ]),
  { result: (mined) => falsified(eventIn(mined, "SessionFalsified").args) },
);

/** The statement that a node makes with a receipt, as disputes take it. */
export function statementOfReceipt(
  { addresses }: Pick<Client, "addresses">,
  { receipt, node, modelId, version }: StatementOfReceiptParameters,
): Statement {
  return {
    consumer: addresses.receipts,
    jobId: receipt.sessionId,
    attempt: receipt.sequence,
    modelId,
    version,
    inputRoot: receipt.inputRoot,
    node,
    outputRoot: receipt.outputRoot,
    transport: Transport.Direct,
  };
}

/** Parameters of {@link statementOfReceipt}. */
export interface StatementOfReceiptParameters {
  readonly receipt: Receipt;
  readonly node: string;
  readonly modelId: string;
  readonly version: VersionIdentity;
}

/** The fields of a receipt as calls take them, whatever else the object has. */
function receiptFields({ sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt }: Receipt) {
  return { sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt };
}

function proofFields(proof: ReceiptProof) {
  if ("batch" in proof) return { signature: NO_SIGNATURE, ...proof, path: [...proof.path] };
  return { signature: proof.signature, batch: NO_BATCH, index: 0n, path: [] };
}

const falsified = ({ refund, compensation, reporters, reward }: Falsified) => ({
  refund,
  compensation,
  reporters: [...reporters],
  reward,
});

interface Falsified {
  readonly refund: bigint;
  readonly compensation: bigint;
  readonly reporters: readonly string[];
  readonly reward: bigint;
}

const NO_SIGNATURE: CompactSignature = { r: ZeroHash, vs: ZeroHash };
const NO_BATCH: Batch = { poster: ZeroAddress, root: ZeroHash, count: 0n };
