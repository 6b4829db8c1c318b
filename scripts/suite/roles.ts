/** Who may do what: from the events of access managers and timelocks, and by asking them. */
import { id as idOf, Interface, ZeroAddress, ZeroHash, type LogDescription } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { GUARDIAN, PAUSER } from "../../deploy/modules/Guardian.ts";
import { isContract, type ContractStep, type DeploymentFile } from "./deploymentFile.ts";
import { eventsOf } from "./logs.ts";
import type { Replay } from "./replay.ts";

/** By subject what holds, such as "access: 0x… in role 0" and "is": two chains with the same facts have the same roles. */
export type Facts = ReadonlyMap<string, string>;

/** What an event says of which subject; nothing where it ends what was said. */
type Reading = readonly [subject: string, fact: string | undefined];

const field = ({ args, fragment }: LogDescription, name: string): string => {
  const index = fragment.inputs.findIndex((input) => input.name === name);
  return index < 0 ? "" : String(args[index]);
};
const at = ({ args }: LogDescription, index: number): string => String(args[index]);

const memberWith = (delay: string): string => (["", "0"].includes(delay) ? "yes" : `yes, with a delay of ${delay} s`);

/** AccessManager (numbered roles) and AccessControl (hashed ones) name alike what they tell alike. */
const READINGS: Readonly<Record<string, (event: LogDescription) => Reading>> = {
  RoleGranted: (event) => [`${at(event, 1)} in role ${at(event, 0)}`, memberWith(field(event, "delay"))],
  RoleRevoked: (event) => [`${at(event, 1)} in role ${at(event, 0)}`, undefined],
  RoleAdminChanged: (event) => [`admin of role ${at(event, 0)}`, field(event, "admin") || field(event, "newAdminRole")],
  RoleGuardianChanged: (event) => [`guardian of role ${at(event, 0)}`, field(event, "guardian")],
  RoleGrantDelayChanged: (event) => [`grant delay of role ${at(event, 0)}`, field(event, "delay")],
  TargetFunctionRoleUpdated: (event) => [`${at(event, 0)} ${at(event, 1)}`, `is for role ${at(event, 2)}`],
  TargetAdminDelayUpdated: (event) => [`admin delay of ${at(event, 0)}`, field(event, "delay")],
  TargetClosed: (event) => [at(event, 0), field(event, "closed") === "true" ? "is closed" : undefined],
};

/** Who may do everything that is restricted. */
export const ADMIN = 0n;

/** What roles must be once control is handed over; who the guardian is then, is the file's to leave open. */
export function afterHandover(deployed: Facts, now: Facts, { deployer, addresses }: DeploymentFile): Facts {
  const isDeployers = (subject: string) => subject.includes(`${deployer} in role`);
  const guardian = new RegExp(`^access: 0x\\w{40} in role ${GUARDIAN}$`);
  return new Map([
    ...[...deployed].filter(([subject]) => !isDeployers(subject)),
    [`access: ${addresses["timelock"] ?? ""} in role ${ADMIN}`, memberWith("0")],
    ...[...now].filter(([subject]) => guardian.test(subject) && !isDeployers(subject)),
  ]);
}

/** The contracts of a deployment that keep roles. */
export const roleKeepers = (file: DeploymentFile, { artifacts }: Pick<Replay, "artifacts">): ContractStep[] =>
  file.steps.filter(isContract).filter(({ contract }) => {
    const abi = artifacts[contract]?.abi;
    return abi !== undefined && new Interface(abi).getEvent("RoleGranted") !== null;
  });

/** What the events of a chain say about roles. */
export async function rolesOf(
  connection: NetworkConnection,
  keepers: readonly ContractStep[],
  { artifacts }: Pick<Replay, "artifacts">,
  from: number,
  to: number,
): Promise<Facts> {
  const facts = new Map<string, string>();
  for (const { key, contract, address } of keepers) {
    const abi = new Interface(artifacts[contract]?.abi ?? []);
    for (const event of await eventsOf(connection, { address, abi }, from, to)) {
      const reading = READINGS[event.name]?.(event);
      if (reading === undefined) continue;
      const [subject, fact] = reading;
      if (fact === undefined) facts.delete(`${key}: ${subject}`);
      else facts.set(`${key}: ${subject}`, fact);
    }
  }
  return facts;
}

/** Members whom the events name and the contract denies: the contract is asked, as nodes can withhold events. */
export async function deniedMembers(
  { ethers }: NetworkConnection,
  keepers: readonly ContractStep[],
  { artifacts }: Pick<Replay, "artifacts">,
  facts: Facts,
): Promise<string[]> {
  const denied: string[] = [];
  for (const subject of facts.keys()) {
    const [, key, account, role] = /^(\w+): (0x\w{40}) in role (\w+)$/.exec(subject) ?? [];
    const keeper = keepers.find((candidate) => candidate.key === key);
    if (keeper === undefined || account === undefined || role === undefined) continue;
    const abi = artifacts[keeper.contract]?.abi ?? [];
    const contract = new ethers.Contract(keeper.address, new Interface(abi), ethers.provider);
    const [isMember] = [await contract.getFunction("hasRole")(role, account)].flat() as unknown[];
    if (isMember !== true) denied.push(subject);
  }
  return denied;
}

/** Roles by their names instead of numbers and hashes. */
const ROLE_NAMES: Readonly<Record<string, string>> = {
  [String(ADMIN)]: "ADMIN",
  [String(GUARDIAN)]: "GUARDIAN",
  [String(PAUSER)]: "PAUSER",
  [ZeroHash]: "ADMIN",
  ...Object.fromEntries(["PROPOSER", "CANCELLER", "EXECUTOR"].map((role) => [idOf(`${role}_ROLE`), role])),
};

/** For people: accounts, roles and functions by the names that they have in the deployment. */
export function readable(text: string, file: DeploymentFile, { artifacts }: Pick<Replay, "artifacts">): string {
  const names = new Map([
    ...Object.entries(file.addresses).map(([key, address]) => [address, key] as const),
    [file.deployer, `deployer ${file.deployer}`],
    [ZeroAddress, "anyone"],
  ]);
  const functions = new Map(
    Object.values(artifacts).flatMap(({ abi }) => {
      const shape = new Interface(abi);
      return shape.fragments.flatMap((fragment) => {
        const method = fragment.type === "function" ? shape.getFunction(fragment.format()) : null;
        return method === null ? [] : [[method.selector, method.name] as const];
      });
    }),
  );
  return text
    .replace(/role (\w+)/g, (whole, role: string) => `role ${ROLE_NAMES[role] ?? whole}`)
    .replace(/0x\w{40}\b/g, (address) => names.get(address) ?? address)
    .replace(/\b0x\w{8}\b/g, (selector) => functions.get(selector) ?? selector)
    .replace(/ yes$/, "");
}
