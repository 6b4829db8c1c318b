import type { Addresses } from "../addresses.ts";
import type { Client } from "../client.ts";
import { type Mined, readReceipt } from "../events.ts";
import { sendCall } from "./send.ts";

/** A call of a contract, ready for whoever signs and sends. */
export interface Call {
  readonly to: string;
  /** Calldata, hex. */
  readonly data: string;
}

/**
 * One call of one contract. Called as a function, it sends a transaction from the client's account, waits until that is
 * in a block, and gives what its events say.
 */
export interface Action<Arguments, Result, Given> {
  (client: Client, parameters: Given): Promise<Mined & Result>;
  /**
   * The same call unsigned, for callers with a sender of their own. Reads nothing and sends nothing, so what the action
   * would look up must be given.
   */
  readonly call: (addresses: Addresses, parameters: Arguments) => Call;
  /** What the events of a transaction with this call say; `readReceipt` makes `mined` of a receipt. */
  readonly result: (mined: Mined) => Result;
}

interface Steps<Arguments, Result, Given> {
  /** Finds out, or does first, what the call needs beyond what was given. */
  readonly prepare?: (client: Client, given: Given) => Promise<NoInfer<Arguments>>;
  readonly result?: (mined: Mined) => Result;
}

/** Makes an action of the function that encodes its call. */
export function action<Arguments, Result extends object = object, Given = Arguments>(
  contract: keyof Addresses,
  encode: (parameters: Arguments) => string,
  steps: Steps<Arguments, Result, Given> = {},
): Action<Arguments, Result, Given> {
  // Without a step, `Given` is inferred to be `Arguments`, and `Result` to be any object.
  const prepare = steps.prepare ?? ((_client, given) => Promise.resolve(given as unknown as Arguments));
  const result = steps.result ?? (() => ({}) as Result);
  const call = (addresses: Addresses, parameters: Arguments): Call => ({
    to: addresses[contract],
    data: encode(parameters),
  });
  const perform = async (client: Client, given: Given): Promise<Mined & Result> => {
    const receipt = await sendCall(client, call(client.addresses, await prepare(client, given)));
    const mined = readReceipt(client.addresses, receipt);
    return { ...mined, ...result(mined) };
  };
  return Object.assign(perform, { call, result });
}
