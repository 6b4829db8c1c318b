import { AbiCoder, dataSlice, decodeBytes32String, ErrorFragment, isHexString } from "ethers";

import { formatOpg } from "../amounts.ts";
import { JobState } from "../codecs/job.ts";
import { catalogue } from "./catalogue.ts";
import { dependencies } from "./dependencies.ts";
import type { ErrorEntry, Unit } from "./entry.ts";

/** What a contract said when it refused a call. */
export interface DecodedError {
  readonly name: string;
  /** By name, as ethers decodes them: integers as `bigint`, addresses and bytes as hex strings. */
  readonly args: Readonly<Record<string, string | bigint>>;
  /** What happened, with the values. */
  readonly sentence: string;
  /** What to do next; names in it are those of `args`. */
  readonly fix: string;
  /** Where this error is described, from the root of the repository. */
  readonly docs: string;
}

interface KnownError {
  readonly fragment: ErrorFragment;
  readonly entry: ErrorEntry;
}

const known = new Map<string, KnownError>();

function knownBySelector(selector: string): KnownError | undefined {
  if (known.size === 0) {
    for (const entry of [...Object.values(catalogue), ...dependencies]) {
      const fragment = ErrorFragment.from(`error ${entry.signature}`);
      known.set(fragment.selector, { fragment, entry });
    }
  }
  return known.get(selector);
}

/** Where libraries and chains hide the bytes of a revert. Not in this list: `transaction`, which holds bytes of the call. */
const WRAPPERS = ["data", "raw", "error", "info", "cause", "body"] as const;
const MOST_NESTING = 8;

/**
 * The custom error inside whatever was thrown: errors of ethers and viem, errors of JSON-RPC in any nesting (geth, Hardhat,
 * anvil, wallets, HTTP bodies), or the bytes of the revert themselves.
 * @returns undefined if there is no error in it that the protocol knows.
 */
export function decodeSuiteError(thrown: unknown): DecodedError | undefined {
  for (const data of revertData(thrown, MOST_NESTING)) {
    const decoded = decodeData(data);
    if (decoded !== undefined) return decoded;
  }
  return undefined;
}

function* revertData(thrown: unknown, depth: number): Generator<string> {
  if (depth === 0) return;
  if (typeof thrown === "string") {
    const data = /^\D*(0x[0-9a-fA-F]{8,})$/.exec(thrown)?.[1];
    if (data !== undefined) yield data;
    else yield* revertData(parseJson(thrown), depth - 1);
  } else if (typeof thrown === "object" && thrown !== null) {
    const fields = thrown as Readonly<Record<string, unknown>>;
    for (const wrapper of WRAPPERS) yield* revertData(fields[wrapper], depth - 1);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeData(data: string): DecodedError | undefined {
  if (!isHexString(data) || data.length % 2 !== 0) return undefined;
  const found = knownBySelector(dataSlice(data, 0, 4));
  if (found === undefined) return undefined;
  const values = decodeValues(found.fragment, data);
  if (values === undefined) return undefined;

  const { name, inputs } = found.fragment;
  const { units, notice, fix } = found.entry;
  const named = inputs.map((input, i) => [input.name, values[i] ?? ""] as const);
  const shown = named.map(([parameter, value]) => `${parameter} ${show(value, units[parameter])}`).join(", ");
  const sentence = shown === "" ? notice : `${notice.replace(/\.$/, "")} (${shown}).`;
  return { name, args: Object.fromEntries(named), sentence, fix, docs: `docs/errors.md#${name}` };
}

function decodeValues(fragment: ErrorFragment, data: string): readonly (string | bigint)[] | undefined {
  try {
    return Array.from(AbiCoder.defaultAbiCoder().decode(fragment.inputs, dataSlice(data, 4))) as (string | bigint)[];
  } catch {
    return undefined; // another error with the same selector, or bytes that are no error at all
  }
}

const STATES: readonly string[] = Object.keys(JobState);
/** The last second that JavaScript has a date for. */
const LAST_DATE = 8_640_000_000_000n;

function show(value: string | bigint, unit: Unit | undefined): string {
  if (typeof value === "string") return unit === "text" ? decodeText(value) : value;
  switch (unit) {
    case "OPG":
      return `${formatOpg(value)} OPG`;
    case "time":
      return value === 0n || value > LAST_DATE ? value.toString() : new Date(Number(value) * 1000).toISOString();
    case "seconds":
      return `${value.toString()} s`;
    case "state":
      return STATES[Number(value)] ?? value.toString();
    default:
      return value.toString();
  }
}

function decodeText(word: string): string {
  try {
    return decodeBytes32String(word);
  } catch {
    return word;
  }
}
