/** What a rehearsal goes through. */
import { strictEqual, deepStrictEqual, ok } from "node:assert/strict";

import { getAddress, toQuantity, Wallet } from "ethers";
import { z } from "zod";

import { CREATEX } from "../suite/ignite.ts";
import { ETHERSCAN_KEY_VARIABLE } from "../suite/networks.ts";
import type { RpcAnswer } from "./rpc.ts";
import type { Stage } from "./stage.ts";
import { ETHERSCAN_KEY, VerificationServer } from "./verification.ts";

const NO_COMPILE = "--no-compile";
const DEPLOY = ["deploy", "--yes", NO_COMPILE];

const Plan = z.object({ gas: z.string(), steps: z.array(z.unknown()) });
const Exported = z.object({ addresses: z.record(z.string(), z.string()) });
const Findings = z.object({ findings: z.array(z.object({ item: z.string(), level: z.string(), says: z.string() })) });
const Failure = z.object({ error: z.object({ message: z.string(), fix: z.string() }) });
const Block = z.object({ transactions: z.array(z.object({ hash: z.string(), from: z.string() })) });
const Receipt = z.object({ gasUsed: z.string(), status: z.string() });

/** Puts the factory there, as it is on the real network. */
export const withCreatex = (stage: Stage, code: string): Promise<unknown> =>
  stage.ask("hardhat_setCode", [CREATEX, code]);

export async function plans(stage: Stage): Promise<z.infer<typeof Plan>> {
  await stage.run(["preflight", NO_COMPILE]);
  return Plan.parse(await stage.run(["plan", NO_COMPILE]));
}

/** When to stop the process: at which transaction of a run, and how far that may get. */
interface Kill {
  readonly at: number;
  readonly how: "before it is sent" | "before the answer" | "after the answer";
}
export const KILLS: readonly Kill[] = [
  { at: 1, how: "before it is sent" },
  { at: 2, how: "before the answer" },
  { at: 3, how: "after the answer" },
  { at: 1, how: "before the answer" },
  { at: 5, how: "before the answer" },
];

/** SIGKILL at a transaction. The same command must go on from there. */
export async function isKilled(stage: Stage, { at, how }: Kill): Promise<void> {
  const { process, report } = stage.start(DEPLOY);
  const kill = () => process.kill("SIGKILL");
  let sent = 0;
  stage.proxy.meddle = async (request, forward): Promise<RpcAnswer> => {
    if (request.method === "eth_sendRawTransaction") sent += 1;
    if (sent < at || request.method !== "eth_sendRawTransaction") return forward();
    if (how === "before it is sent") {
      kill();
      return { result: null };
    }
    const answer = await forward();
    if (how === "after the answer") setTimeout(kill, 20);
    else kill();
    return answer;
  };
  strictEqual(await report, "killed");
  stage.proxy.meddle = (_request, forward) => forward();
}

/** What a deployment began with is kept: to go on with other numbers is refused, by their names. */
export async function refusesOtherParameters(stage: Stage): Promise<void> {
  stage.change({ parameters: "local" });
  const { error } = Failure.parse(await stage.run(DEPLOY, 1));
  ok(error.message.includes("parameters.Staking.thawPeriod was 43200, is 300"), error.message);
  stage.change({});
}

/** Finishes; a second time there is nothing to do. Nothing was sent twice, and the plan was right within a tenth. */
export async function finishes(stage: Stage, plan: z.infer<typeof Plan>): Promise<void> {
  const { length: left } = Plan.parse(await stage.run(["deploy", "--dry-run", NO_COMPILE])).steps;
  const { length: sent } = await transactionsOf(stage);
  // What was sent when it was killed is not done yet.
  ok(left < plan.steps.length && left >= plan.steps.length - sent, `${left} are left after ${sent}`);
  await stage.run(DEPLOY);
  await stage.run(DEPLOY, 3);
  const hashes = await transactionsOf(stage);
  strictEqual(hashes.length, plan.steps.length);
  const receipts = await Promise.all(
    hashes.map(async (hash) => Receipt.parse(await stage.ask("eth_getTransactionReceipt", [hash]))),
  );
  deepStrictEqual([...new Set(receipts.map(({ status }) => status))], ["0x1"]);
  const used = receipts.reduce((sum, { gasUsed }) => sum + BigInt(gasUsed), 0n);
  const off = Number((100_000n * used) / BigInt(plan.gas)) / 1_000 - 100;
  ok(Math.abs(off) < 10, `The plan was ${off} % off`);
}

/** Everything that the deployer has sent. */
async function transactionsOf(stage: Stage): Promise<string[]> {
  const hashes: string[] = [];
  const head = Number(await stage.ask("eth_blockNumber"));
  for (let number = 0; number <= head; number += 1) {
    const { transactions } = Block.parse(await stage.ask("eth_getBlockByNumber", [toQuantity(number), true]));
    const own = transactions.filter(({ from }) => getAddress(from) === stage.deployer.address);
    hashes.push(...own.map(({ hash }) => hash));
  }
  return hashes;
}

/** From here on bonds, which follow the price of gas, are others than in the private copy. */
export const gasGetsDear = (stage: Stage): Promise<unknown> =>
  stage.ask("anvil_setNextBlockBaseFeePerGas", [toQuantity(10n ** 18n)]);

