import { type ReactNode, useEffect, useState } from "react";

import { Failure } from "../parts/Failure.tsx";
import { isRefusal } from "./refusal.ts";
import type { FoundWallet, Wallets } from "./types.ts";
import { WalletName } from "./WalletName.tsx";

interface Props {
  readonly found: readonly FoundWallet[];
  readonly load: () => Promise<Wallets>;
  readonly close: () => void;
}

type Step =
  | { readonly kind: "loading" }
  | { readonly kind: "choosing" }
  | { readonly kind: "asking"; readonly wallet: FoundWallet }
  | { readonly kind: "refused" }
  | { readonly kind: "failed"; readonly error: unknown };

/** The wallets that have announced themselves, by name and icon. */
export function WalletList({ found, load, close }: Props): ReactNode {
  const [step, setStep] = useState<Step>({ kind: "loading" });
  useEffect(() => {
    load().then(
      () => {
        setStep({ kind: "choosing" });
      },
      (error: unknown) => {
        setStep({ kind: "failed", error });
      },
    );
  }, [load]);
  const connect = async (wallet: FoundWallet) => {
    setStep({ kind: "asking", wallet });
    try {
      await (await load()).connect(wallet.id);
      close();
    } catch (error) {
      setStep(isRefusal(error) ? { kind: "refused" } : { kind: "failed", error });
    }
  };
  return (
    <>
      <ul className="wallet-list">
        {found.map((wallet) => (
          <li key={wallet.id}>
            <button type="button" disabled={step.kind === "asking"} onClick={() => void connect(wallet)}>
              <WalletName wallet={wallet} />
            </button>
          </li>
        ))}
      </ul>
      <div role="status">{messageOf(step, found.length)}</div>
      {step.kind === "failed" && <Failure error={step.error} />}
    </>
  );
}

function messageOf(step: Step, count: number): ReactNode {
  switch (step.kind) {
    case "loading":
      return <p className="loading">Looking for wallets …</p>;
    case "asking":
      return <p>Answer in {step.wallet.name}.</p>;
    case "refused":
      return <p>You refused in the wallet.</p>;
    default:
      if (count > 0) return undefined;
      return (
        <p>
          No wallet is installed in this browser. Install one as an extension and load the page again. All but ordering,
          sending and voting works without a wallet.
        </p>
      );
  }
}
