/** Nobody's coin is spent without a yes, and nobody is asked who cannot answer. */
import { confirm, isCancel } from "@clack/prompts";

import { EXIT, SuiteError } from "./outcome.ts";
import type { Suite } from "./suite.ts";

/**
 * Asks on a public chain, unless `yes` was given.
 * @throws SuiteError with the code for "needs approval" where nobody approves.
 */
export async function approve({ network }: Suite, yes: boolean, what: string): Promise<void> {
  if (yes || network.kind === "development") return;
  const refused = new SuiteError(`Nobody has approved to ${what} on ${network.title}`, "--yes", EXIT.needsApproval);
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw refused;
  const answer = await confirm({ message: `On ${network.title} (${network.chainId}): ${what}?`, initialValue: false });
  if (isCancel(answer) || !answer) throw refused;
}
