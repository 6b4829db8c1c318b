/** How long a node needs that comes back after 100,000 logs: read over HTTP, parsed, written to the journal. */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { createClient, encodePayload, packOrder, topicsOf, type Addresses } from "@opg-protocol/sdk";
import { AbiCoder, id, JsonRpcProvider, toBeHex, ZeroHash, zeroPadValue } from "ethers";

import { ProtocolChain } from "../dist/chain/ProtocolChain.js";
import { Follower } from "../dist/follow/Follower.js";
import { Journal } from "../dist/journal/Journal.js";
import { createLogger } from "../dist/log.js";
import { IMAGE } from "../test/support/network.ts";

const NODE = `0x${"22".repeat(20)}`;
const VERSION = `0x${"11".repeat(32)}`;
const OTHER_VERSION = `0x${"33".repeat(32)}`;
const LOGS_PER_BLOCK = 10;
const RANGE = 2_000;
/** Of so many logs one is an order; the others are seals and reveals. One order in four is for a version of this node. */
const ORDERS_EVERY = 8;
const addressOf = (number: number): string => zeroPadValue(toBeHex(number), 20);
const ADDRESSES: Addresses = {
  token: addressOf(1),
  access: addressOf(2),
  registry: addressOf(3),
  staking: addressOf(4),
  commitments: addressOf(5),
  policy: addressOf(6),
  refereedPolicy: addressOf(7),
  disputes: addressOf(8),
  auditRoster: addressOf(9),
  optimisticPolicy: addressOf(10),
  optimistic: addressOf(11),
  market: addressOf(12),
  optimisticLens: addressOf(13),
  timelock: addressOf(14),
  governor: addressOf(15),
  pauseGuardian: addressOf(16),
  distribution: addressOf(17),
  inferenceLens: addressOf(18),
  receipts: addressOf(19),
  sessions: addressOf(20),
  prices: addressOf(22),
  sessionLens: addressOf(23),
  mandates: addressOf(21),
  relay: addressOf(24),
  scheduler: addressOf(25),
  jobChain: addressOf(26),
};

export interface CatchUpFigures {
  readonly logs: number;
  readonly seconds: number;
}

export async function benchCatchUp(
  folder: string,
  logs: number,
  tick: (count: number) => void,
): Promise<CatchUpFigures> {
  const head = logs / LOGS_PER_BLOCK;
  const server = createServer((request, response) => {
    void reply(request, head).then((body) => {
      response.setHeader("content-type", "application/json").end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, undefined, { cacheTimeout: -1 });
  const chain = new ProtocolChain(await createClient({ provider, addresses: ADDRESSES }), NODE);
  const journal = Journal.open(join(folder, "follower.sqlite"), { chainId: 1n, market: NODE, node: NODE });
  const interest = {
    versions: new Set([VERSION]),
    offers: new Set<string>(),
    node: NODE,
    account: undefined,
    statements: false,
  };
  const follower = new Follower(chain, journal, interest, RANGE, createLogger("silent", false));

  const started = performance.now();
  const latest = await chain.head();
  for await (const news of follower.catchUp(latest, 1, new AbortController().signal)) {
    if (news === "reorganised") throw new Error("The chain of the bench is never reorganised");
    tick(RANGE * LOGS_PER_BLOCK);
  }
  const seconds = (performance.now() - started) / 1000;
  journal.close();
  provider.destroy();
  server.close();
  return { logs, seconds };
}

interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly [never, ...unknown[]];
}

async function reply(request: AsyncIterable<Buffer>, head: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const asked = JSON.parse(Buffer.concat(chunks).toString()) as RpcRequest | RpcRequest[];
  const answer = ({ id: number, method, params }: RpcRequest) => ({
    jsonrpc: "2.0",
    id: number,
    result: resultOf(method, params, head),
  });
  return JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked));
}

function resultOf(method: string, [first]: RpcRequest["params"], head: number): unknown {
  if (method === "eth_chainId") return "0x1";
  if (method === "eth_blockNumber") return toBeHex(head);
  if (method === "eth_getBlockByNumber") return blockAt((first as string) === "latest" ? head : Number(first));
  if (method === "eth_getLogs") {
    const { fromBlock, toBlock } = first as { fromBlock: string; toBlock: string };
    return logsOf(Number(fromBlock), Number(toBlock));
  }
  throw new Error(`The bench's chain does not know ${method}`);
}

const hashOf = (number: number): string => zeroPadValue(toBeHex(number), 32);

function blockAt(number: number) {
  return {
    number: toBeHex(number),
    hash: hashOf(number),
    parentHash: hashOf(Math.max(0, number - 1)),
    timestamp: toBeHex(1_800_000_000 + number),
    nonce: "0x0000000000000000",
    difficulty: "0x0",
    gasLimit: "0x1c9c380",
    gasUsed: "0x0",
    miner: NODE,
    extraData: "0x",
    baseFeePerGas: "0x1",
    transactions: [],
  };
}

const [REQUESTED = "", SEALED = "", REVEALED = ""] = ["JobRequested", "ResultSealed", "ResultRevealed"].map(
  (name) => topicsOf([name as "JobRequested"])[0],
);
const ORDER = packOrder({
  requester: NODE,
  versionId: VERSION,
  inputRoot: ZeroHash,
  seatPrice: 1n,
  quorum: 2,
  collateralFactor: 8,
  sealPeriod: 60,
});
const JOB_TYPE = "tuple(bytes32,bytes32,bytes32,bytes32,bytes32,bytes32,bytes32)";
const ORDER_DATA = AbiCoder.defaultAbiCoder().encode(
  [JOB_TYPE, "bytes"],
  [Object.values(ORDER), encodePayload([IMAGE])],
);

function logsOf(from: number, to: number): unknown[] {
  return Array.from({ length: (to - from + 1) * LOGS_PER_BLOCK }, (_, i) => {
    const number = from * LOGS_PER_BLOCK + i;
    return logAt(from + Math.floor(i / LOGS_PER_BLOCK), i % LOGS_PER_BLOCK, number);
  });
}

function logAt(block: number, index: number, number: number) {
  const isOrder = number % ORDERS_EVERY === 0;
  const version = number % (4 * ORDERS_EVERY) === 0 ? VERSION : OTHER_VERSION;
  const party = zeroPadValue(NODE, 32);
  const subject = id(`${isOrder ? "job" : "round"} ${number}`);
  return {
    address: isOrder ? ADDRESSES.market : ADDRESSES.commitments,
    topics: isOrder ? [REQUESTED, subject, party, version] : [number % 2 === 0 ? SEALED : REVEALED, subject, party],
    data: isOrder ? ORDER_DATA : zeroPadValue("0x01", 32) + "00".repeat(number % 2 === 0 ? 32 : 0),
    blockNumber: toBeHex(block),
    blockHash: hashOf(block),
    transactionHash: id(`transaction ${number}`),
    transactionIndex: "0x0",
    logIndex: toBeHex(index),
    removed: false,
  };
}
