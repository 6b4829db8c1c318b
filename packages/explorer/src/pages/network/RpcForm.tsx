import { type ReactNode, type SubmitEvent, useState } from "react";

import { chooseRpc, chosenRpc } from "../../network/config.ts";
import { useNetwork } from "../../network/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Field } from "../../wallet/Field.tsx";
import { checkRpc, UnfitRpcError } from "./checkRpc.ts";

const ADDRESS = /^https?:\/\/\S+$/;

/** Lets the user read the chain through an RPC of their own. */
export function RpcForm(): ReactNode {
  const { config } = useNetwork();
  const { chainId, addresses } = config.deployment;
  const [url, setUrl] = useState("");
  const [error, setError] = useState<unknown>();
  const [isChecking, setChecking] = useState(false);

  const choose = async () => {
    setChecking(true);
    setError(undefined);
    try {
      await checkRpc(url.trim(), chainId, addresses.market);
      keep(chainId, url.trim());
    } catch (caught) {
      setError(caught);
    } finally {
      setChecking(false);
    }
  };
  const isWrong = url.trim() !== "" && !ADDRESS.test(url.trim());
  return (
    <form
      noValidate
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (event.currentTarget.checkValidity()) void choose();
      }}
    >
      <Field
        label="Another RPC"
        hint="Its chain id and the contracts are checked first. It is kept in this browser alone."
        error={isWrong ? "Write an address that begins with https:// or http://." : undefined}
        isEmpty={url.trim() === ""}
        required
      >
        {(control) => (
          <input
            {...control}
            type="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://…"
            value={url}
            onChange={({ target }) => {
              setUrl(target.value);
              setError(undefined);
            }}
          />
        )}
      </Field>
      <div className="page-actions">
        <button type="submit" disabled={isChecking || isWrong || url.trim() === ""}>
          {isChecking ? "Checking …" : "Use this RPC"}
        </button>
        {chosenRpc(chainId) !== undefined && (
          <button
            type="button"
            onClick={() => {
              chooseRpc(chainId, undefined);
            }}
          >
            Use the page’s own RPC
          </button>
        )}
      </div>
      {error !== undefined && <Failure error={error} />}
    </form>
  );
}

function keep(chainId: number, url: string): void {
  try {
    chooseRpc(chainId, url);
  } catch {
    throw new UnfitRpcError("The browser does not let this page keep the address: its storage is switched off.");
  }
}
