import { revokeKey } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { type KeyGrantView, keyGrantsOf } from "../../entities/sessionParts.ts";
import { sameId } from "../../entities/sameId.ts";
import { useEntities } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import { GrantKey } from "./GrantKey.tsx";

/** Keys that open sessions in the name of payers; those of the connected account can be granted and revoked. */
export function SessionKeys(): ReactNode {
  const grants = useEntities(keyGrantsOf);
  const now = useNow();
  const { account } = useWallet();
  const own = grants.filter(({ payer }) => sameId(payer, account));
  return (
    <Section title="Session keys">
      <p className="muted">
        A payer can let a key open sessions in its name: up to a limit, until an end. Whoever holds the key spends no
        more than that.
      </p>
      <DataTable
        caption="Session keys that payers have granted"
        columns={columnsAt(now)}
        rows={grants}
        rowKey={({ payer, key }) => `${payer} ${key}`}
        empty="No payer has granted a key yet."
        pageSize={10}
      />
      <div className="actions">
        <GrantKey />
        {own
          .filter((grant) => isLive(grant, now))
          .map(({ key }) => (
            <ActionForm
              key={key}
              title="Revoke a key of yours"
              submit="Revoke"
              done="Revoked. Its sessions go on until you close them."
              run={(client) => revokeKey(client, { key })}
            >
              <p>
                <AddressLink address={key} />
              </p>
            </ActionForm>
          ))}
      </div>
    </Section>
  );
}

const isLive = ({ isRevoked, left, expiresAt }: KeyGrantView, now: number): boolean =>
  !isRevoked && left > 0n && expiresAt > now;

const columnsAt = (now: number): readonly Column<KeyGrantView>[] => [
  { key: "payer", title: "Payer", render: ({ payer }) => <AddressLink address={payer} /> },
  { key: "key", title: "Key", render: ({ key }) => <AddressLink address={key} /> },
  { key: "state", title: "State", render: (grant) => <GrantState grant={grant} now={now} /> },
  {
    key: "limit",
    title: "Limit",
    align: "end",
    render: ({ limit, tx }) => <Amount value={limit} tx={tx} />,
    sort: ({ limit }) => limit,
  },
  {
    key: "left",
    title: "Left",
    align: "end",
    render: ({ left, tx }) => <Amount value={left} tx={tx} />,
    sort: ({ left }) => left,
  },
  { key: "ends", title: "Until", render: ({ expiresAt, isRevoked }) => (isRevoked ? "" : <Time at={expiresAt} />) },
  {
    key: "versions",
    title: "Versions",
    render: ({ versionsRoot }) => (versionsRoot === undefined ? "any" : <Hash value={versionsRoot} />),
  },
];

function GrantState({ grant, now }: { readonly grant: KeyGrantView; readonly now: number }): ReactNode {
  if (grant.isRevoked) return <Badge tone="bad">revoked</Badge>;
  if (grant.expiresAt <= now) return <Badge>expired</Badge>;
  return grant.left === 0n ? <Badge>spent</Badge> : <Badge tone="good">granted</Badge>;
}
