/** Nobody's coin is spent without a yes, and nobody is asked who cannot answer. */
import { confirm, isCancel } from "@clack/prompts";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { KEY_VARIABLE } from "./networks.ts";
import { EXIT, SuiteError } from "./outcome.ts";
import type { Suite } from "./suite.ts";

const isAnybodyThere = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** Without a terminal the keystore, which would wait for its password for ever, fails instead. */
export function refuseQuestions({ hooks }: HardhatRuntimeEnvironment, isAnswered = isAnybodyThere()): void {
  if (isAnswered) return;
  const refuse = (_context: unknown, who: string, what: string): Promise<never> =>
    Promise.reject(
      new SuiteError(
        `Without a terminal nobody can be asked: ${who}, ${what}`,
        `Put the secret into an environment variable, such as ${KEY_VARIABLE}, which goes before the keystore`,
        EXIT.needsApproval,
      ),
    );
  hooks.registerHandlers("userInterruptions", { requestInput: refuse, requestSecretInput: refuse });
}

/**
 * Asks on a public chain, unless `yes` was given.
 * @throws SuiteError with the code for "needs approval" where nobody approves.
 */
export async function approve({ network }: Suite, yes: boolean, what: string): Promise<void> {
  if (yes || network.kind === "development") return;
  const refused = new SuiteError(`Nobody has approved to ${what} on ${network.title}`, "--yes", EXIT.needsApproval);
  if (!isAnybodyThere()) throw refused;
  const answer = await confirm({ message: `On ${network.title} (${network.chainId}): ${what}?`, initialValue: false });
  if (isCancel(answer) || !answer) throw refused;
}
