/** What the browser keeps of wallets: which one was connected last. No account, no key, no signature. */
export const STORAGE_KEY = "opg-wallet";
const LAST_WALLET = "recentConnectorId";

/** Keys that wagmi may write: the id of the last wallet, and that the user has disconnected one. */
const isKept = (key: string): boolean => key === `${STORAGE_KEY}.${LAST_WALLET}` || key.endsWith(".disconnected");

/** The part of the browser's storage that wagmi gets. */
export const walletStorage = {
  getItem: (key: string): string | null => (isKept(key) ? read(key) : null),
  setItem: (key: string, value: string): void => {
    if (!isKept(key)) return;
    tryTo(() => {
      window.localStorage.setItem(key, value);
    });
  },
  removeItem: (key: string): void => {
    tryTo(() => {
      window.localStorage.removeItem(key);
    });
  },
};

/** The wallet of the last visit. */
export function lastWallet(): string | undefined {
  const value = read(`${STORAGE_KEY}.${LAST_WALLET}`);
  if (value === null) return undefined;
  try {
    const id: unknown = JSON.parse(value);
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** No wallet is connected at the next visit. */
export function forgetWallet(): void {
  walletStorage.removeItem(`${STORAGE_KEY}.${LAST_WALLET}`);
}

function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    // Storage can be switched off; then nothing is remembered.
    return null;
  }
}

function tryTo(write: () => void): void {
  try {
    write();
  } catch {
    // The same, or it is full.
  }
}
