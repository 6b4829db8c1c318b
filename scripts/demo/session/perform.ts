/** What the demonstrations of sessions have in common: their stage, and how a receipt takes what answers for a session. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { intro, outro } from "@clack/prompts";
import {
  getSharers,
  getVersion,
  punishLie,
  type SignedReceipt,
  type Statement,
  statementIdOf,
  type TracedRun,
  unpackSession,
} from "@opg-protocol/sdk";
import { disputeReceipt, type SessionClient } from "@opg-protocol/sdk/session";
import type { JsonRpcProvider, Provider } from "ethers";

import { checkPorts, POLLING, startSuite, type Suite, untilTime } from "../chain.ts";
import { Daemons } from "../nodes.ts";
import { during, plain, stage } from "../say.ts";
import { prepare, type SessionCast, type SessionSubject } from "./setup.ts";

/** Where a demonstration is shown, and to whom. */
export interface Venue {
  /** The chain's port; the nodes take those after it. */
  readonly port: number;
  /** Prints what happened as JSON, and everything else to stderr. */
  readonly json: boolean;
}

/** What a demonstration tells. */
export interface Play<Figures> {
  readonly title: string;
  /** What is being done while everything is made ready. */
  readonly preparing: string;
  readonly subject: (folder: string) => SessionSubject;
  readonly tell: (cast: SessionCast, provider: JsonRpcProvider, daemons: Daemons) => Promise<Figures>;
  readonly show: (figures: Figures) => void;
  readonly end: string;
}

/** The chain and two nodes. */
const PORTS = 3;

/** Sets the stage, tells what happens on it, and clears it. */
export async function perform<Figures>({ port, json }: Venue, play: Play<Figures>): Promise<void> {
  if (json) stage.output = process.stderr;
  await checkPorts(port, PORTS);
  const folder = mkdtempSync(join(tmpdir(), "opg-"));
  const daemons = new Daemons();
  let suite: Suite | undefined;
  try {
    intro(play.title, stage);
    const running = await during("Start a chain in this process and deploy the contracts", () => startSuite(port));
    suite = running;
    const cast = await during(play.preparing, () => prepare(running, daemons, folder, port, play.subject(folder)));
    const figures = await play.tell(cast, running.provider, daemons);
    play.show(figures);
    if (json) process.stdout.write(`${JSON.stringify(figures, plain, 2)}\n`);
    outro(play.end, stage);
  } finally {
    daemons.stop();
    await suite?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Shows a node's receipt, and challenges what it states. */
export async function challengeReceipt(
  { payer, modelId, versionId }: SessionCast,
  { packed: session }: SessionClient,
  receipt: SignedReceipt,
  run: TracedRun,
) {
  const { identity: version } = await getVersion(payer, { versionId });
  const proof = { signature: receipt.signature };
  return during("Show the receipt, and challenge what the node states with it", () =>
    disputeReceipt(payer, { session, receipt, proof, modelId, version, run, pollingInterval: POLLING }),
  );
}

/** Takes what answers for a session in which a receipt was found false. */
export async function takeCollateral(
  { payer }: SessionCast,
  provider: Provider,
  { packed: session }: SessionClient,
  receipt: SignedReceipt,
  statement: Statement,
) {
  const { punished } = await during("Wait for others who were right, and take the whole collateral", async () => {
    const { finalAt } = await getSharers(payer, { statementId: statementIdOf(payer, statement) });
    await untilTime(provider, finalAt);
    return { punished: await punishLie(payer, { session, receipt }) };
  });
  const { refund, compensation, reward } = punished;
  return { collateral: unpackSession(session).collateral, refund, compensation, reward };
}
