import {
  type Client,
  demandWords,
  type EventNamed,
  findEvents,
  getSupplyPrice,
  type MadeStatement,
  PayloadSide,
  type Statement,
  type Tensor,
  tensorByteLength,
} from "@opg-protocol/sdk";
import { type StatedTensor, statedPayloadRoot } from "@opg-protocol/sdk/onnx";
import { concat, getBytes } from "ethers";

import type { Call } from "../chain/Chain.ts";

const WORD = 32;
/** Most words of one demand. */
const MOST_WORDS = 1_024;

/** Words as a node has published them. */
type Supplied = EventNamed<"WordsSupplied">["args"]["supply"];

/** Words of one tensor that are demanded together. */
interface Range {
  readonly tensor: number;
  readonly firstWord: number;
  readonly count: number;
}

/** An input or output that nobody gives: what of it was demanded by an account, and what was supplied since. */
export class WithheldPayload {
  private constructor(
    private readonly statement: Statement,
    private readonly side: PayloadSide,
    /** By tensor and first word. */
    private readonly supplies: ReadonlyMap<string, Supplied>,
    private readonly demanded: ReadonlySet<string>,
  ) {}

  static async read(
    client: Client,
    { statement, statementId }: MadeStatement,
    side: PayloadSide,
    account: string,
    fromBlock: number,
  ): Promise<WithheldPayload> {
    const root = rootOf(statement, side);
    const demands = await findEvents(client, "disputes", "WordsDemanded", [statementId], fromBlock);
    const own = demands.filter(({ args }) => args.demand.payer === account && args.demand.root === root);
    const ids = own.map(({ args }) => args.demandId);
    const events = ids.length === 0 ? [] : await findEvents(client, "disputes", "WordsSupplied", [ids], fromBlock);
    const supplies = new Map(
      own.flatMap(({ args: { demandId, demand } }) => {
        const supplied = events.find(({ args }) => args.demandId === demandId);
        return supplied === undefined ? [] : [[keyOf(demand), supplied.args.supply] as const];
      }),
    );
    return new WithheldPayload(statement, side, supplies, new Set(own.map(({ args }) => keyOf(args.demand))));
  }

  /** Once all that was demanded is supplied: whole tensors where they are as the version says, and hashes elsewhere. */
  tensors(): readonly StatedTensor[] | undefined {
    const supplies = this.ranges().map((range) => this.supplies.get(keyOf(range)));
    const [first] = supplies;
    if (first === undefined || supplies.includes(undefined)) return undefined;
    const tensors = first.tensorRoots.map((root, tensor) => this.tensor(tensor) ?? { root });
    return statedPayloadRoot(tensors) === rootOf(this.statement, this.side) ? tensors : undefined;
  }

  /** What is still to be demanded. */
  calls(client: Client): readonly (Range & Call)[] {
    const { statement, side } = this;
    return this.ranges()
      .filter((range) => !this.demanded.has(keyOf(range)))
      .map((range) => ({ ...range, ...demandWords.call(client.addresses, { statement, side, ...range }) }));
  }

  /** The tensor at a place at which the version has one. */
  private tensor(place: number): StatedTensor | undefined {
    const parts = this.ranges().flatMap(
      (range) => (range.tensor === place ? this.supplies.get(keyOf(range)) : undefined) ?? [],
    );
    const [part] = parts;
    const spec = this.specs[place];
    if (part === undefined || spec === undefined) return undefined;
    const { dataRoot } = part;
    const [dtype, shape] = [Number(part.dtype), part.shape.map(Number)];
    if (dtype !== spec.dtype || String(shape) !== String(spec.shape)) return { dtype, shape, dataRoot };
    const data = getBytes(concat(parts.flatMap(({ words }) => words)));
    return { dtype, shape, data: data.slice(0, tensorByteLength({ dtype, shape })) };
  }

  private get specs(): readonly Pick<Tensor, "dtype" | "shape">[] {
    const { inputs, outputs } = this.statement.version;
    return this.side === PayloadSide.Input ? inputs : outputs;
  }

  private ranges(): readonly Range[] {
    return this.specs.flatMap((spec, tensor) => {
      const words = Math.ceil(tensorByteLength(spec) / WORD);
      return Array.from({ length: Math.ceil(words / MOST_WORDS) }, (_, i) => ({
        tensor,
        firstWord: i * MOST_WORDS,
        count: Math.min(MOST_WORDS, words - i * MOST_WORDS),
      }));
    });
  }
}

const rootOf = ({ inputRoot, outputRoot }: Statement, side: PayloadSide): string =>
  side === PayloadSide.Input ? inputRoot : outputRoot;

/** What several demands cost, OPG, base units. */
export async function priceOf(client: Client, ranges: readonly Pick<Range, "count">[]): Promise<bigint> {
  const prices = await Promise.all(ranges.map(({ count }) => getSupplyPrice(client, { count })));
  return prices.reduce((sum, price) => sum + price, 0n);
}

const keyOf = ({ tensor, firstWord }: { readonly tensor: number | bigint; readonly firstWord: number | bigint }) =>
  `${tensor}/${firstWord}`;
