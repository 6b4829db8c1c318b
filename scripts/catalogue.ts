import { readFile } from "node:fs/promises";

import { EventFragment, type JsonFragment } from "ethers";
import { artifacts } from "hardhat";

import type { ErrorEntry, Unit } from "../packages/sdk/src/errors/entry.ts";

interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
}

interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
}

/** What solc says of a contract, as far as errors and events go. Both are keyed by their canonical signature. */
interface ContractOutput {
  readonly abi: readonly AbiItem[];
  readonly userdoc?: {
    readonly errors?: Readonly<Record<string, readonly { readonly notice?: string }[]>>;
    readonly events?: Readonly<Record<string, { readonly notice?: string }>>;
  };
  readonly devdoc?: { readonly errors?: Readonly<Record<string, readonly { readonly "custom:fix"?: string }[]>> };
}

interface BuildInfoOutput {
  readonly output: { readonly contracts?: Readonly<Record<string, Readonly<Record<string, ContractOutput>>>> };
}

/** What is known of an event. */
export interface EventEntry {
  /** As in Solidity, without the word `event`. */
  readonly signature: string;
  /** When it is emitted, and what it says. */
  readonly notice: string;
}

const OURS = /^project\/contracts\/(?!test\/)/;
/** What is deployed, and not what it inherits. */
const DEPLOYED = /^project\/contracts\/[^/]+\.sol$/;
const DEPENDENCY = /^npm\//;

/** The errors that our contracts declare, by name. Fails for those that do not say what happened and what to do. */
export async function errorsOfContracts(): Promise<Record<string, ErrorEntry>> {
  const contracts = await compiledContracts();
  const foreign = new Set(contracts.filter(([source]) => DEPENDENCY.test(source)).flatMap(([, c]) => signatures(c)));

  const entries = new Map<string, ErrorEntry>();
  const undocumented = new Set<string>();
  for (const [source, contract] of contracts) {
    if (!OURS.test(source)) continue;
    for (const { name = "", inputs = [] } of errorsOf(contract)) {
      const signature = canonical(name, inputs);
      if (foreign.has(signature)) continue;
      const notice = contract.userdoc?.errors?.[signature]?.[0]?.notice;
      const fix = contract.devdoc?.errors?.[signature]?.[0]?.["custom:fix"];
      if (notice === undefined || fix === undefined) undocumented.add(`${signature} in ${source}`);
      else entries.set(name, entryOf(name, inputs, notice.trim(), fix.trim()));
    }
  }
  if (undocumented.size > 0) {
    throw new Error(`Give these errors a @notice and a @custom:fix:\n${[...undocumented].join("\n")}`);
  }
  return Object.fromEntries([...entries].sort(([a], [b]) => a.localeCompare(b, "en")));
}

/** The events that each of our contracts declares, by contract, then in the order of the ABI. Fails for those without a notice. */
export async function eventsOfContracts(): Promise<Record<string, EventEntry[]>> {
  const contracts = await compiledContracts();
  const foreign = new Set(contracts.filter(([source]) => DEPENDENCY.test(source)).flatMap(([, c]) => topicsOf(c)));
  const undocumented: string[] = [];
  const entries = contracts.flatMap(([source, contract]) => {
    if (!DEPLOYED.test(source)) return [];
    const ours = eventsOf(contract).filter(({ topicHash }) => !foreign.has(topicHash));
    const documented = ours.map((event) => {
      const notice = contract.userdoc?.events?.[event.format("sighash")]?.notice?.trim();
      if (notice === undefined) undocumented.push(`${event.format("sighash")} in ${source}`);
      return { signature: event.format("full").replace(/^event /, ""), notice: notice ?? "" };
    });
    const name = /([^/]+)\.sol$/.exec(source)?.[1] ?? source;
    return documented.length === 0 ? [] : [[name, documented] as const];
  });
  if (undocumented.length > 0) throw new Error(`Give these events a @notice:\n${undocumented.join("\n")}`);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, "en")));
}

async function compiledContracts(): Promise<[source: string, ContractOutput][]> {
  const contracts: [string, ContractOutput][] = [];
  for (const id of await artifacts.getAllBuildInfoIds()) {
    const path = await artifacts.getBuildInfoOutputPath(id);
    if (path === undefined) throw new Error(`Build info ${id} has no output: run \`hardhat build --force\``);
    const { output } = JSON.parse(await readFile(path, "utf8")) as BuildInfoOutput;
    for (const [source, named] of Object.entries(output.contracts ?? {})) {
      for (const contract of Object.values(named)) contracts.push([source, contract]);
    }
  }
  return contracts;
}

const errorsOf = ({ abi }: ContractOutput) => abi.filter(({ type }) => type === "error");

const eventsOf = ({ abi }: ContractOutput) =>
  abi.filter(({ type }) => type === "event").map((item) => EventFragment.from(item as JsonFragment));

const topicsOf = (contract: ContractOutput) => eventsOf(contract).map(({ topicHash }) => topicHash);

const signatures = (contract: ContractOutput) =>
  errorsOf(contract).map(({ name = "", inputs = [] }) => canonical(name, inputs));

const canonical = (name: string, inputs: readonly AbiParameter[]) =>
  `${name}(${inputs.map(({ type }) => type).join(",")})`;

function entryOf(name: string, inputs: readonly AbiParameter[], notice: string, fix: string): ErrorEntry {
  const units = inputs.flatMap((input) => {
    const unit = unitOf(input, `${notice} ${fix}`);
    return unit === undefined ? [] : [[input.name, unit] as const];
  });
  const parameters = inputs.map((input) => `${input.type} ${input.name}`).join(", ");
  return { signature: `${name}(${parameters})`, units: Object.fromEntries(units), notice, fix };
}

/** The house rules for names say it for times; for amounts, the text does. */
function unitOf({ name, type, internalType }: AbiParameter, text: string): Unit | undefined {
  if (internalType === "enum JobState") return "state";
  if (type === "bytes32" && (name === "field" || name === "parameter")) return "text";
  if (!type.startsWith("uint") || /(Id|Block|Bps)$/.test(name)) return undefined;
  if (/(At|Until)$/.test(name)) return "time";
  if (name.endsWith("Period")) return "seconds";
  if (text.includes("(OPG, base units)")) return "OPG";
  return text.includes("(unix seconds)") ? "time" : undefined;
}
