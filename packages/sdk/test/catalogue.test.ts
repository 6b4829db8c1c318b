import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { ErrorFragment, Interface } from "ethers";

import { catalogue } from "../src/errors/catalogue.ts";
import { dependencies } from "../src/errors/dependencies.ts";
import { publishedAbis } from "./support.ts";

const SOURCES = new URL("../src/", import.meta.url);

/** Selectors of the errors that the published ABIs declare. */
async function declared(): Promise<Map<string, string>> {
  const selectors = new Map<string, string>();
  for (const [, abi] of await publishedAbis()) {
    new Interface(abi).forEachError((fragment) => selectors.set(fragment.selector, fragment.format()));
  }
  return selectors;
}

const entries = [...Object.values(catalogue), ...dependencies];
const selectorOf = (signature: string) => ErrorFragment.from(`error ${signature}`).selector;
/** Of the language itself; no ABI declares them. */
const LANGUAGE = ["Error(string)", "Panic(uint256)"];

describe("The catalogue of errors", () => {
  it("has an entry for each error that a contract can give, those of dependencies included", async () => {
    const known = new Set(entries.map(({ signature }) => selectorOf(signature)));
    const missing = [...(await declared())].filter(([selector]) => !known.has(selector)).map(([, error]) => error);
    assert.deepEqual(missing, []);
  });

  it("has no entry for an error of a dependency that no contract gives", async () => {
    const selectors = new Set([...(await declared()).keys(), ...LANGUAGE.map(selectorOf)]);
    const stale = dependencies.filter(({ signature }) => !selectors.has(selectorOf(signature)));
    assert.deepEqual(stale, []);
  });

  it("has no two entries for one selector", () => {
    assert.equal(new Set(entries.map(({ signature }) => selectorOf(signature))).size, entries.length);
  });

  it("says of each error in a sentence what happened, and what to do", () => {
    for (const { signature, notice, fix } of entries) {
      assert.match(notice, /^[A-Z`].*\.$/s, signature);
      assert.match(fix, /^[A-Z`].*\.$/s, signature);
    }
  });

  it("says of each error who or which, what was given, and what is allowed", () => {
    const silent = Object.values(catalogue).filter(({ signature }) => signature.endsWith("()"));
    // It is about the zero address, and there is but one.
    assert.deepEqual(
      silent.map(({ signature }) => signature),
      ["LedgerZeroAccount()"],
    );
  });

  it("gives units to parameters that exist", () => {
    for (const { signature, units } of entries) {
      const names = ErrorFragment.from(`error ${signature}`).inputs.map(({ name }) => name);
      for (const name of Object.keys(units)) assert.ok(names.includes(name), `${signature}: ${name}`);
    }
  });

  it("knows every error that an action names", () => {
    const names = new Set(entries.map(({ signature }) => signature.slice(0, signature.indexOf("("))));
    const files = readdirSync(new URL("actions/", SOURCES), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((path) => path.endsWith(".ts"))) {
      const text = readFileSync(new URL(`actions/${file}`, SOURCES), "utf8");
      for (const [, thrown] of text.matchAll(/@throws ProtocolError([^@/]*)/g)) {
        for (const [, name] of (thrown ?? "").matchAll(/`([A-Z]\w+)`/g)) {
          assert.ok(name !== undefined && names.has(name), `${file} names ${name}`);
        }
      }
    }
  });
});
