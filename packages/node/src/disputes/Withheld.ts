import {
  type Client,
  demandWords,
  findEvents,
  getSupplyPrice,
  type MadeStatement,
  payloadRoot,
  PayloadSide,
  type Tensor,
  tensorByteLength,
} from "@opg-protocol/sdk";
import { concat, getBytes } from "ethers";

import type { Call } from "../chain/Chain.ts";

const WORD = 32;
/** Most words of one demand. */
const MOST_WORDS = 1_024;

/** Words of one tensor that are demanded together. */
interface Range {
  readonly tensor: number;
  readonly firstWord: number;
  readonly count: number;
}

/** An input that nobody gives: what of it was demanded by an account, and what was supplied since. */
export class WithheldInput {
  private constructor(
    private readonly made: MadeStatement,
    /** Supplied words, by tensor and first word. */
    private readonly words: ReadonlyMap<string, readonly string[]>,
    private readonly demanded: ReadonlySet<string>,
  ) {}

  static async read(client: Client, made: MadeStatement, account: string, fromBlock: number): Promise<WithheldInput> {
    const { statementId } = made;
    const demands = await findEvents(client, "disputes", "WordsDemanded", [statementId], fromBlock);
    const own = demands.filter(
      ({ args }) => args.demand.payer === account && args.demand.root === made.statement.inputRoot,
    );
    const ids = own.map(({ args }) => args.demandId);
    const supplies = ids.length === 0 ? [] : await findEvents(client, "disputes", "WordsSupplied", [ids], fromBlock);
    const words = new Map(
      own.flatMap(({ args: { demandId, demand } }) => {
        const supplied = supplies.find(({ args }) => args.demandId === demandId);
        return supplied === undefined ? [] : [[keyOf(demand), supplied.args.supply.words] as const];
      }),
    );
    return new WithheldInput(made, words, new Set(own.map(({ args }) => keyOf(args.demand))));
  }

  /** The input, once all of it was supplied. */
  tensors(): readonly Tensor[] | undefined {
    const { inputs } = this.made.statement.version;
    const parts = this.ranges().map((range) => this.words.get(keyOf(range)));
    if (parts.includes(undefined)) return undefined;
    const tensors = inputs.map(({ dtype, shape }, tensor) => {
      const words = this.ranges().flatMap((range) =>
        range.tensor === tensor ? (this.words.get(keyOf(range)) ?? []) : [],
      );
      return { dtype, shape, data: getBytes(concat(words)).slice(0, tensorByteLength({ dtype, shape })) };
    });
    return payloadRoot(tensors) === this.made.statement.inputRoot ? tensors : undefined;
  }

  /** What is still to be demanded. */
  calls(client: Client): readonly (Range & Call)[] {
    const { statement } = this.made;
    return this.ranges()
      .filter((range) => !this.demanded.has(keyOf(range)))
      .map((range) => ({
        ...range,
        ...demandWords.call(client.addresses, { statement, side: PayloadSide.Input, ...range }),
      }));
  }

  private ranges(): readonly Range[] {
    return this.made.statement.version.inputs.flatMap((spec, tensor) => {
      const words = Math.ceil(tensorByteLength(spec) / WORD);
      return Array.from({ length: Math.ceil(words / MOST_WORDS) }, (_, i) => ({
        tensor,
        firstWord: i * MOST_WORDS,
        count: Math.min(MOST_WORDS, words - i * MOST_WORDS),
      }));
    });
  }
}

/** What several demands cost, OPG, base units. */
export async function priceOf(client: Client, ranges: readonly Pick<Range, "count">[]): Promise<bigint> {
  const prices = await Promise.all(ranges.map(({ count }) => getSupplyPrice(client, { count })));
  return prices.reduce((sum, price) => sum + price, 0n);
}

const keyOf = ({ tensor, firstWord }: { readonly tensor: number | bigint; readonly firstWord: number | bigint }) =>
  `${tensor}/${firstWord}`;
