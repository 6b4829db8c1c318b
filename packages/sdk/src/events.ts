import type { Interface, LogParams, ParamType, Result, TransactionReceipt } from "ethers";

import type { AccessManagerAbi } from "./abi/AccessManager.ts";
import type { AuditRosterAbi } from "./abi/AuditRoster.ts";
import type { DisputeGameAbi } from "./abi/DisputeGame.ts";
import type { DistributionAbi } from "./abi/Distribution.ts";
import type { InferenceMarketplaceAbi } from "./abi/InferenceMarketplace.ts";
import type { InferenceSessionsAbi } from "./abi/InferenceSessions.ts";
import type { JobChainAbi } from "./abi/JobChain.ts";
import type { JobSchedulerAbi } from "./abi/JobScheduler.ts";
import type { MandatesAbi } from "./abi/Mandates.ts";
import type { JobRelayAbi } from "./abi/JobRelay.ts";
import type { ModelRegistryAbi } from "./abi/ModelRegistry.ts";
import type { NodeStakingAbi } from "./abi/NodeStaking.ts";
import type { OPGGovernorAbi } from "./abi/OPGGovernor.ts";
import type { OPGTimelockAbi } from "./abi/OPGTimelock.ts";
import type { OPGTokenAbi } from "./abi/OPGToken.ts";
import type { OptimisticMarketplaceAbi } from "./abi/OptimisticMarketplace.ts";
import type { PauseGuardianAbi } from "./abi/PauseGuardian.ts";
import type { PriceBookAbi } from "./abi/PriceBook.ts";
import type { ReceiptBookAbi } from "./abi/ReceiptBook.ts";
import type { ResultCommitmentsAbi } from "./abi/ResultCommitments.ts";
import type { Addresses } from "./addresses.ts";
import { interfaces } from "./contracts.ts";
import { EventMissingError } from "./errors/faults.ts";

interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly AbiParameter[];
}

/** What ethers makes of a value of an ABI type. */
type Value<Type extends string, Parameter extends AbiParameter> = Type extends `${infer Element}[]`
  ? readonly Value<Element, Parameter>[]
  : Type extends "tuple"
    ? Parameter["components"] extends readonly AbiParameter[]
      ? Fields<Parameter["components"]>
      : never
    : Type extends "bool"
      ? boolean
      : Type extends `${"uint" | "int"}${number}`
        ? bigint
        : string;

type Fields<Parameters extends readonly AbiParameter[]> = {
  readonly [P in Parameters[number] as P["name"]]: Value<P["type"], P>;
};

/** The bindings narrow names to one contract; here the contract is not known before the log is. */
const fragments: Readonly<Record<keyof Addresses, Interface>> = interfaces;

/** Where a log stands. */
export interface LogPosition {
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly logIndex: number;
}

type EventsOf<Contract extends keyof Addresses, Abi extends readonly unknown[]> = Abi[number] extends infer Item
  ? Item extends { readonly type: "event"; readonly name: infer Name; readonly inputs: infer Inputs }
    ? Inputs extends readonly AbiParameter[]
      ? LogPosition & { readonly contract: Contract; readonly name: Name; readonly args: Fields<Inputs> }
      : never
    : never
  : never;

/** An event of the protocol; `contract` and `name` tell which, and with that the type of `args`. */
export type ProtocolEvent =
  | EventsOf<"token", typeof OPGTokenAbi>
  | EventsOf<"access", typeof AccessManagerAbi>
  | EventsOf<"mandates", typeof MandatesAbi>
  | EventsOf<"scheduler", typeof JobSchedulerAbi>
  | EventsOf<"jobChain", typeof JobChainAbi>
  | EventsOf<"registry", typeof ModelRegistryAbi>
  | EventsOf<"staking", typeof NodeStakingAbi>
  | EventsOf<"commitments", typeof ResultCommitmentsAbi>
  | EventsOf<"disputes", typeof DisputeGameAbi>
  | EventsOf<"auditRoster", typeof AuditRosterAbi>
  | EventsOf<"optimistic", typeof OptimisticMarketplaceAbi>
  | EventsOf<"receipts", typeof ReceiptBookAbi>
  | EventsOf<"sessions", typeof InferenceSessionsAbi>
  | EventsOf<"prices", typeof PriceBookAbi>
  | EventsOf<"market", typeof InferenceMarketplaceAbi>
  | EventsOf<"relay", typeof JobRelayAbi>
  | EventsOf<"timelock", typeof OPGTimelockAbi>
  | EventsOf<"governor", typeof OPGGovernorAbi>
  | EventsOf<"pauseGuardian", typeof PauseGuardianAbi>
  | EventsOf<"distribution", typeof DistributionAbi>;

