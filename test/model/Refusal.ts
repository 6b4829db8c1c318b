import type { AbiValue } from "../../packages/sdk/src/codecs/abi.ts";

/** What the model answers where a contract is to revert: the error's name and its arguments. */
export class Refusal extends Error {
  constructor(
    readonly error: string,
    readonly args: readonly AbiValue[],
  ) {
    super(`${error}(${args.join(", ")})`);
    this.name = "Refusal";
  }
}

/** Refuses unless `allowed`. */
export function demand(allowed: boolean, error: string, ...args: readonly AbiValue[]): asserts allowed {
  if (!allowed) throw new Refusal(error, args);
}
