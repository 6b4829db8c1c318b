import type { Client, Mined } from "@opg-protocol/sdk";
import { useRef, useState } from "react";

import { isRefusal } from "./refusal.ts";
import type { ClientWith, SigningStep } from "./types.ts";

/** What has become of an action that the user has sent off. */
export type ActionState =
  | { readonly kind: "ready" }
  /** The page asks the chain whether that will work. */
  | { readonly kind: "checking"; readonly sent: readonly string[] }
  /** The wallet is asked for this. */
  | { readonly kind: "asking"; readonly what: "signature" | "transaction"; readonly sent: readonly string[] }
  /** Waits for a block. */
  | { readonly kind: "sent"; readonly sent: readonly string[] }
  | { readonly kind: "done"; readonly sent: readonly string[] }
  | { readonly kind: "refused"; readonly sent: readonly string[] }
  | { readonly kind: "failed"; readonly error: unknown; readonly sent: readonly string[] };

/** What an action gives. */
export type Outcome = Mined | undefined;

/** An action of the user: whether it is under way, and how to begin it. */
export interface UserAction {
  readonly state: ActionState;
  readonly isBusy: boolean;
  readonly start: () => Promise<void>;
}

/** Runs actions with the wallet, one at a time, and follows what becomes of each. */
export function useAction(
  clientWith: ClientWith | undefined,
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- actions that give nothing are `Promise<void>`
  run: (client: Client) => Promise<Mined | undefined | void>,
  onDone: ((outcome: Outcome) => void) | undefined,
): UserAction {
  const [state, setState] = useState<ActionState>({ kind: "ready" });
  const isRunning = useRef(false);

  const start = async () => {
    if (clientWith === undefined || isRunning.current) return;
    isRunning.current = true;
    const sent: string[] = [];
    const client = clientWith((step) => {
      if (step.kind === "sent") sent.push(step.hash);
      setState(stateAfter(step, [...sent]));
    });
    try {
      setState({ kind: "checking", sent });
      const outcome = await run(client);
      setState({ kind: "done", sent: [...sent] });
      onDone?.(outcome ?? undefined);
    } catch (error) {
      setState(isRefusal(error) ? { kind: "refused", sent } : { kind: "failed", error, sent });
    } finally {
      isRunning.current = false;
    }
  };
  const isBusy = state.kind === "checking" || state.kind === "asking" || state.kind === "sent";
  return { state, isBusy, start };
}

function stateAfter(step: SigningStep, sent: readonly string[]): ActionState {
  switch (step.kind) {
    case "signature":
    case "transaction":
      return { kind: "asking", what: step.kind, sent };
    case "signed":
      return { kind: "checking", sent };
    case "sent":
      return { kind: "sent", sent };
  }
}
