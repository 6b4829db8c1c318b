/** The digits model of the examples, and a job that a node has answered with it, on a chain of the test's own. */
import { readFileSync } from "node:fs";

import {
  encodePayload,
  JobState,
  modelId,
  OptimisticState,
  packWord,
  payloadRoot,
  revealEntry,
  roundId,
  sealHash,
  statementId,
  type Tensor,
  type VersionIdentity,
  versionId,
} from "@opg-protocol/sdk";
import { compile, Executor, PROFILE } from "@opg-protocol/sdk/onnx";
import { encodeBytes32String, hexlify, sha256, toBeHex, Transaction, Wallet, ZeroHash } from "ethers";
import * as ort from "onnxruntime-web";

import type { FetchBytes } from "../../../src/verify/download.ts";
import { ortRunner } from "../../../src/verify/ortRuntime.ts";
import type { CheckParameters } from "../../../src/verify/job.ts";
import { address, timeOf } from "../../support/events.ts";
import { addresses, chainId, node, offeredOrder, orderedJob, requester } from "../../support/orders.ts";
import { calldata, FakeRpc } from "./FakeRpc.ts";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "fatal";

/** The very runtime that a page uses. */
export const runModel = ortRunner(ort);

export const ARTIFACT = new Uint8Array(
  readFileSync(new URL("../../../../../examples/digits/digits.onnx", import.meta.url)),
);
export const PICTURE: Tensor = {
  dtype: 2,
  shape: [1, 1, 8, 8],
  data: Uint8Array.from({ length: 64 }, (_, i) => (i * 37) & 255),
};
const program = compile(ARTIFACT);
export const [LOGITS] = new Executor(program).run([PICTURE]) as [Tensor];

/** The same tensor with one bit changed. */
export const flipped = (tensor: Tensor, byte = 0): Tensor => ({
  ...tensor,
  data: tensor.data.with(byte, (tensor.data[byte] ?? 0) ^ 1),
});

export const IDENTITY: VersionIdentity = {
  artifactDigest: sha256(ARTIFACT),
  artifactSize: BigInt(ARTIFACT.length),
  format: "onnx",
  inputs: [{ name: "image", dtype: 2, shape: [1, 1, 8, 8] }],
  outputs: [{ name: "logits", dtype: 1, shape: [1, 10] }],
  profile: encodeBytes32String(PROFILE),
  graphRoot: program.graphRoot,
};
export const MODEL = modelId(requester, "digits");
export const NODE = node(1);
export const SIGNER = new Wallet(`0x${"11".repeat(32)}`);
export const STRANGER = new Wallet(`0x${"22".repeat(32)}`);
export const ARTIFACT_URI = "https://models.example/digits.onnx";
export const NODE_URL = "https://node.example";

/** What of a job that one node has answered is to be different. */
export interface Differences {
  readonly identity?: Partial<VersionIdentity>;
  /** What the registry's log has in place of the identity that hashes to the version's id. */
  readonly toldIdentity?: Partial<VersionIdentity>;
  /** Where the file is. */
  readonly uris?: readonly string[];
  readonly outputRoot?: string;
  /** To which the order commits. */
  readonly inputRoot?: string;
  /** What the order carries. */
  readonly carried?: string;
  readonly signer?: Wallet;
  /** Not final yet. */
  readonly isOpen?: boolean;
}

/** A chain with the version of the digits and a job that a node has answered. */
export async function digitsJob(differences: Differences = {}): Promise<{ rpc: FakeRpc; jobId: string }> {
  const rpc = new FakeRpc();
  const version = releaseDigits(rpc, differences);
  const { outputRoot = payloadRoot([LOGITS]), signer = SIGNER } = differences;
  const input = differences.carried ?? hexlify(encodePayload([PICTURE]));
  const inputRoot = differences.inputRoot ?? payloadRoot([PICTURE]);
  const { id: jobId, packed: job } = offeredOrder({ block: 2 }, { versionId: version, inputRoot });
  rpc.addLog("optimistic", "JobOffered", [jobId, requester, version, job, input], { block: 2 });

  const { commitments, optimistic: consumer } = addresses;
  const round = roundId({ chainId, commitments, consumer, jobId, attempt: 0, versionId: version, inputRoot });
  const data = calldata("optimistic", "answer", [job, NODE, outputRoot]);
  const transaction = await signed(signer, consumer, data);
  rpc.transactions.set(transaction.hash ?? "", transaction);
  const until = timeOf(3) + 3_600;
  const place = { block: 3, transaction: transaction.hash ?? "" };
  rpc.addLog("optimistic", "JobAnswered", [jobId, round, NODE, 0, outputRoot, until], place);
  const state = differences.isOpen === true ? OptimisticState.Stated : OptimisticState.Answered;
  if (differences.isOpen !== true)
    rpc.addLog("optimistic", "JobClosed", [jobId, state, NODE, outputRoot, 0, 0, 0, 0], { block: 4 });

  const who = BigInt(statementId(round, NODE, outputRoot)) >> 96n;
  const slot = { state: 8, flags: 8, price: 40, since: 40, who: 160 } as const;
  const record = packWord(slot, { state: BigInt(state), flags: 0n, price: 1n, since: BigInt(timeOf(3)), who });
  rpc.view("optimistic", "jobOf", () => [record]);
  return { rpc, jobId };
}

