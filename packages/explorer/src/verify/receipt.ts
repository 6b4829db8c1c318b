import {
  type Client,
  faultOf,
  getSession,
  PayloadError,
  payloadRoot,
  receiptHash,
  receiptSigner,
  receiptStatementId,
  type Session,
  sessionIdOf,
  type Tensor,
} from "@opg-protocol/sdk";

import { BATCH_STEP, checkPlace } from "./batch.ts";
import { checkError, ERROR_STEP } from "./errors.ts";
import type { GivenReceipt } from "./given.ts";
import { INPUT_STEP, OUTPUT_STEP } from "./inputs.ts";
import { type CheckParameters, sourcesOf } from "./job.ts";
import { recompute } from "./recompute.ts";
import { equal, type Report, reportOf, type RunningStep, type StepName, Steps, type Subject } from "./steps.ts";
import { ARTIFACT_STEP, readArtifact, readVersion, VERSION_STEP } from "./version.ts";

const SESSION_STEP: StepName = { id: "session", title: "The session on chain", subject: "session" };
const RECEIPT_STEP: StepName = { id: "receipt", title: "Who made the receipt", subject: "receipt" };

/** Parameters of {@link verifyReceipt}. */
export interface VerifyReceiptParameters extends CheckParameters {
  readonly given: GivenReceipt;
}

/**
 * Checks a receipt of a session: that there is the session, that the node has made the receipt, by its signature, by a batch or
 * because it was shown on chain, that input and output are those that it names, and that the version gives that output.
 * @throws the reason of the signal; nothing else: what cannot be checked is a finding.
 */
export async function verifyReceipt(parameters: VerifyReceiptParameters): Promise<Report> {
  const { client, given, onStep, signal } = parameters;
  const steps = new Steps(onStep, signal);
  const session = await steps.run(SESSION_STEP, (step) => readSession(client, given, step));
  if (session !== undefined) {
    const isInBatch =
      given.place !== undefined && (await steps.run(BATCH_STEP, (step) => checkBatch(client, given, session, step)));
    await steps.run(RECEIPT_STEP, (step) => checkAuthor(client, given, session, isInBatch === true, step));
  }
  const { receipt } = given;
  const input = await steps.run(INPUT_STEP, (step) => checkRoot("input", receipt.inputRoot, given.inputs, step));
  const output = await steps.run(OUTPUT_STEP, (step) => checkRoot("output", receipt.outputRoot, given.outputs, step));
  await runAgain(steps, parameters, input, output);
  return reportOf(steps.all);
}

async function readSession(client: Client, { receipt }: GivenReceipt, step: RunningStep): Promise<Session | undefined> {
  const { session, fields } = await getSession(client, { sessionId: receipt.sessionId });
  const isIt = sessionIdOf(client, session) === receipt.sessionId;
  const text = isIt
    ? "The session was opened on this deployment; its fields hash to the id in the receipt."
    : "What the RPC gives of the session does not hash to the id in the receipt.";
  step.find("session", isIt ? "holds" : "fails", text);
  if (!isIt) return undefined;
  const isVersion = equal(fields.versionId, receipt.versionId);
  step.find(
    "terms",
    isVersion,
    isVersion === "holds"
      ? "The receipt is for the session's version."
      : "The receipt is for another version than the session.",
  );
  const isPaid = receipt.price <= fields.callPrice;
  step.find(
    "terms",
    isPaid ? "holds" : "fails",
    isPaid ? "It asks no more than the session's price of a call." : "It asks more than the session's price of a call.",
  );
  return fields;
}

/** Whether the receipt is in a batch that the node's signer has posted. */
async function checkBatch(
  client: Client,
  { receipt, place }: GivenReceipt,
  { node }: Session,
  step: RunningStep,
): Promise<boolean> {
  if (place === undefined) return false;
  const postedAt = await checkPlace(client, place, receiptHash(receipt), step);
  if (postedAt === undefined) return false;
  const expected = await client.staking.signerAt(node, postedAt);
  const finding = equal(place.batch.poster, expected);
  step.find(
    "batch",
    finding,
    finding === "holds" ? `That was the signer of ${node} then.` : `The signer of ${node} was ${expected} then.`,
  );
  return finding === "holds";
}

async function checkAuthor(
  client: Client,
  { receipt, signature }: GivenReceipt,
  { node }: Session,
  isInBatch: boolean,
  step: RunningStep,
): Promise<void> {
  const { chainId, addresses } = client;
  const statement = receiptStatementId(chainId, addresses, node, receipt);
  const isShown = (await client.receipts.shownOf(statement)) !== 0n;
  step.note(`Statement ${statement}.`);
  if (isShown)
    step.find(
      "shown",
      "holds",
      "The receipt was shown on chain: the contract has checked who made it, and it can be or could be disputed.",
    );
  if (signature !== undefined) {
    const signer = receiptSigner(client, { ...receipt, signature });
    const expected = await client.staking.signerAt(node, receipt.issuedAt);
    const at = new Date(receipt.issuedAt * 1_000).toISOString();
    const isRight = signer !== undefined && equal(signer, expected) === "holds";
    const text = isRight
      ? `${signer} signed it, who was the signer of ${node} at ${at}.`
      : `${signer ?? "Nobody"} signed it; the signer of ${node} was ${expected} at ${at}.`;
    step.find("receipt", isRight ? "holds" : "fails", text);
  } else if (!isShown && !isInBatch) {
    step.find(
      "receipt",
      "untold",
      "Nothing shows that the node made this receipt: there is no signature, no batch, and it was not shown on chain.",
    );
  }
}

async function checkRoot(
  subject: Subject & ("input" | "output"),
  root: string,
  given: readonly Tensor[] | undefined,
  step: RunningStep,
): Promise<readonly Tensor[] | undefined> {
  if (given === undefined) {
    const isError = subject === "output" && faultOf(root) !== PayloadError.None;
    if (subject === "input") step.find("input", "untold", "The input was not given: receipts hold its root alone.");
    else
      step.note(
        isError
          ? "The root stands for an error."
          : "The bytes of the output were not given; only its root is known here.",
      );
    return undefined;
  }
  const found = payloadRoot(given);
  const finding = equal(found, root);
  const text =
    finding === "holds"
      ? `Computed from all its numbers, the root of the ${subject} is that in the receipt.`
      : `The ${subject} that you gave is not that of the receipt.`;
  step.find(subject, finding, text, [`receipt ${root}`, `computed ${found}`]);
  return Promise.resolve(finding === "holds" ? given : undefined);
}

async function runAgain(
  steps: Steps,
  parameters: VerifyReceiptParameters,
  input: readonly Tensor[] | undefined,
  output: readonly Tensor[] | undefined,
): Promise<void> {
  const { client, given, runModel } = parameters;
  const { versionId, outputRoot } = given.receipt;
  if (input === undefined) return;
  const version = await steps.run(VERSION_STEP, (step) => readVersion(client, versionId, step));
  const artifact =
    version && (await steps.run(ARTIFACT_STEP, (step) => readArtifact(version, sourcesOf(parameters), step)));
  const fault = faultOf(outputRoot);
  if (fault !== PayloadError.None) {
    const stated = { fault, version, artifact, input, isInline: false };
    await steps.run(ERROR_STEP, (step) => checkError(stated, runModel, step));
  } else if (version !== undefined && artifact !== undefined) {
    await recompute(steps, { version, artifact, input, outputRoot, output }, runModel);
  }
}
