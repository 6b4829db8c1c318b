import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { id } from "ethers";

import { accessRolesOf, controlOf, timelockRolesOf } from "../../src/entities/roles.ts";
import { EventIndex } from "../../src/history/EventIndex.ts";
import { address, event, hash, timeOf } from "../support/events.ts";

const [DEPLOYER, TIMELOCK, GUARDIAN, GOVERNOR] = [address(1), address(2), address(3), address(4)];

const granted = (roleId: bigint, account: string, block: number) =>
  event(
    "RoleGranted",
    "access",
    { roleId, account, delay: 0n, since: BigInt(timeOf(block)), newMember: true },
    { block },
  );
const revoked = (roleId: bigint, account: string, block: number) =>
  event("RoleRevoked", "access", { roleId, account }, { block });
const timelockGranted = (role: string, account: string, block: number) =>
  event("RoleGranted", "timelock", { role, account, sender: DEPLOYER }, { block });

describe("accessRolesOf", () => {
  it("knows who has which role, what it is called, and what it may call", () => {
    const [admin, guardian] = accessRolesOf(
      EventIndex.of([
        granted(0n, DEPLOYER, 1),
        event("RoleLabel", "access", { roleId: 1n, label: "GUARDIAN" }, { block: 2 }),
        granted(1n, GUARDIAN, 3),
        event(
          "TargetFunctionRoleUpdated",
          "access",
          { target: TIMELOCK, selector: "0x12345678", roleId: 2n },
          { block: 4 },
        ),
        event(
          "TargetFunctionRoleUpdated",
          "access",
          { target: TIMELOCK, selector: "0x12345678", roleId: 1n },
          { block: 5 },
        ),
      ]),
    );
    assert.deepEqual(admin?.members, [{ account: DEPLOYER, delay: 0, since: timeOf(1), tx: hash("block 1") }]);
    assert.equal(guardian?.name, "GUARDIAN");
    assert.deepEqual(guardian.functions, [{ target: TIMELOCK, selector: "0x12345678" }]);
  });

  it("forgets who has lost a role", () => {
    const [admin] = accessRolesOf(EventIndex.of([granted(0n, DEPLOYER, 1), revoked(0n, DEPLOYER, 2)]));
    assert.deepEqual(admin?.members, []);
  });
});

describe("timelockRolesOf", () => {
  it("does not mix its roles with those of the access manager", () => {
    const roles = timelockRolesOf(
      EventIndex.of([
        granted(0n, DEPLOYER, 1),
        timelockGranted(id("PROPOSER_ROLE"), GOVERNOR, 2),
        timelockGranted(id("CANCELLER_ROLE"), DEPLOYER, 2),
        event(
          "RoleRevoked",
          "timelock",
          { role: id("CANCELLER_ROLE"), account: DEPLOYER, sender: DEPLOYER },
          { block: 3 },
        ),
      ]),
    );
    assert.deepEqual(
      roles.map(({ name, members }) => [name, members.map(({ account }) => account)]),
      [
        ["Admin", []],
        ["Proposer", [GOVERNOR]],
        ["Executor", []],
        ["Canceller", []],
      ],
    );
  });
});

describe("controlOf", () => {
  it("is by votes once the timelock alone is admin", () => {
    const both = [granted(0n, DEPLOYER, 1), granted(0n, TIMELOCK, 2)];
    assert.equal(controlOf(EventIndex.EMPTY, TIMELOCK), "accounts");
    assert.equal(controlOf(EventIndex.of(both), TIMELOCK), "accounts");
    assert.equal(controlOf(EventIndex.of([...both, revoked(0n, DEPLOYER, 3)]), TIMELOCK), "votes");
  });
});
