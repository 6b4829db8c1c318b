import { type Addresses, type Client, createClient, type EventName } from "@opg-protocol/sdk";
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { InferenceSessionsAbi } from "@opg-protocol/sdk/abi/InferenceSessions";
import { ModelRegistryAbi } from "@opg-protocol/sdk/abi/ModelRegistry";
import { NodeStakingAbi } from "@opg-protocol/sdk/abi/NodeStaking";
import { OptimisticMarketplaceAbi } from "@opg-protocol/sdk/abi/OptimisticMarketplace";
import { PriceBookAbi } from "@opg-protocol/sdk/abi/PriceBook";
import { ReceiptBookAbi } from "@opg-protocol/sdk/abi/ReceiptBook";
import { ResultCommitmentsAbi } from "@opg-protocol/sdk/abi/ResultCommitments";
import {
  Interface,
  JsonRpcApiProvider,
  type JsonRpcPayload,
  type JsonRpcResult,
  Network,
  toQuantity,
  type Transaction,
} from "ethers";

import { timeOf } from "../../support/events.ts";
import { addresses, chainId } from "../../support/orders.ts";

const INTERFACES = {
  market: new Interface(InferenceMarketplaceAbi),
  sessions: new Interface(InferenceSessionsAbi),
  registry: new Interface(ModelRegistryAbi),
  staking: new Interface(NodeStakingAbi),
  optimistic: new Interface(OptimisticMarketplaceAbi),
  prices: new Interface(PriceBookAbi),
  receipts: new Interface(ReceiptBookAbi),
  commitments: new Interface(ResultCommitmentsAbi),
} as const;
type Known = keyof typeof INTERFACES & keyof Addresses;

/** Calldata of a call, as anybody would send it. */
export const calldata = (contract: Known, name: string, args: readonly unknown[]): string =>
  INTERFACES[contract].encodeFunctionData(name, [...args]);

interface FakeLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

const pad = (number: number): string => `0x${number.toString(16).padStart(64, "0")}`;
/** The newest block. */
const HEAD = 100;

/** An RPC that answers over the same JSON as a real one, from logs, transactions and views that a test gives it. */
export class FakeRpc extends JsonRpcApiProvider {
  readonly logs: FakeLog[] = [];
  /** Changes what a request for logs gives. */
  onLogs: (logs: readonly FakeLog[]) => readonly FakeLog[] = (logs) => logs;
  readonly transactions = new Map<string, Transaction>();
  /** What views give, by `contract.function`. */
  readonly views = new Map<string, (...args: readonly unknown[]) => readonly unknown[]>();

  constructor() {
    super(Network.from(chainId), { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
  }

  client(): Promise<Client> {
    return createClient({ provider: this, addresses });
  }

  view(contract: Known, name: string, answer: (...args: readonly unknown[]) => readonly unknown[]): void {
    this.views.set(`${contract}.${name}`, answer);
  }

  addLog(
    contract: Known,
    name: EventName,
    args: readonly unknown[],
    { block, transaction = pad(block) }: { readonly block: number; readonly transaction?: string },
  ): void {
    const { topics, data } = INTERFACES[contract].encodeEventLog(name, [...args]);
    this.logs.push({ address: addresses[contract], topics, data, blockNumber: block, transactionHash: transaction });
  }

  override _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return Promise.resolve(payloads.map(({ id, method, params }) => ({ id, result: this.#answer(method, params) })));
  }

  #answer(method: string, params: JsonRpcPayload["params"]): unknown {
    const [first] = Array.isArray(params) ? (params as readonly unknown[]) : [];
    switch (method) {
      case "eth_blockNumber":
        return toQuantity(HEAD);
      case "eth_chainId":
        return toQuantity(chainId);
      case "eth_getLogs":
        return this.#logs(
          first as { readonly address: string; readonly topics: readonly (string | string[] | null)[] },
        );
      case "eth_call":
        return this.#call(first as { readonly to: string; readonly data: string });
      case "eth_getTransactionByHash":
        return this.#transaction(String(first));
      case "eth_getBlockByNumber":
        return block(Number(first));
      default:
        throw new Error(`The test has no ${method}`);
    }
  }

  #logs({ address, topics }: { readonly address: string; readonly topics: readonly (string | string[] | null)[] }) {
    const fits = (topic: string | undefined, wanted: string | string[] | null | undefined) =>
      wanted === null || wanted === undefined || [wanted].flat().includes(topic ?? "");
    const found = this.logs
      .filter((log) => log.address.toLowerCase() === address.toLowerCase())
      .filter((log) => topics.every((wanted, i) => fits(log.topics[i], wanted)));
    return this.onLogs(found).map((log, i) => ({
      ...log,
      blockNumber: toQuantity(log.blockNumber),
      blockHash: pad(log.blockNumber),
      logIndex: toQuantity(i),
      transactionIndex: "0x0",
      removed: false,
    }));
  }

  #call({ to, data }: { readonly to: string; readonly data: string }): string {
    for (const [contract, contractInterface] of Object.entries(INTERFACES)) {
      if (addresses[contract as Known].toLowerCase() !== to.toLowerCase()) continue;
      const call = contractInterface.parseTransaction({ data });
      const answer = this.views.get(`${contract}.${call?.name ?? ""}`);
      if (call === null || answer === undefined) throw new Error(`The test has no ${contract}.${call?.name ?? data}`);
      return contractInterface.encodeFunctionResult(call.name, [...answer(...(call.args as unknown[]))]);
    }
    throw new Error(`The test has no contract ${to}`);
  }

  #transaction(hash: string): unknown {
    const transaction = this.transactions.get(hash);
    if (transaction === undefined) return null;
    const { nonce, gasLimit, data, to, from, value, maxFeePerGas, maxPriorityFeePerGas, signature } = transaction;
    return {
      hash,
      type: "0x2",
      blockNumber: toQuantity(HEAD),
      blockHash: pad(HEAD),
      transactionIndex: "0x0",
      nonce: toQuantity(nonce),
      gas: toQuantity(gasLimit),
      input: data,
      to,
      from,
      value: toQuantity(value),
      maxFeePerGas: toQuantity(maxFeePerGas ?? 0n),
      maxPriorityFeePerGas: toQuantity(maxPriorityFeePerGas ?? 0n),
      chainId: toQuantity(chainId),
      accessList: [],
      r: signature?.r,
      s: signature?.s,
      yParity: toQuantity(signature?.yParity ?? 0),
      v: toQuantity(signature?.yParity ?? 0),
    };
  }
}

const block = (number: number) => ({
  number: toQuantity(number),
  hash: pad(number),
  parentHash: pad(number - 1),
  timestamp: toQuantity(timeOf(number)),
  nonce: "0x0000000000000000",
  difficulty: "0x0",
  gasLimit: "0x1c9c380",
  gasUsed: "0x0",
  miner: `0x${"0".repeat(40)}`,
  extraData: "0x",
  baseFeePerGas: "0x1",
  transactions: [],
});
