import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "playwright-core";

/** A folder for a picture of each page; nothing is saved unless it is named. */
const FOLDER = process.env["SCREENSHOTS"];

/** Saves a picture of the whole page, for whoever wants to look at it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (FOLDER === undefined) return;
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
}
