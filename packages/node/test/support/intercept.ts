/** Comes between a daemon and what it calls, for modules that are loaded before it. */
import { DatabaseSync, StatementSync } from "node:sqlite";

import { WRITES } from "./boundaries.ts";

let opened: DatabaseSync | undefined;

/** The daemon's journal, once it is open. */
export const journal = (): DatabaseSync | undefined => opened;

/** Has `around` do what a method does. */
export function intercept<Host extends object>(
  host: Host,
  name: keyof Host & string,
  around: (self: Host, act: () => unknown, first: unknown) => unknown,
): void {
  const method = host[name] as (...args: unknown[]) => unknown;
  const value = function (this: Host, ...args: unknown[]) {
    return around(this, () => method.apply(this, args), args[0]);
  };
  Object.defineProperty(host, name, { value });
}

/** Has `around` do what the daemon writes in its journal, each step of it by its name. */
export function interceptWrites(around: (step: string, act: () => unknown) => unknown): void {
  const write = (sql: string, act: () => unknown) => {
    const step = Object.keys(WRITES).find((name) => WRITES[name]?.test(sql));
    return step === undefined ? act() : around(step, act);
  };
  intercept(DatabaseSync.prototype, "exec", (database, act, sql) => {
    if (database.location()?.endsWith("journal.sqlite") !== true) return act();
    opened = database;
    return write(String(sql), act);
  });
  intercept(StatementSync.prototype, "run", ({ sourceSQL }, act) => write(sourceSQL, act));
}
