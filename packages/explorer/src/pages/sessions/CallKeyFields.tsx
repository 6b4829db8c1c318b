import { type ReactNode, useState } from "react";

import { AddressField } from "../../wallet/AddressField.tsx";
import { SelectField } from "../../wallet/SelectField.tsx";
import { type CallKey, keyFile, makeKey } from "./callKey.ts";

const OPTIONS = [
  { value: "wallet", label: "My wallet: it asks me for each call" },
  { value: "made", label: "A new key, made here" },
  { value: "address", label: "A key that I have elsewhere" },
] as const;

interface Props {
  /** Undefined: not chosen to the end. */
  readonly value: CallKey | undefined;
  readonly onChange: (key: CallKey | undefined) => void;
}

/** Chooses who signs the vouchers of a session. A key made here counts once it was downloaded: nothing else keeps it. */
export function CallKeyFields({ value, onChange }: Props): ReactNode {
  const [kind, setKind] = useState("wallet");
  const [made, setMade] = useState<CallKey>();
  const [address, setAddress] = useState<string>();
  const choose = (next: string) => {
    setKind(next);
    setAddress(undefined);
    setMade(next === "made" ? makeKey() : undefined);
    onChange(next === "wallet" ? { kind: "wallet" } : undefined);
  };
  return (
    <>
      <SelectField label="Vouchers are signed by" value={kind} onChange={choose} options={OPTIONS} />
      {made?.kind === "made" && (
        <div className="note wait">
          <p>
            The key <code>{made.wallet.address}</code> is in this page’s memory alone and is gone when you leave.
            Download it: a program that calls the node needs it. Whoever has the file can spend the session’s deposit,
            and nothing else.
          </p>
          <button
            type="button"
            onClick={() => {
              download(`opg-call-key-${made.wallet.address.slice(0, 10)}.json`, keyFile(made.wallet));
              onChange(made);
            }}
          >
            {value?.kind === "made" ? "Download it again" : "Download the key"}
          </button>
        </div>
      )}
      {kind === "address" && (
        <AddressField
          label="Address of the key"
          value={address}
          onChange={(typed) => {
            setAddress(typed);
            onChange(typed === undefined ? undefined : { kind: "address", address: typed });
          }}
        />
      )}
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
