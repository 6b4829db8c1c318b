import "./wallet.css";

import type { Client, Mined } from "@opg-protocol/sdk";
import { type ReactNode, type SubmitEvent, useId, useState } from "react";

import { ActionStatus } from "./ActionStatus.tsx";
import { useWallet } from "./useWallet.ts";
import { ShowErrors } from "./Field.tsx";
import { SwitchChain } from "./SwitchChain.tsx";
import { type Outcome, useAction } from "./useAction.ts";

interface Props {
  readonly title: string;
  /** What the button says. */
  readonly submit: string;
  /** Sends what is to be sent, and waits for it. Actions of the SDK are tried out on the chain before the wallet is asked. */
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- actions that give nothing are `Promise<void>`
  readonly run: (client: Client) => Promise<Mined | undefined | void>;
  /** Not now: what is missing is said by the fields. */
  readonly disabled?: boolean;
  readonly onDone?: (outcome: Outcome) => void;
  /** What is said when it is done. */
  readonly done?: ReactNode;
  /** Fields, and what is good to know before. */
  readonly children?: ReactNode;
}

/** Something that the user does on the chain: asks for a wallet or another chain if need be, and shows what becomes of it. */
export function ActionForm(props: Props): ReactNode {
  const { title, submit, run, disabled = false, onDone, done = "Done.", children } = props;
  const heading = useId();
  const { status, isRightChain, clientWith, open } = useWallet();
  const { state, isBusy, start } = useAction(clientWith, run, onDone);
  const [showErrors, setShowErrors] = useState(false);

  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!form.checkValidity()) {
      setShowErrors(true);
      form.querySelector<HTMLElement>(":is(input, select, textarea):invalid")?.focus();
      return;
    }
    setShowErrors(false);
    void start();
  };

  return (
    <form className="action" aria-labelledby={heading} noValidate onSubmit={send}>
      <h3 id={heading}>{title}</h3>
      <ShowErrors value={showErrors}>
        <fieldset className="action-fields" disabled={isBusy}>
          {children}
        </fieldset>
      </ShowErrors>
      {status !== "connected" ? (
        <button type="button" className="primary" aria-haspopup="dialog" onClick={open}>
          Connect wallet to {lowerFirst(submit)}
        </button>
      ) : !isRightChain ? (
        <SwitchChain />
      ) : (
        <button type="submit" className="primary" disabled={disabled || isBusy || clientWith === undefined}>
          {submit}
        </button>
      )}
      <ActionStatus state={state} done={done} />
    </form>
  );
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
