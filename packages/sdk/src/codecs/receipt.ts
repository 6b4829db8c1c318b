import { concat, id, keccak256, type TypedDataDomain, TypedDataEncoder } from "ethers";

import { abiEncode, taggedHash } from "./abi.ts";
import { roundId, statementId } from "./commitment.ts";

/** What EIP-712 calls a voucher, a receipt, and a node's consent; each is signed under the domain of its contract. */
export const VOUCHER_TYPES = {
  Voucher: [
    { name: "channelId", type: "bytes32" },
    { name: "maxClaimableAmount", type: "uint128" },
  ],
};
export const CONSENT_TYPES = {
  SessionConsent: [
    { name: "sessionId", type: "bytes32" },
    { name: "validUntil", type: "uint48" },
  ],
};
export const RECEIPT_TYPES = {
  Receipt: [
    { name: "sessionId", type: "bytes32" },
    { name: "sequence", type: "uint64" },
    { name: "versionId", type: "bytes32" },
    { name: "inputRoot", type: "bytes32" },
    { name: "outputRoot", type: "bytes32" },
    { name: "price", type: "uint96" },
    { name: "issuedAt", type: "uint48" },
  ],
};

/** A struct of EIP-712 whose fields are all words: what its hash needs is made once, not with every call. */
interface FlatStruct {
  readonly typeHash: string;
  readonly types: readonly string[];
}

const flat = (name: string, fields: readonly { readonly name: string; readonly type: string }[]): FlatStruct => ({
  typeHash: id(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`),
  types: ["bytes32", ...fields.map(({ type }) => type)],
});
const VOUCHER = flat("Voucher", VOUCHER_TYPES.Voucher);
const RECEIPT = flat("Receipt", RECEIPT_TYPES.Receipt);

const structHash = ({ typeHash, types }: FlatStruct, values: readonly (string | bigint | number)[]): string =>
  keccak256(abiEncode(types, [typeHash, ...values]));

/** Of the deployments that this process has to do with. */
const separators = new Map<string, string>();

/** As `TypedDataEncoder.hash` has it. */
function digestOf(domain: TypedDataDomain, hash: string): string {
  const key = `${domain.name}/${domain.chainId}/${domain.verifyingContract}`;
  let separator = separators.get(key);
  if (separator === undefined) {
    separator = TypedDataEncoder.hashDomain(domain);
    separators.set(key, separator);
  }
  return keccak256(concat(["0x1901", separator, hash]));
}

/** All that a node may claim since the session was opened; the session's key signs it. */
export interface Voucher {
  readonly sessionId: string;
  /** OPG, base units. */
  readonly amount: bigint;
}

/** What a node states about one call; its signer signs it. */
export interface Receipt {
  readonly sessionId: string;
  /** Of the call in its session. */
  readonly sequence: bigint;
  readonly versionId: string;
  readonly inputRoot: string;
  readonly outputRoot: string;
  /** OPG, base units. */
  readonly price: bigint;
  /** Unix seconds. */
  readonly issuedAt: number;
}

/** Many statements under one root, as ResultCommitments keeps it. */
export interface Batch {
  /** The account that has posted it. */
  readonly poster: string;
  readonly root: string;
  /** Of leaves. */
  readonly count: bigint;
}

/** Where vouchers and consents are signed for. */
export const sessionsDomain = (chainId: bigint, sessions: string): TypedDataDomain => ({
  name: "OPG InferenceSessions",
  version: "1",
  chainId,
  verifyingContract: sessions,
});

/** Where receipts are signed for. */
export const receiptsDomain = (chainId: bigint, receipts: string): TypedDataDomain => ({
  name: "OPG ReceiptBook",
  version: "1",
  chainId,
  verifyingContract: receipts,
});

/** What a key signs. */
export const voucherMessage = ({ sessionId, amount }: Voucher) => ({
  channelId: sessionId,
  maxClaimableAmount: amount,
});

/** The digest that a session's key signs. */
export const voucherDigest = (domain: TypedDataDomain, { sessionId, amount }: Voucher): string =>
  digestOf(domain, structHash(VOUCHER, [sessionId, amount]));

/** The digest that a node signs which wants a session. */
export const consentDigest = (domain: TypedDataDomain, sessionId: string, validUntil: number): string =>
  TypedDataEncoder.hash(domain, CONSENT_TYPES, { sessionId, validUntil });

/** The digest that a node signs which has answered. */
export const receiptDigest = (domain: TypedDataDomain, receipt: Receipt): string =>
  digestOf(domain, receiptHash(receipt));

/** The hash of a receipt as an EIP-712 struct: what a leaf of a batch holds. */
export const receiptHash = ({ sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt }: Receipt) =>
  structHash(RECEIPT, [sessionId, sequence, versionId, inputRoot, outputRoot, price, issuedAt]);

/** Whether two receipts of one call state different things, which costs their node its collateral; price and time state nothing. */
export const contradicts = (first: Receipt, second: Receipt): boolean =>
  first.sessionId === second.sessionId &&
  first.sequence === second.sequence &&
  (first.versionId !== second.versionId ||
    first.inputRoot !== second.inputRoot ||
    first.outputRoot !== second.outputRoot);

/** The statement that a node makes with a receipt. */
export function receiptStatementId(
  chainId: bigint,
  contracts: { readonly commitments: string; readonly receipts: string },
  node: string,
  receipt: Receipt,
): string {
  const round = roundId({
    chainId,
    commitments: contracts.commitments,
    consumer: contracts.receipts,
    jobId: receipt.sessionId,
    attempt: receipt.sequence,
    versionId: receipt.versionId,
    inputRoot: receipt.inputRoot,
  });
  return statementId(round, node, receipt.outputRoot);
}

/** The id of a batch on this chain and contract. */
export const batchId = (chainId: bigint, commitments: string, { poster, root, count }: Batch): string =>
  taggedHash(
    "OPG/batch",
    ["uint256", "address", "address", "bytes32", "uint256"],
    [chainId, commitments, poster, root, count],
  );

/** The leaf of a batch: that of an OpenZeppelin `StandardMerkleTree` over `["uint256", "bytes32"]`. */
export const batchLeaf = (index: bigint, statement: string): string =>
  keccak256(keccak256(abiEncode(["uint256", "bytes32"], [index, statement])));
