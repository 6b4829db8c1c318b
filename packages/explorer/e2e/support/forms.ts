import type { Locator, Page } from "playwright-core";

/** Milliseconds for what has to wait for blocks. */
export const SOON = { timeout: 20_000 };

/** Something that can be done on a page, by its heading. */
export const formOf = (page: Page, title: string): Locator => page.getByRole("form", { name: title, exact: true });

/** Where a page about a game says whose move it is, or how it ended. */
export const standingOf = (page: Page): Locator => page.getByRole("region", { name: "Where it stands" });

/** The value beside a name. */
export const factOf = (within: Locator, name: string): Locator =>
  within
    .locator(".facts > div")
    .filter({ has: within.page().getByText(name, { exact: true }) })
    .locator("dd");

/** Waits for a clock, and until it shows another time. */
export async function runs(within: Locator, label: string): Promise<void> {
  const clock = within.locator(".clock.running", { hasText: label }).first();
  await clock.waitFor(SOON);
  const before = await clock.innerText();
  await clock.filter({ hasNotText: before }).waitFor(SOON);
}

/** The amount beside a name, OPG with all its digits. */
export async function amountOf(within: Locator, name: string): Promise<string> {
  const title = await factOf(within, name).locator(".number").getAttribute("title");
  return (title ?? "").replace(" OPG", "");
}
