import { id, ZeroHash } from "ethers";

import type { EventIndex } from "../history/EventIndex.ts";

/** Who has a role, since when, and by which transaction. */
export interface RoleMember {
  readonly account: string;
  /** Seconds that its calls wait. */
  readonly delay: number;
  /** Unix seconds. */
  readonly since: number;
  readonly tx: string;
}

/** What members of a role may call. */
export interface RoleFunction {
  readonly target: string;
  readonly selector: string;
}

/** A role of the access manager or of the timelock. */
export interface Role {
  readonly contract: "access" | "timelock";
  readonly id: string;
  readonly name: string;
  readonly members: readonly RoleMember[];
  /** Of the access manager: what was given to it, function by function. The admin may call all else that is restricted. */
  readonly functions: readonly RoleFunction[];
}

const ADMIN = 0n;
/** Everybody has it. */
const PUBLIC = 2n ** 64n - 1n;

const TIMELOCK_ROLES: readonly (readonly [id: string, name: string])[] = [
  [ZeroHash, "Admin"],
  [id("PROPOSER_ROLE"), "Proposer"],
  [id("EXECUTOR_ROLE"), "Executor"],
  [id("CANCELLER_ROLE"), "Canceller"],
];

/** The roles of the access manager, the admin first. */
export function accessRolesOf(index: EventIndex): readonly Role[] {
  const labels = new Map(index.named("RoleLabel").map(({ args }) => [args.roleId, args.label]));
  const members = new Map<bigint, Map<string, RoleMember>>();
  for (const event of index.named("RoleGranted", "RoleRevoked")) {
    if (event.contract !== "access") continue;
    const { roleId, account } = event.args;
    const of = members.get(roleId) ?? new Map<string, RoleMember>();
    members.set(roleId, of);
    if (event.name === "RoleRevoked") of.delete(account);
    else {
      const since = event.args.newMember ? Number(event.args.since) : (of.get(account)?.since ?? event.timestamp);
      of.set(account, { account, delay: Number(event.args.delay), since, tx: event.transactionHash });
    }
  }
  const functions = functionsOf(index);
  const ids = new Set([ADMIN, ...members.keys(), ...functions.keys(), ...labels.keys()]);
  return [...ids]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((roleId) => ({
      contract: "access",
      id: String(roleId),
      name: roleId === ADMIN ? "ADMIN" : roleId === PUBLIC ? "PUBLIC" : (labels.get(roleId) ?? `Role ${roleId}`),
      members: [...(members.get(roleId)?.values() ?? [])],
      functions: functions.get(roleId) ?? [],
    }));
}

/** The roles of the timelock. */
export function timelockRolesOf(index: EventIndex): readonly Role[] {
  const members = new Map<string, Map<string, RoleMember>>();
  for (const event of index.named("RoleGranted", "RoleRevoked")) {
    if (event.contract !== "timelock") continue;
    const { role, account } = event.args;
    const of = members.get(role) ?? new Map<string, RoleMember>();
    members.set(role, of);
    if (event.name === "RoleRevoked") of.delete(account);
    else of.set(account, { account, delay: 0, since: event.timestamp, tx: event.transactionHash });
  }
  return TIMELOCK_ROLES.map(([role, name]) => ({
    contract: "timelock",
    id: role,
    name,
    members: [...(members.get(role)?.values() ?? [])],
    functions: [],
  }));
}

/** Functions by the role that they were last given to. */
function functionsOf(index: EventIndex): ReadonlyMap<bigint, readonly RoleFunction[]> {
  const last = new Map<string, { readonly roleId: bigint; readonly call: RoleFunction }>();
  for (const { args } of index.named("TargetFunctionRoleUpdated")) {
    const { target, selector, roleId } = args;
    last.set(`${target} ${selector}`, { roleId, call: { target, selector } });
  }
  const byRole = Map.groupBy(last.values(), ({ roleId }) => roleId);
  return new Map([...byRole].map(([roleId, given]) => [roleId, given.map(({ call }) => call)]));
}

/** What the page says of who controls the deployment. */
export function controlOf(index: EventIndex, timelock: string): "votes" | "accounts" {
  const admins = accessRolesOf(index).find(({ id }) => id === String(ADMIN))?.members ?? [];
  const isHandedOver = admins.length > 0 && admins.every(({ account }) => account === timelock);
  return isHandedOver ? "votes" : "accounts";
}
