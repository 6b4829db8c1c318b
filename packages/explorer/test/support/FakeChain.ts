import { type Addresses, type Client, CONTRACTS, createClient, readAddresses } from "@opg-protocol/sdk";
import { InferenceMarketplaceAbi } from "@opg-protocol/sdk/abi/InferenceMarketplace";
import { type Block, type BlockTag, type Filter, getAddress, id, Interface, type Log, type Provider } from "ethers";

import { address, timeOf } from "./events.ts";

/** An address that a contract's name stands for. */
const contractAddress = (name: string): string => getAddress(id(name).slice(0, 42));

export const ADDRESSES: Addresses = readAddresses(
  Object.fromEntries(CONTRACTS.map((name) => [name, contractAddress(name)])),
);

const market = new Interface(InferenceMarketplaceAbi);

/** A log as a provider gives it. */
export type FakeLog = Pick<Log, "address" | "data" | "blockNumber" | "blockHash" | "transactionHash" | "index"> & {
  readonly topics: readonly string[];
};

interface FakeBlock {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
  readonly logs: readonly FakeLog[];
}

/** What a chain has told of a deployment, with the times of blocks. */
export interface Recording {
  readonly addresses: Addresses;
  readonly head: { readonly number: number; readonly hash: string; readonly timestamp: number };
  readonly logs: readonly (Omit<FakeLog, "index"> & { readonly logIndex: number; readonly timestamp: number })[];
}

/** Blocks whose events are deposits, and a provider that tells of them; it can be made to lie or to stop. */
export class FakeChain {
  readonly #fork: string;
  readonly #addresses: Addresses;
  #blocks: FakeBlock[] = [];
  /** What was asked for, such as `getLogs 0-9`. */
  readonly asked: string[] = [];
  /** Most requests that were open at once. */
  mostAtOnce = 0;
  #open = 0;
  /** Changes what a request for logs gives, or throws. */
  onLogs: (logs: readonly FakeLog[], from: number) => readonly FakeLog[] = (logs) => logs;
  /** Set: everything fails. */
  failure: Error | undefined;

  constructor(fork = "main", addresses = ADDRESSES) {
    this.#fork = fork;
    this.#addresses = addresses;
  }

  /** A chain on which this was logged, as a real one has told it. */
  static replay({ addresses, logs, head }: Recording): FakeChain {
    const chain = new FakeChain("replayed", addresses);
    const byBlock = Map.groupBy(logs, ({ blockNumber }) => blockNumber);
    for (let number = 0; number <= head.number; number += 1) {
      const found = byBlock.get(number) ?? [];
      const hash = number === head.number ? head.hash : (found[0]?.blockHash ?? id(`empty ${number}`));
      const timestamp = found[0]?.timestamp ?? head.timestamp;
      chain.#blocks.push({
        number,
        hash,
        timestamp,
        logs: found.map(({ logIndex, ...log }) => ({ ...log, index: logIndex })),
      });
    }
    return chain;
  }

  get newest(): number {
    return this.#blocks.length - 1;
  }

  /** All that was logged. */
  get logs(): readonly FakeLog[] {
    return this.#blocks.flatMap(({ logs }) => logs);
  }

  block(number: number): FakeBlock | undefined {
    return this.#blocks[number];
  }

  /** Adds a block with a deposit for each amount. */
  mine(...amounts: readonly bigint[]): this {
    return this.#mine(this.#fork, amounts);
  }

  /** Adds empty blocks. */
  skip(count: number): this {
    for (let i = 0; i < count; i += 1) this.mine();
    return this;
  }

  /** Takes blocks away, the newest first, and puts others in their place. */
  reorganise(depth: number, ...amounts: readonly bigint[]): this {
    this.#blocks = this.#blocks.slice(0, -depth);
    for (let i = 0; i < depth; i += 1) this.#mine(`${this.#fork} after ${this.newest}`, i === 0 ? amounts : []);
    return this;
  }

  /** A client of this chain. */
  client(logRange = 10, startBlock = 0): Promise<Client> {
    const provider = {
      getNetwork: () => Promise.resolve({ chainId: 31_337n }),
      getBlockNumber: () => this.#answer("getBlockNumber", () => this.newest),
      getBlock: (tag: BlockTag) => this.#answer(`getBlock ${tag}`, () => this.#blockAt(tag)),
      getLogs: ({ fromBlock, toBlock }: Filter) =>
        this.#answer(`getLogs ${String(fromBlock)}-${String(toBlock)}`, () =>
          this.#logsIn(Number(fromBlock), Number(toBlock)),
        ),
    };
    // Nothing else is asked.
    return createClient({
      provider: provider as unknown as Provider,
      addresses: this.#addresses,
      logRange,
      startBlock,
    });
  }

  #mine(fork: string, amounts: readonly bigint[]): this {
    const number = this.#blocks.length;
    const hash = id(`${fork} ${number}`);
    const logs = amounts.map((amount, index) => {
      const { topics, data } = market.encodeEventLog("Deposited", [address(1), amount]);
      const transactionHash = id(`${fork} ${number} ${index}`);
      return { address: ADDRESSES.market, topics, data, blockNumber: number, blockHash: hash, transactionHash, index };
    });
    this.#blocks.push({ number, hash, timestamp: timeOf(number), logs });
    return this;
  }

  async #answer<T>(request: string, answer: () => T): Promise<T> {
    this.asked.push(request);
    this.#open += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#open -= 1;
    if (this.failure !== undefined) throw this.failure;
    return answer();
  }

  #blockAt(tag: BlockTag): Block | null {
    const block = tag === "latest" ? this.#blocks.at(-1) : this.#blocks[Number(tag)];
    return (block ?? null) as Block | null;
  }

  #logsIn(from: number, to: number): readonly FakeLog[] {
    return this.onLogs(
      this.logs.filter(({ blockNumber }) => blockNumber >= from && blockNumber <= to),
      from,
    );
  }
}
