import type { Locator, Page } from "playwright-core";

/** The button that shows who is connected. */
export const connected = (page: Page): Locator => page.getByRole("banner").locator(".wallet-button");

/** Connects a wallet as its user would. */
export async function connect(page: Page, name: string): Promise<void> {
  await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
  await page.getByRole("dialog").getByRole("button", { name }).click();
  await connected(page).waitFor();
}
