/** Every page: it renders without a fault, asks nobody else, and can be used by everybody, in light and dark, wide and narrow. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";

import { launch, skip } from "./support/browser.ts";
import { type Content, fill } from "./support/content.ts";
import { routesOf } from "./support/routes.ts";
import { screenshot } from "./support/screenshots.ts";
import { readStack, type Stack } from "./support/stack.ts";
import { Visit } from "./support/visit.ts";

const SCHEMES = ["light", "dark"] as const;
/** CSS pixels: a desktop, and the narrowest phone. */
const WIDTHS = [1_280, 360];

describe("Every page", { skip }, () => {
  let stack: Stack;
  let browser: Browser;
  let content: Content;
  before(async () => {
    stack = readStack();
    browser = await launch();
    content = await fill(stack);
  });
  after(async () => {
    await browser.close();
    stack.close();
  });

  // The looks only read, so they wait for the chain side by side.
  describe("in every look", { concurrency: SCHEMES.length * WIDTHS.length }, () => {
    for (const scheme of SCHEMES) {
      for (const width of WIDTHS) {
        it(`is clean, complete and accessible: ${scheme}, ${width} pixels wide`, async (t) => {
          const visit = await Visit.begin(browser, { url: stack.pageUrl, scheme, width });
          for (const [name, route] of Object.entries(routesOf(content))) {
            await t.test(name, async () => {
              await visit.go(route);
              await screenshot(visit.page, `${name}-${scheme}-${width}`);
              visit.assertClean();
              assert.equal(await visit.page.locator("h1").count(), 1, "one heading of the first level");
              assert.deepEqual(await findings(visit.page), []);
              assert.equal(await overflow(visit.page), 0, "nothing reaches beyond the width");
            });
          }
          await visit.end();
        });
      }
    }
  });

  it("has the policy that its host is asked for", async () => {
    const response = await fetch(`${stack.pageUrl}/`);
    const meta = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(await response.text())?.[1] ?? "";
    const inPage = meta.replaceAll("&#39;", "'");
    assert.match(inPage, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
    assert.equal(response.headers.get("content-security-policy"), `${inPage}; frame-ancestors 'none'`);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("referrer-policy"), "no-referrer");
    assert.equal(response.headers.get("x-frame-options"), "DENY");
  });

  it("can be reached and left with the keyboard alone", async () => {
    const visit = await Visit.begin(browser, { url: stack.pageUrl, route: "/jobs" });
    await visit.settled();
    await visit.page.keyboard.press("Tab");
    assert.equal(await focused(visit.page), "Skip to the content");
    await visit.page.keyboard.press("Enter");
    assert.equal(await visit.page.evaluate(() => document.activeElement?.id), "content");
    await visit.page.getByRole("navigation").getByRole("link", { name: "Nodes" }).focus();
    await visit.page.keyboard.press("Enter");
    await visit.settled();
    assert.equal(await visit.page.evaluate(() => document.activeElement?.id), "content");
    assert.match(visit.page.url(), /#\/nodes$/);
    await visit.end();
  });
});

/** What axe finds, in a line each: the rule, and where. */
async function findings(page: Page): Promise<readonly string[]> {
  // Without frames there is nothing to put together in a page of its own, which takes longer than the rules.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** CSS pixels by which the page is wider than the window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));

const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.activeElement?.textContent.trim());
