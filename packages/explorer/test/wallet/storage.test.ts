import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { forgetWallet, lastWallet, STORAGE_KEY, walletStorage } from "../../src/wallet/storage.ts";

describe("What the browser keeps of wallets", () => {
  const kept = new Map<string, string>();
  beforeEach(() => {
    kept.clear();
    const localStorage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    };
    Object.assign(globalThis, { window: { localStorage } });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "window");
  });

  it("is the id of the last wallet alone", () => {
    walletStorage.setItem(`${STORAGE_KEY}.recentConnectorId`, '"example.fox"');
    walletStorage.setItem(`${STORAGE_KEY}.store`, '{"accounts":["0x1234"]}');
    assert.deepEqual([...kept], [[`${STORAGE_KEY}.recentConnectorId`, '"example.fox"']]);
    assert.equal(walletStorage.getItem(`${STORAGE_KEY}.store`), null);
    assert.equal(lastWallet(), "example.fox");
  });

  it("is nothing once the user has disconnected", () => {
    walletStorage.setItem(`${STORAGE_KEY}.recentConnectorId`, '"example.fox"');
    forgetWallet();
    assert.equal(lastWallet(), undefined);
    assert.equal(kept.size, 0);
  });

  it("is not believed if it is something else", () => {
    kept.set(`${STORAGE_KEY}.recentConnectorId`, "{");
    assert.equal(lastWallet(), undefined);
    kept.set(`${STORAGE_KEY}.recentConnectorId`, "7");
    assert.equal(lastWallet(), undefined);
  });

  it("is not missed where storage is switched off", () => {
    const refuse = (): never => {
      throw new Error("SecurityError");
    };
    Object.assign(globalThis, { window: { localStorage: { getItem: refuse, setItem: refuse, removeItem: refuse } } });
    walletStorage.setItem(`${STORAGE_KEY}.recentConnectorId`, '"example.fox"');
    forgetWallet();
    assert.equal(lastWallet(), undefined);
  });
});