/** A chain with the version of the digits and a job on which two nodes have agreed. */
export async function agreedJob(differences: Differences = {}): Promise<{ rpc: FakeRpc; jobId: string }> {
  const rpc = new FakeRpc();
  const version = releaseDigits(rpc, differences);
  const { outputRoot = payloadRoot([LOGITS]), signer = SIGNER } = differences;
  const inputRoot = payloadRoot([PICTURE]);
  const { id: jobId, packed: job } = orderedJob({ block: 2 }, { versionId: version, inputRoot, quorum: 2 });
  rpc.addLog("market", "JobRequested", [jobId, requester, version, job, encodePayload([PICTURE])], { block: 2 });
  const { commitments, market: consumer } = addresses;
  const round = roundId({ chainId, commitments, consumer, jobId, attempt: 0, versionId: version, inputRoot });
  for (const [i, seat] of [node(1), node(2)].entries()) {
    const seal = { chainId, commitments, roundId: round, node: seat, outputRoot, salt: word(7 + i) };
    const commitment = sealHash(seal);
    const transaction = await signed(signer, consumer, calldata("market", "commit", [job, seat, commitment]));
    rpc.transactions.set(transaction.hash ?? "", transaction);
    rpc.addLog("commitments", "ResultSealed", [round, seat, commitment, timeOf(4)], {
      block: 3,
      transaction: transaction.hash ?? "",
    });
    rpc.addLog("commitments", "ResultRevealed", [round, seat, outputRoot], { block: 5 });
  }
  rpc.addLog("market", "JobSettled", [jobId, JobState.Agreed, outputRoot, 0, 0, 0, 0, 0], { block: 6 });
  rpc.view("commitments", "entryOf", () => [revealEntry(outputRoot)]);
  const slot = { state: 8, flags: 24, result: 176, startedAt: 48 } as const;
  const result = BigInt(outputRoot) >> 80n;
  const record = packWord(slot, { state: BigInt(JobState.Agreed), flags: 0n, result, startedAt: 1n });
  rpc.view("market", "jobOf", () => [record, 0n]);
  rpc.view("optimistic", "jobOf", () => [0n]);
  return { rpc, jobId };
}

/** Releases the version of the digits; gives its id. */
export function releaseDigits(rpc: FakeRpc, differences: Differences = {}): string {
  const { identity, toldIdentity, uris = [ARTIFACT_URI] } = differences;
  const whole = { ...IDENTITY, ...identity };
  const version = versionId(MODEL, whole);
  const release = {
    major: 1,
    minor: 0,
    goldenInputRoot: ZeroHash,
    goldenOutputRoot: ZeroHash,
    licence: "MIT",
    uris,
    metadataURI: "https://models.example/digits.json",
    metadataHash: ZeroHash,
  };
  rpc.addLog("registry", "VersionReleased", [version, MODEL, { ...whole, ...toldIdentity }, release], {
    block: 1,
  });
  rpc.view("registry", "versionOf", () => [[MODEL, 1, 1, 1, 0, uris.length, ZeroHash]]);
  rpc.view("staking", "signerAt", () => [SIGNER.address]);
  rpc.view("staking", "metadataURIOf", () => [NODE_URL]);
  rpc.view("prices", "offerOf", () => [[0n, 0n, ""]]);
  return version;
}

async function signed(signer: Wallet, to: string, data: string): Promise<Transaction> {
  const fields = {
    type: 2,
    chainId,
    to,
    data,
    nonce: 0,
    gasLimit: 100_000n,
    maxFeePerGas: 1n,
    maxPriorityFeePerGas: 1n,
  };
  return Transaction.from(await signer.signTransaction(fields));
}

/** Gives what a test has put at addresses, and fails everywhere else. */
export const servedFrom =
  (places: Readonly<Record<string, Uint8Array>>): FetchBytes =>
  (uri, { onBytes }) => {
    const bytes = places[uri];
    if (bytes === undefined) return Promise.reject(new Error(`${uri}: answers with status 404`));
    onBytes?.(bytes.length);
    return Promise.resolve(bytes);
  };

/** What an honest world serves for the job of {@link digitsJob}. */
export const HONEST: Readonly<Record<string, Uint8Array>> = {
  [ARTIFACT_URI]: ARTIFACT,
  [`${NODE_URL}/v1/outputs/${payloadRoot([LOGITS])}`]: encodePayload([LOGITS]),
};

/** What a check takes besides its subject. */
export async function toolsOf(
  rpc: FakeRpc,
  places: Readonly<Record<string, Uint8Array>> = HONEST,
): Promise<CheckParameters> {
  return { client: await rpc.client(), fetchBytes: servedFrom(places), runModel, onStep: () => undefined };
}

export const OTHER_ADDRESS = address(0xbad);
export const word = (number: number): string => toBeHex(number, 32);
