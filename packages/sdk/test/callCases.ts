import assert from "node:assert/strict";
import { describe, it } from "node:test";

import type { Interface } from "ethers";

import type { Action, Call } from "../src/actions/action.ts";
import type { Addresses } from "../src/addresses.ts";
import { interfaces } from "../src/contracts.ts";
import { ADDRESSES } from "./support.ts";

/** A call, and what it must say. */
export interface Case {
  readonly call: Call;
  readonly contract: keyof Addresses;
  /** By its name, or by its signature where names are shared. */
  readonly function: string;
  readonly values: readonly unknown[];
}

/** A case of an action with these parameters. */
export function encodes<Arguments>(
  { call }: Pick<Action<Arguments, object, never>, "call">,
  parameters: Arguments,
  contract: keyof Addresses,
  name: string,
  values: readonly unknown[],
): Case {
  return { call: call(ADDRESSES, parameters), contract, function: name, values };
}

const selectorOf = (contract: keyof Addresses, name: string) =>
  (interfaces[contract] as Interface).getFunction(name)?.selector;

/** ethers' results, as plain lists. */
const plain = (value: unknown): unknown => (Array.isArray(value) ? Array.from<unknown, unknown>(value, plain) : value);

/** Of every contract that can be paused: its guardian sends it. */
const OF_GUARDIAN = ["pauseUntil"];

/** Checks the cases, and that each function of these contracts which an account can send has one. */
export function checkCalls(
  contracts: readonly (keyof Addresses)[],
  cases: readonly Case[],
  without: Readonly<Partial<Record<keyof Addresses, readonly string[]>>>,
): void {
  describe("An action's call", () => {
    for (const { call, contract, function: name, values } of cases) {
      it(`is ${contract}.${name} with the values in their places`, () => {
        assert.equal(call.to, ADDRESSES[contract]);
        const parsed = (interfaces[contract] as Interface).parseTransaction(call);
        assert.equal(parsed?.selector, selectorOf(contract, name));
        assert.deepEqual(plain(parsed?.args), values);
      });
    }

    for (const contract of contracts) {
      it(`is there for everything that an account can send to ${contract}`, () => {
        const covered = cases.filter((item) => item.contract === contract).map((item) => item.function);
        const known = new Set(
          [...covered, ...OF_GUARDIAN, ...(without[contract] ?? [])].map((name) => selectorOf(contract, name)),
        );
        const missing: string[] = [];
        (interfaces[contract] as Interface).forEachFunction((fragment) => {
          if (!fragment.constant && !known.has(fragment.selector)) missing.push(fragment.format());
        });
        assert.deepEqual(missing, []);
      });
    }
  });
}
