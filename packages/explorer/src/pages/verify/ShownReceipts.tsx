import { receiptHash } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import { receiptsOf, receiptText, type ShownReceipt } from "../../entities/receipts.ts";
import { useEntities } from "../../history/useHistory.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import type { Column } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { to } from "../../routes.ts";
import { ReceiptsTable } from "../sessions/ReceiptsTable.tsx";

/** Finds receipts that were shown on chain, and gives one as text. */
export function ShownReceipts({ onChoose }: { readonly onChoose: (text: string) => void }): ReactNode {
  const shown = useEntities(receiptsOf);
  const [wanted, setWanted] = useState("");
  const columns: readonly Column<ShownReceipt>[] = [
    {
      key: "choose",
      title: "Check",
      render: ({ receipt }) => (
        <button
          type="button"
          onClick={() => {
            onChoose(receiptText(receipt));
          }}
        >
          Use it
        </button>
      ),
    },
    {
      key: "session",
      title: "Session",
      render: ({ receipt: { sessionId } }) => <Hash value={sessionId} to={to.session(sessionId)} />,
    },
    { key: "node", title: "Node", render: ({ node }) => <AddressLink address={node} /> },
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
      <ReceiptsTable
        first={columns}
        receipts={shown.filter((receipt) => isWanted(receipt, wanted))}
        empty="No receipt with this hash was shown on chain."
      />
    </>
  );
}

function isWanted({ statementId, node, receipt }: ShownReceipt, wanted: string): boolean {
  const id = wanted.trim().toLowerCase();
  const { sessionId } = receipt;
  return id === "" || [statementId, sessionId, node, receiptHash(receipt)].some((value) => value.toLowerCase() === id);
}
