import { type Addresses, type Client, CONTRACTS } from "@opg-protocol/sdk";
import type { Interface, ParamType } from "ethers";

import type { ProposedCall } from "../../entities/proposals.ts";
import { sameId } from "../../entities/sameId.ts";

/** A value that a call gives. */
export interface DecodedArgument {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** What a call does, by the ABI of the contract that it calls. */
export interface DecodedCall {
  readonly contract: keyof Addresses;
  readonly functionName: string;
  readonly arguments: readonly DecodedArgument[];
  /** The calls in it, where it makes several at once. */
  readonly inner: readonly InnerCall[];
}

/** A call within another, decoded if it is of the deployment. */
export interface InnerCall {
  readonly call: ProposedCall;
  readonly decoded: DecodedCall | undefined;
}

/** Calls can hold calls; nobody reads deeper than this. */
const MOST_DEPTH = 3;

/** What a call does; undefined if it is of no contract of the deployment, or of no function that is known. */
export function decodeCall(client: Client, call: ProposedCall, depth = 0): DecodedCall | undefined {
  const contract = CONTRACTS.find((name) => sameId(client.addresses[name], call.to));
  if (contract === undefined) return undefined;
  const abi: Interface = client[contract].interface;
  const parsed = parse(abi, call.data);
  if (parsed === undefined) return undefined;
  const values: readonly unknown[] = parsed.args.toArray();
  const shown = parsed.inputs.map((input, i) => ({ name: input.name, type: input.type, text: textOf(values[i]) }));
  const inner = depth < MOST_DEPTH ? innerCalls(client, call.to, parsed.name, values, depth) : [];
  return { contract, functionName: parsed.name, arguments: shown, inner };
}

function parse(abi: Interface, data: string) {
  try {
    const found = abi.parseTransaction({ data });
    if (found === null) return undefined;
    const inputs: readonly ParamType[] = found.fragment.inputs;
    return { name: found.name, inputs, args: found.args };
  } catch {
    // Bytes that begin like a call and are none.
    return undefined;
  }
}

/** What `multicall` and `execute` of the access manager do. */
function innerCalls(
  client: Client,
  to: string,
  name: string,
  values: readonly unknown[],
  depth: number,
): readonly InnerCall[] {
  const [first, second] = values;
  const calls: ProposedCall[] = [];
  if (name === "multicall" && isList(first)) {
    calls.push(...first.filter((data) => typeof data === "string").map((data) => ({ to, data, value: 0n })));
  }
  if (name === "execute" && typeof first === "string" && typeof second === "string") {
    calls.push({ to: first, data: second, value: 0n });
  }
  return calls.map((call) => ({ call, decoded: decodeCall(client, call, depth + 1) }));
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A decoded value as text. */
function textOf(value: unknown): string {
  if (isList(value)) return `[${value.map(textOf).join(", ")}]`;
  return typeof value === "string" ? value : String(value);
}
