/** Chromium as Debian and others install it; nothing is downloaded. */
import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

const PATH = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Chromium itself must not ask anybody either: the tests look at what leaves. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const MISSING = `there is no Chromium at ${PATH}: install it, or name another one with CHROMIUM`;

/** Why the tests of this folder are skipped; false where they run. In CI they must. */
export const skip: string | false = existsSync(PATH) ? false : MISSING;
if (skip !== false && process.env["CI"] !== undefined) throw new Error(MISSING);

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: PATH, headless: true, args: [...QUIET] });
