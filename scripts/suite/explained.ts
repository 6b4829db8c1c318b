/** What others fail with: an RPC, a contract, Hardhat, Ignition. */
import { isError } from "ethers";
import { z } from "zod";

import { decodeSuiteError } from "../../packages/sdk/src/errors/decodeSuiteError.ts";
import { commandOf } from "./commands.ts";
import { rpcVariable, type NetworkFile } from "./networks.ts";
import { EXIT, SuiteError } from "./outcome.ts";
import { type Suite } from "./suite.ts";

/** Of Hardhat and its plug-ins, which name what they foresaw. */
const Named = z.object({ name: z.enum(["HardhatError", "HardhatPluginError", "DispatcherError"]) });
/** Of JSON-RPC, and of Hardhat where there was no answer. */
const Answered = z.object({ code: z.int() });

/** Ways in which nodes say that an account cannot pay. */
const NO_COINS = /insufficient funds|gas required exceeds allowance/i;
/** Ways in which Hardhat says that nobody has answered, or not in JSON-RPC. */
const NO_ANSWER =
  /request to http|cannot connect|timed? ?out|limit exceeded|invalid json-rpc|invalid url|failed to create dispatcher/i;

/** The same with how to mend it; what nobody foresaw stays what it is. */
export function explained(error: unknown, suite: Suite): unknown {
  if (error instanceof SuiteError || !(error instanceof Error)) return error;
  const { network } = suite;
  const become = (message: string, fix: string) => new SuiteError(message, fix, EXIT.failed, { cause: error });
  const refusal = decodeSuiteError(error);
  if (refusal !== undefined) return become(`A contract refuses: ${refusal.sentence}`, refusal.fix);
  if (isError(error, "BAD_DATA")) {
    return become(
      `A contract of ${suite.deployment} does not answer as it should: ${error.shortMessage}`,
      `Make sure that the RPC is of the chain that it was deployed on; ${commandOf(suite, "check")} says what is there`,
    );
  }
  if (!Named.safeParse(error).success && !Answered.safeParse(error).success) return error;
  if (NO_COINS.test(error.message)) {
    return become(
      `The deployer has too little ${network.currency} on ${network.title} to go on: ${error.message}`,
      `${commandOf(suite, "preflight")} says how much is missing; then run this again: what is done stays done`,
    );
  }
  if (NO_ANSWER.test(error.message))
    return become(`The RPC of ${network.name} fails: ${whyOf(error)}`, rpcFix(network));
  return become(
    error.message,
    "Mend what it names and run it again: what is done stays done. --show-stack-traces says more",
  );
}

/** How to take another RPC. */
export function rpcFix({ name, rpcUrls }: NetworkFile): string {
  const others = rpcUrls.slice(1);
  return `Try again, or set ${rpcVariable(name)} to an RPC that answers${others.length === 0 ? "" : `, such as ${others.join(" or ")}`}`;
}

/** Hardhat wraps what happened in words that say less than it. */
const whyOf = (error: Error): string => (error.cause instanceof Error ? whyOf(error.cause) : error.message);
