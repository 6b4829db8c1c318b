/** A page that is open, and all that went wrong in it. */
import assert from "node:assert/strict";

import type { Browser, BrowserContext, ConsoleMessage, Page } from "playwright-core";

import type { TestWallet } from "./wallet.ts";

const ON_THIS_MACHINE = /^(https?|wss?):\/\/(127\.0\.0\.1|localhost)(:\d+)?\//;
const IN_THE_PAGE = /^(data|blob|about):/;
/** What Chromium says of an answer with a status of failure, and of a request that the test itself has stopped. */
const FAILED_REQUEST = /^Failed to load resource: /;

/** A part can begin to load when another is there: it is quiet if it is so several times. */
const LOOKS = 3;
const BREATH = 100;

export interface VisitOptions {
  /** Origin of the page. */
  readonly url: string;
  /** What is behind the `#`. */
  readonly route?: string;
  readonly scheme?: "light" | "dark";
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly wallets?: readonly TestWallet[];
  /** Is done before the page is loaded. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>;
}

/** A visit of the page by somebody new: nothing is remembered from another. */
export class Visit {
  /** Errors of scripts, of the console, and breaches of the content security policy. */
  readonly faults: string[] = [];
  /** Addresses on other machines that something was asked of. */
  readonly foreign: string[] = [];

  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #url: string;

  private constructor(page: Page, context: BrowserContext, url: string) {
    this.page = page;
    this.#context = context;
    this.#url = url;
  }

  static async begin(browser: Browser, options: VisitOptions): Promise<Visit> {
    const { url, route = "/", scheme = "light", width = 1280, height = 900, wallets = [], prepare } = options;
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, locale: "en-GB" });
    for (const wallet of wallets) await wallet.install(context);
    await prepare?.(context);
    const visit = new Visit(await context.newPage(), context, url);
    await visit.listen();
    await visit.page.goto(`${url}/#${route}`);
    return visit;
  }

  /** Goes to another route without loading the page anew, and waits until it is there. */
  async go(route: string): Promise<void> {
    await this.page.goto(`${this.#url}/#${route}`);
    await this.settled();
  }

  /** Waits until the page has its heading and says no more that it loads something. */
  async settled(): Promise<void> {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      await this.page.waitForFunction(
        () => document.querySelector("h1") !== null && document.querySelector(".loading") === null,
      );
      await this.page.waitForTimeout(BREATH);
    }
  }

  /** @throws if something went wrong since the last time. */
  assertClean(): void {
    assert.deepEqual({ faults: this.faults, foreign: this.foreign }, { faults: [], foreign: [] });
  }

  async end(): Promise<void> {
    await this.#context.close();
  }

  private async listen(): Promise<void> {
    const { page } = this;
    const context = this.#context;
    await context.exposeFunction("reportBreach", (breach: string) => this.faults.push(breach));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        const { reportBreach } = window as unknown as { reportBreach: (breach: string) => Promise<void> };
        void reportBreach(`policy: ${violatedDirective} ${blockedURI}`);
      });
    });
    page.on("pageerror", (error) => this.faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      this.hear(message);
    });
    context.on("request", (request) => {
      const address = request.url();
      if (!ON_THIS_MACHINE.test(address) && !IN_THE_PAGE.test(address)) this.foreign.push(address);
    });
  }

  /** Requests that fail are the pages' to show; everything else that is logged as an error is a fault. */
  private hear(message: ConsoleMessage): void {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !FAILED_REQUEST.test(text)) {
      this.faults.push(`${message.type()}: ${text}`);
    }
  }
}
