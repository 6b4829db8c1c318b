import { toBeHex, ZeroAddress, ZeroHash } from "ethers";

import {
  batchId,
  batchLeaf,
  type Receipt,
  receiptDigest,
  receiptHash,
  receiptsDomain,
  receiptStatementId,
  consentDigest,
  sessionsDomain,
  voucherDigest,
} from "../../packages/sdk/src/codecs/receipt.ts";
import {
  leastSessionCollateral,
  mostRedeemable,
  type PackedSession,
  sessionEndOf,
  sessionId,
  unpackSession,
  unpackSessionRecord,
} from "../../packages/sdk/src/codecs/session.ts";
import { LAST_ACCOUNT, ONES, type VectorFile, accountOf, numberOf, wordOf } from "./samples.ts";

const RECORD = [8, 44, 44, 44, 44, 36, 36] as const;
const STATES = 5;

/** A session of which every word is what `word` says for its name. */
const sessionOf = (word: (field: string) => string, key: string): PackedSession => ({
  versionId: word("versionId"),
  payer: word("payer"),
  node: word("node"),
  key,
  royalty: word("royalty"),
  shape: word("shape"),
  rules: word("rules"),
});

/** The slot of a session, from the lowest bit as `SessionRecord` says. */
function recordOf(...parts: readonly bigint[]): string {
  const shifts = RECORD.map((_, i) => RECORD.slice(0, i).reduce((sum: number, bits) => sum + bits, 0));
  return toBeHex(
    parts.reduce((word, part, i) => word | (part << BigInt(shifts[i] ?? 0)), 0n),
    32,
  );
}

function describeSession(name: string, chainId: bigint, sessions: string, session: PackedSession, word: string) {
  const fields = unpackSession(session);
  const record = unpackSessionRecord(BigInt(word));
  return {
    name,
    chainId,
    sessions,
    session,
    fields,
    sessionId: sessionId(chainId, sessions, session),
    record: { word, ...record },
    endsAt: sessionEndOf(fields, record),
    leastCollateral: leastSessionCollateral(fields.rules, fields.callPrice),
    most: mostRedeemable(fields, record),
  };
}

/** Where receipts, vouchers and consents of a case are signed for. */
interface Place {
  readonly chainId: bigint;
  readonly sessions: string;
  readonly receipts: string;
  readonly commitments: string;
}

function describeReceipt(name: string, place: Place, node: string, receipt: Receipt, amount: bigint, index: bigint) {
  const { chainId, sessions, receipts, commitments } = place;
  const batch = { poster: node, root: wordOf(`${name}/root`), count: index + 1n };
  const structHash = receiptHash(receipt);
  return {
    name,
    ...place,
    node,
    receipt,
    amount,
    index,
    structHash,
    digest: receiptDigest(receiptsDomain(chainId, receipts), receipt),
    statementId: receiptStatementId(chainId, { commitments, receipts }, node, receipt),
    voucherDigest: voucherDigest(sessionsDomain(chainId, sessions), { sessionId: receipt.sessionId, amount }),
    consentDigest: consentDigest(sessionsDomain(chainId, sessions), receipt.sessionId, receipt.issuedAt),
    batch,
    batchId: batchId(chainId, commitments, batch),
    leaf: batchLeaf(index, structHash),
  };
}

const placeOf = (label: string, chainId: bigint): Place => ({
  chainId,
  sessions: accountOf(`${label}/sessions`),
  receipts: accountOf(`${label}/receipts`),
  commitments: accountOf(`${label}/commitments`),
});

export const sessionVectors: VectorFile = {
  about:
    "Sessions as they travel, with their fields and what follows from them, on a chain where `sessions` keeps them; and, " +
    "unrelated to them, words of session slots with their fields.",
  cases: [
    describeSession(
      "least words",
      31_337n,
      accountOf("sessions"),
      sessionOf(() => ZeroHash, ZeroAddress),
      ZeroHash,
    ),
    describeSession(
      "most words",
      1n,
      LAST_ACCOUNT,
      sessionOf(() => ONES, LAST_ACCOUNT),
      recordOf(4n, ...RECORD.slice(1).map((bits) => 2n ** BigInt(bits) - 1n)),
    ),
    ...Array.from({ length: 8 }, (_, i) => {
      const label = `session ${i}`;
      const sums = ["paid", "marked", "redeemed", "funded"].map((field) => numberOf(`${label}/${field}`, 44));
      const [paid = 0n, marked = 0n, redeemed = 0n, funded = 0n] = sums.sort((a, b) => (a < b ? -1 : 1));
      const times = ["markedAt", "closesAt"].map((field) => numberOf(`${label}/${field}`, 36));
      const closes = i % 2 === 0 ? times : times.slice(0, 1);
      return describeSession(
        label,
        numberOf(`${label}/chain`, 32),
        accountOf(`${label}/sessions`),
        sessionOf((field) => wordOf(`${label}/${field}`), accountOf(`${label}/key`)),
        recordOf(BigInt(i % STATES), funded, redeemed, paid, marked, ...closes),
      );
    }),
  ],
};

export const receiptVectors: VectorFile = {
  about:
    "Receipts of `node` with what their signer signs and what they state, and, unrelated to them, vouchers of `amount` and " +
    "consents until `issuedAt` for their session, and batches with a receipt's struct hash as the leaf at `index`.",
  cases: [
    describeReceipt(
      "least words",
      placeOf("receipt", 31_337n),
      ZeroAddress,
      {
        sessionId: ZeroHash,
        sequence: 0n,
        versionId: ZeroHash,
        inputRoot: ZeroHash,
        outputRoot: ZeroHash,
        price: 0n,
        issuedAt: 0,
      },
      0n,
      0n,
    ),
    describeReceipt(
      "most words",
      { chainId: 1n, sessions: LAST_ACCOUNT, receipts: accountOf("receipts"), commitments: LAST_ACCOUNT },
      LAST_ACCOUNT,
      {
        sessionId: ONES,
        sequence: 2n ** 64n - 1n,
        versionId: ONES,
        inputRoot: ONES,
        outputRoot: ONES,
        price: 2n ** 96n - 1n,
        issuedAt: 2 ** 48 - 1,
      },
      2n ** 128n - 1n,
      2n ** 32n - 1n,
    ),
    ...Array.from({ length: 6 }, (_, i) => {
      const label = `receipt ${i}`;
      const receipt = {
        sessionId: wordOf(`${label}/sessionId`),
        sequence: numberOf(`${label}/sequence`, 64),
        versionId: wordOf(`${label}/versionId`),
        inputRoot: wordOf(`${label}/inputRoot`),
        outputRoot: wordOf(`${label}/outputRoot`),
        price: numberOf(`${label}/price`, 96),
        issuedAt: Number(numberOf(`${label}/issuedAt`, 48)),
      };
      return describeReceipt(
        label,
        placeOf(label, numberOf(`${label}/chain`, 32)),
        accountOf(`${label}/node`),
        receipt,
        numberOf(`${label}/amount`, 128),
        numberOf(`${label}/index`, 32),
      );
    }),
  ],
};
