import type { WalletAnswer } from "./wallet.ts";

type Listener = (value: unknown) => void;

interface Injected {
  /** Of the function that answers, and of the event that tells what happens in the wallet. */
  readonly id: string;
  readonly info: { readonly uuid: string; readonly name: string; readonly icon: string; readonly rdns: string };
}

/** Runs in the page before anything of it: the part of a wallet that is there. */
export function injectWallet({ id, info }: Injected): void {
  const bindings = window as unknown as Readonly<
    Record<string, (method: string, params: readonly unknown[]) => Promise<WalletAnswer>>
  >;
  const listeners = new Map<string, Set<Listener>>();
  const provider = {
    async request({ method, params = [] }: { readonly method: string; readonly params?: readonly unknown[] }) {
      const answer = await bindings[id]?.(method, params);
      if (answer === undefined) throw new Error("The wallet is gone");
      if ("result" in answer) return answer.result;
      throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
    },
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return provider;
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  window.addEventListener(id, (happening) => {
    const { event, value } = (happening as CustomEvent<{ readonly event: string; readonly value: unknown }>).detail;
    for (const listener of listeners.get(event) ?? []) listener(value);
  });
  const announce = () => {
    const detail = Object.freeze({ info: Object.freeze(info), provider: Object.freeze(provider) });
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  };
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}
