import { type ReactNode, useState } from "react";

import { shownReceipts, type ShownReceipt } from "../../entities/shownReceipts.ts";
import { useEntities } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

/** Finds receipts that were shown on chain, and gives one as text. */
export function ShownReceipts({ onChoose }: { readonly onChoose: (text: string) => void }): ReactNode {
  const shown = useEntities(shownReceipts);
  const [wanted, setWanted] = useState("");
  const columns: readonly Column<ShownReceipt>[] = [
    { key: "statement", title: "Statement", render: ({ statementId }) => <Hash value={statementId} /> },
    {
      key: "session",
      title: "Session",
      render: ({ sessionId }) => <Hash value={sessionId} to={to.session(sessionId)} />,
    },
    { key: "node", title: "Node", render: ({ node }) => <AddressLink address={node} /> },
    {
      key: "shownAt",
      title: "Shown",
      render: ({ shownAt, transactionHash }) => <Time at={shownAt} tx={transactionHash} />,
    },
    {
      key: "choose",
      title: "Check",
      render: ({ text }) => (
        <button
          type="button"
          onClick={() => {
            onChoose(text);
          }}
        >
          Use it
        </button>
      ),
    },
  ];
  return (
    <>
      <h3>Receipts shown on chain</h3>
      <label className="field">
        <span>Hash of the receipt, statement, session or node</span>
        <input
          value={wanted}
          spellCheck={false}
          onChange={({ target }) => {
            setWanted(target.value);
          }}
        />
      </label>
      <DataTable
        caption="Receipts shown on chain"
        columns={columns}
        rows={shown.filter((receipt) => isWanted(receipt, wanted))}
        rowKey={({ statementId, transactionHash }) => `${statementId} ${transactionHash}`}
        empty="No receipt with this hash was shown on chain."
        pageSize={10}
      />
    </>
  );
}

function isWanted({ statementId, sessionId, node, hash }: ShownReceipt, wanted: string): boolean {
  const id = wanted.trim().toLowerCase();
  return id === "" || [statementId, sessionId, node, hash].some((value) => value.toLowerCase() === id);
}
