/** What Node does once before and after all test files: the suite that their chains begin with is deployed once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { deploySuite } from "./network.ts";

const folder = mkdtempSync(join(tmpdir(), "opg-node-suite-"));

export async function globalSetup(): Promise<void> {
  process.env.OPG_TEST_SUITE = await deploySuite(folder);
}

export function globalTeardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