/** The name of an event of the protocol. */
export type EventName = ProtocolEvent["name"];

/** The events of this name; two contracts can share one. */
export type EventNamed<Name extends EventName> = Extract<ProtocolEvent, { readonly name: Name }>;

/** A log as RPC and indexers give it. */
export type RawLog = Pick<
  LogParams,
  "address" | "topics" | "data" | "blockNumber" | "blockHash" | "transactionHash"
> & {
  readonly index: number;
};

/**
 * What a log says. Pure.
 * @returns undefined for logs that no contract of this deployment has emitted: anybody can emit look-alikes.
 */
export function parseLog(addresses: Addresses, log: RawLog): ProtocolEvent | undefined {
  const address = log.address.toLowerCase();
  const contract = (Object.keys(fragments) as (keyof Addresses)[]).find(
    (name) => addresses[name].toLowerCase() === address,
  );
  if (contract === undefined) return undefined;
  const parsed = fragments[contract].parseLog(log);
  if (parsed === null) return undefined;
  const { blockNumber, blockHash, transactionHash, index } = log;
  const args = fieldsOf(parsed.fragment.inputs, parsed.args);
  return {
    contract,
    name: parsed.name,
    args,
    blockNumber,
    blockHash,
    transactionHash,
    logIndex: index,
  } as ProtocolEvent;
}

/** ethers' results are arrays with names; entities are plain objects. */
function fieldsOf(inputs: readonly ParamType[], values: Result): Record<string, unknown> {
  return Object.fromEntries(inputs.map((input, i) => [input.name, plain(input, values[i])]));
}

function plain(type: ParamType, value: unknown): unknown {
  const { components, arrayChildren } = type;
  if (arrayChildren !== null) return Array.from(value as Result, (element) => plain(arrayChildren, element));
  return components === null ? value : fieldsOf(components, value as Result);
}

/** The first topics of events of these names, whichever contracts have them, each once. */
export function topicsOf(names: readonly EventName[]): string[] {
  const contracts = Object.values(fragments);
  const topics = names.flatMap((name) => contracts.flatMap((contract) => contract.getEvent(name)?.topicHash ?? []));
  return [...new Set(topics)];
}

/** A transaction that is in a block, and what it did. */
export interface Mined {
  readonly transactionHash: string;
  readonly blockNumber: number;
  /** Gas units. */
  readonly gasUsed: bigint;
  /** The protocol's events in it, in their order. */
  readonly events: readonly ProtocolEvent[];
}

/** What a receipt says of a deployment. Pure. */
export function readReceipt(addresses: Addresses, { hash, blockNumber, gasUsed, logs }: TransactionReceipt): Mined {
  const events = logs.map((log) => parseLog(addresses, log)).filter((event) => event !== undefined);
  return { transactionHash: hash, blockNumber, gasUsed, events };
}

/**
 * The first event of this name in a transaction.
 * @throws EventMissingError if there is none.
 */
export function eventIn<Name extends EventName>({ events, transactionHash }: Mined, name: Name): EventNamed<Name> {
  const found = events.find((event): event is EventNamed<Name> => event.name === name);
  if (found === undefined) throw new EventMissingError(name, transactionHash);
  return found;
}

/** All events of this name in a transaction, in their order. */
export const eventsIn = <Name extends EventName>({ events }: Pick<Mined, "events">, name: Name): EventNamed<Name>[] =>
  events.filter((event): event is EventNamed<Name> => event.name === name);