/** Exports, and checks. Gives the addresses. */
export async function proves(stage: Stage): Promise<Readonly<Record<string, string>>> {
  await stage.run(["export", "--dry-run"]);
  const { addresses } = Exported.parse(await stage.run(["export"]));
  await stage.run(["export"], 3);
  await stage.run(["check", NO_COMPILE]);
  return addresses;
}

/** Publishes the sources to services that speak as the real ones do. */
export async function verifies(stage: Stage): Promise<void> {
  const service = await VerificationServer.upon(stage.chain.url, "OnnxReferee");
  const { url, verified } = service;
  const blockscout = { url, apiUrl: `${url}/blockscout/api` };
  const etherscan = { url, apiUrl: `${url}/etherscan/v2/api` };
  stage.change({ verification: { sourcify: url, blockscout, etherscan } });
  try {
    const { length } = Object.keys(Exported.parse(await stage.run(["export"], 3)).addresses);
    const counts = () => [verified.sourcify.size, verified.blockscout.size, verified.etherscan.size];
    await stage.run(["verify", NO_COMPILE, "--dry-run"]);
    deepStrictEqual(counts(), [0, 0, 0]);
    await stage.run(["verify", NO_COMPILE]);
    deepStrictEqual(counts(), [length, length, 0]);
    await stage.run(["verify", NO_COMPILE], 0, { [ETHERSCAN_KEY_VARIABLE]: ETHERSCAN_KEY });
    deepStrictEqual(counts(), [length, length, length]);
  } finally {
    service.close();
    stage.change({});
  }
}

/** Control goes to the timelock, and the proof of it holds only afterwards. */
export async function handsOver(stage: Stage): Promise<void> {
  const voter = Wallet.createRandom().address;
  const handover = ["handover", "--votes-to", voter];
  await stage.run(handover, 4);
  await stage.run([...handover, "--yes"]);
  await stage.run([...handover, "--yes"], 3);
  await stage.run(["check", NO_COMPILE, "--handed-over"]);
  await stage.run(["faucet", "--to", voter]);
  const { error } = Failure.parse(await stage.run(["faucet", "--to", voter], 1));
  ok(/FaucetTooSoon/.test(error.message), error.message);
}

/** A node that belongs to another chain. */
export async function noticesAnotherChain(stage: Stage): Promise<void> {
  stage.proxy.meddle = async (request, forward) => (request.method === "eth_chainId" ? { result: "0x1" } : forward());
  await stage.run(["preflight", NO_COMPILE], 1);
  await stage.run(DEPLOY, 2);
  stage.proxy.meddle = (_request, forward) => forward();
}

/** A node that says that transactions have failed, and one that has other code. */
export async function noticesLies(stage: Stage): Promise<void> {
  const lie = (method: string, change: (result: unknown) => unknown) => {
    stage.proxy.meddle = async (request, forward) => {
      const answer = await forward();
      return request.method === method ? { ...answer, result: change(answer.result) } : answer;
    };
  };
  lie("eth_getTransactionReceipt", (receipt) => ({ ...(receipt as object), status: "0x0" }));
  await stage.run(["export"], 1);
  lie("eth_getCode", (code) => `${String(code).slice(0, -2)}00`);
  const { findings } = Findings.parse(await stage.run(["check", NO_COMPILE], 1));
  ok(findings.some(({ item, level }) => item === "code of market" && level === "FAIL"));
  stage.proxy.meddle = (_request, forward) => forward();
}

/** Too many requests, again and again: it takes longer. */
export function limitsRate(stage: Stage): void {
  let requests = 0;
  stage.proxy.meddle = async (_request, forward) => {
    requests += 1;
    return requests % 5 === 0 ? { status: 429 } : forward();
  };
}

/** A node that never answers one question: preflight says which, and goes on. */
export async function survivesSilence(stage: Stage): Promise<void> {
  const silence = new Promise<RpcAnswer>(() => undefined);
  stage.proxy.meddle = (request, forward) => (request.method === "eth_getLogs" ? silence : forward());
  const { findings } = Findings.parse(await stage.run(["preflight", NO_COMPILE]));
  ok(findings.some(({ item, level }) => item === "logs" && level === "warn"));
  stage.proxy.meddle = (_request, forward) => forward();
}

/** The last blocks are taken back while it waits for them: what they held is sent again. */
export async function survivesReorganisation(stage: Stage): Promise<void> {
  let sent = 0;
  stage.proxy.meddle = async (request, forward) => {
    const answer = await forward();
    if (request.method === "eth_getTransactionReceipt" && answer.result !== null && (sent += 1) === 3)
      await stage.ask("anvil_reorg", [1, []]);
    return answer;
  };
  await stage.run(DEPLOY);
  stage.proxy.meddle = (_request, forward) => forward();
}

/** All blocks with the deployment are taken back: the check says what is gone. */
export async function noticesLoss(stage: Stage): Promise<void> {
  const head = Number(await stage.ask("eth_blockNumber"));
  await stage.ask("anvil_reorg", [head - 1, []]);
  await stage.run(["check", NO_COMPILE], 1);
}
