/** The main job, end to end: order an inference, have staked nodes run it, check it, settle it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { intro, outro } from "@clack/prompts";
import {
  deposit,
  getRules,
  JobState,
  quoteOrder,
  requestInference,
  transferTokens,
  waitForResult,
  type Client,
  type Deployment,
  type InferenceOutcome,
} from "@opg-protocol/sdk";
import { parseEther } from "ethers";

import { checkPorts, clientOf, eventually, startSuite, type Suite } from "./chain.ts";
import { buildPage } from "./explorer.ts";
import { gasOf } from "./gas.ts";
import { imageTensor, publishDigits } from "./model.ts";
import { countServing, Daemons, registerDemoNode, type DemoNode } from "./nodes.ts";
import { type ServedPage, servePage } from "./page.ts";
import { payOut, slashes } from "./payout.ts";
import type { Shelf } from "./publish.ts";
import { drawAnswer, drawGas, drawPicture, drawShares } from "./report.ts";
import { NODES, roles } from "./roles.ts";
import { during, say, show } from "./say.ts";
import { Story } from "./story.ts";

export interface DemoOptions {
  /** What the model is to read: `loadPicture` makes it of a file. */
  readonly pixels: Uint8Array;
  /** The chain's port; the nodes take those after it. */
  readonly port: number;
  /** Leaves chain and nodes running. */
  readonly keep: boolean;
}

const CHAIN_ID = 31_337;
const DEPOSIT = parseEther("100");
/** Seats of the order: the price of each, how many must agree, and what each locks, in prices. */
const TERMS = { seatPrice: parseEther("1"), quorum: 2, collateralFactor: 8, sealPeriod: 3 };
/** The seed of a draw is never set: an order in which the liar was not drawn, or not caught, is repeated. */
const MOST_ORDERS = 3;

