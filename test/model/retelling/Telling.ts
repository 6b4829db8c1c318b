import type { TypedContractEvent } from "../../../typechain-types/common.ts";
import { type ContractName, INTERFACES, type View } from "../views.ts";

/** Where in the chain an event stands. */
export interface Moment {
  readonly time: number;
  readonly block: number;
}

/** The arguments of an event, by the names that the bindings give them. */
type ArgumentsOf<E> = E extends TypedContractEvent<never, never, infer Names> ? Names : never;

/** What to do at which event of a contract. */
export type Hears<C extends { readonly filters: object }> = {
  readonly [Name in keyof C["filters"] as Name extends `${string}(${string}` ? never : Name]?: (
    args: ArgumentsOf<C["filters"][Name]>,
    at: Moment,
  ) => void;
};

/** Rebuilds the state of one contract from what is heard, and says what its getters must give. */
export interface Telling {
  readonly hears: object;
  answers(now: number): readonly View[];
}

/** What a getter gives if it gives these values. */
export const answer = (contract: ContractName, method: string, args: View["args"], ...values: unknown[]): View => ({
  contract,
  method,
  args,
  expected: INTERFACES[contract].encodeFunctionResult(method, values),
});

/** For an event that tells what happened, and of no state beyond that of other events. */
export const changesNothing = (): void => undefined;

/** A value over time. */
export class History {
  private readonly values = new Map<number, bigint>();

  set(time: number, value: bigint): void {
    if (value !== this.present) this.values.set(time, value);
  }

  get present(): bigint {
    return [...this.values.values()].at(-1) ?? 0n;
  }

  at(time: number): bigint {
    return [...this.values].findLast(([since]) => since <= time)?.[1] ?? 0n;
  }

  /** The first second of each value, and the last one before it. */
  get edges(): number[] {
    return [...this.values.keys()].flatMap((since) => [since - 1, since]);
  }
}
