import { type Addresses, type Client, CONTRACTS } from "@opg-protocol/sdk";
import type { Interface } from "ethers";
import type { ReactNode } from "react";

import { accessRolesOf, type Role, type RoleFunction, timelockRolesOf } from "../../entities/roles.ts";
import { sameId } from "../../entities/sameId.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useNetwork } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";
import { isEverybody } from "./isEverybody.ts";

const COLUMNS: readonly Column<Role>[] = [
  { key: "contract", title: "Contract", render: ({ contract }) => <code>{contract}</code> },
  { key: "name", title: "Role", render: ({ name }) => <ForeignText text={name} max={40} /> },
  { key: "members", title: "Who has it", render: (role) => <Members role={role} /> },
  { key: "functions", title: "What it may do", render: (role) => <Functions role={role} /> },
];

/** Who may do what nobody else may. */
export function Roles(): ReactNode {
  const access = useEntities(accessRolesOf);
  const timelock = useEntities(timelockRolesOf);
  return (
    <DataTable
      caption="Roles and who has them"
      columns={COLUMNS}
      rows={[...access, ...timelock]}
      rowKey={({ contract, id }) => `${contract} ${id}`}
      empty=""
    />
  );
}

function Members({ role }: { readonly role: Role }): ReactNode {
  if (role.members.length === 0) return "nobody";
  return (
    <ul className="plain-list">
      {role.members.map(({ account, delay, since, tx }) => (
        <li key={account}>
          {isEverybody(role, account) ? "everybody" : <AddressLink address={account} />} since{" "}
          <Time at={since} tx={tx} />
          {delay > 0 && (
            <>
              , calls wait <Duration seconds={delay} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const TIMELOCK_POWERS: Readonly<Record<string, string>> = {
  Admin: "gives and takes roles of the timelock",
  Proposer: "queues calls",
  Executor: "executes them after the delay",
  Canceller: "cancels them before",
};

function Functions({ role }: { readonly role: Role }): ReactNode {
  const { client } = useNetwork();
  if (role.contract === "timelock") return TIMELOCK_POWERS[role.name];
  if (role.name === "ADMIN" && role.id === "0") return "sets governed numbers, gives and takes roles";
  if (role.functions.length === 0) return "nothing";
  return (
    <ul className="plain-list">
      {role.functions.map((given) => (
        <li key={`${given.target} ${given.selector}`}>
          <code>{nameOf(client, given)}</code>
        </li>
      ))}
    </ul>
  );
}

/** A function as `market.pauseUntil`; by its bytes where it is not known. */
function nameOf(client: Client, { target, selector }: RoleFunction): string {
  const contract: keyof Addresses | undefined = CONTRACTS.find((name) => sameId(client.addresses[name], target));
  if (contract === undefined) return `${target} ${selector}`;
  const abi: Interface = client[contract].interface;
  const name = abi.getFunction(selector)?.name ?? selector;
  return `${contract}.${name}`;
}