export async function runDemo({ pixels, port, keep }: DemoOptions): Promise<void> {
  await checkPorts(port, keep ? NODES + 2 : NODES + 1);
  const folder = mkdtempSync(join(tmpdir(), "opg-"));
  const daemons = new Daemons();
  let suite: Suite | undefined;
  let page: ServedPage | undefined;
  process.once("exit", () => {
    daemons.stop();
  });
  try {
    intro("OPG Protocol: a picture is read by nodes that nobody has to trust");
    suite = await during("Start a chain in this process and deploy the contracts", () => startSuite(port));
    if (keep) page = await servePage({ rpcUrl: suite.url, deployment: deploymentOf(suite) }, port + NODES + 1);
    const network = await startNodes(suite, daemons, { folder, share: page?.share }, port);
    const jobId = await order(suite, network, daemons, pixels);
    if (page !== undefined) {
      await during("Build the explorer", buildPage);
      say(`See it: ${page.url}/#/job/${jobId}`);
      await stay(suite, network, folder, page);
    }
    outro(
      keep
        ? "Stopped"
        : "Done. `npm start -- --keep` leaves everything running; `npm start -- picture.png` reads yours.",
    );
  } finally {
    daemons.stop();
    await page?.close();
    await suite?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Network {
  readonly treasurer: Client;
  readonly versionId: string;
  readonly nodes: readonly DemoNode[];
}

const deploymentOf = ({ addresses }: Suite): Deployment => ({ chainId: CHAIN_ID, startBlock: 0, addresses });

async function startNodes(suite: Suite, daemons: Daemons, shelf: Shelf, port: number): Promise<Network> {
  const treasurer = await clientOf(suite, roles.deployer);
  const publisher = await clientOf(suite, roles.publisher);
  const { versionId } = await during("Register the model and release its first version", () =>
    publishDigits(publisher, shelf, false),
  );
  const nodes: DemoNode[] = [];
  await during(`Register ${NODES} nodes; one of them, with a third of the stake, will lie`, async () => {
    for (let index = 0; index < NODES; index += 1) {
      const place = join(shelf.folder, `node-${index + 1}`);
      nodes.push(await registerDemoNode(suite, treasurer, index, port + 1 + index, place, versionId));
    }
  });
  for (const node of nodes) daemons.start(node);
  await during(
    "Start the nodes: each fetches the model, checks its digest and runs its golden vector",
    async (update) => {
      const allServe = async () => {
        const serving = await countServing(treasurer, nodes, versionId);
        update(`${serving} of ${NODES} are ready`);
        return serving === NODES || undefined;
      };
      await daemons.until(eventually(allServe));
      // Only stake and weight from before a request count in its draw.
      const { rules } = await getRules(treasurer);
      await sleep((Number(rules.activationPeriod) + 1) * 1000);
    },
  );
  return { treasurer, versionId, nodes };
}

/** Orders until the liar was caught, and tells how it went. Gives the last job. */
async function order(suite: Suite, network: Network, daemons: Daemons, pixels: Uint8Array): Promise<string> {
  const { treasurer, versionId, nodes } = network;
  const requester = await clientOf(suite, roles.requester);
  await transferTokens(treasurer, { to: roles.requester.address, amount: DEPOSIT });
  await deposit(requester, { amount: DEPOSIT });

  const story = new Story(treasurer, nodes);
  const stop = new AbortController();
  const telling = story.tell((await suite.provider.getBlockNumber()) + 1, stop.signal);
  const isCaught = (): boolean =>
    slashes(story.events).some(({ node }) => nodes.some((n) => n.isLiar && n.node === node));
  let outcome: InferenceOutcome | undefined;
  for (let orders = 0; orders < MOST_ORDERS && !isCaught(); orders += 1) {
    if (orders > 0) say("The liar was not caught this time; the requester orders once more");
    outcome = await orderOnce(requester, versionId, pixels, daemons);
    await sleep(500); // the last events of the job are told
  }
  stop.abort();
  await telling;
  return report(suite, network, story, pixels, outcome);
}

async function orderOnce(
  requester: Client,
  versionId: string,
  pixels: Uint8Array,
  daemons: Daemons,
): Promise<InferenceOutcome> {
  const { royalty } = await quoteOrder(requester, { versionId, ...TERMS });
  const input = { tensors: [imageTensor(pixels)] };
  const { jobId } = await requestInference(requester, { versionId, input, maxRoyalty: royalty, ...TERMS });
  return daemons.until(waitForResult(requester, { jobId, pollingInterval: 250 }));
}

async function report(
  suite: Suite,
  { treasurer, versionId, nodes }: Network,
  story: Story,
  pixels: Uint8Array,
  outcome: InferenceOutcome | undefined,
): Promise<string> {
  show("The picture, as the model sees it", drawPicture(pixels));
  const result = outcome?.result;
  const [output] = result !== undefined && "tensors" in result ? result.tensors : [];
  if (outcome === undefined || output === undefined) {
    const ending = Object.entries(JobState).find(([, state]) => state === outcome?.state)?.[0];
    throw new Error(
      `The nodes came to no answer (${ending ?? "nothing was ordered"}). The requester got its money back; try again.`,
    );
  }
  show("The answer, checked against its commitment on chain", drawAnswer(output));
  show("Who was paid, who was slashed", drawShares(await payOut(suite, nodes, versionId, story.events, DEPOSIT)));
  show("Gas of each step", drawGas(await gasOf(treasurer, story.events)));
  return outcome.jobId;
}

/** Leaves everything running until somebody presses Ctrl-C. */
async function stay(suite: Suite, { versionId, nodes }: Network, folder: string, page: ServedPage): Promise<void> {
  const { url, addresses } = suite;
  const deployment = join(folder, "deployment.json");
  writeFileSync(deployment, JSON.stringify(deploymentOf(suite), null, 2));
  const people = [
    ["deployer", roles.deployer],
    ["requester", roles.requester],
    ["model owner", roles.publisher],
    ...nodes.map(({ number }, i) => [`owner of node ${number}`, roles.operators[i]] as const),
  ] as const;
  const lines = [
    `chain       ${url}, id ${CHAIN_ID}`,
    `explorer    ${page.url}`,
    `version     ${versionId}`,
    `deployment  ${deployment}`,
    ...Object.entries<string>({ ...addresses }).map(([name, address]) => `${name.padEnd(11)} ${address}`),
    "",
    ...people.flatMap(([name, account]) => [name, `  ${account?.address ?? ""}`, `  ${account?.privateKey ?? ""}`]),
    "",
    ...nodes.map(({ number, url, folder }) => `node ${number}      outputs at ${url}, log ${join(folder, "node.log")}`),
  ];
  show("Running; these keys are public, use them nowhere else. Ctrl-C stops", lines.join("\n"));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}
