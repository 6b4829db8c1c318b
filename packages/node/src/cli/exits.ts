import { ConfigError } from "../config/Config.ts";
import { JournalForeignError, JournalLockedError } from "../journal/errors.ts";
import { KeyFileError } from "../keys/Keystore.ts";
import { NotRedeemedError } from "./redeem.ts";

/** What the process ends with; the numbers of sysexits.h, so that a supervisor can tell what is worth a restart. */
export const ExitCode = {
  Success: 0,
  /** A check of `doctor` failed, or `redeem` has not redeemed all that was owed. */
  Unhealthy: 1,
  /** The command line is wrong. */
  Usage: 64,
  /** Something the node needs is not there: the chain, a version that it can offer. Worth a restart. */
  Unavailable: 69,
  /** Another process runs this node. */
  Locked: 75,
  /** The configuration or a key file is wrong. Not worth a restart. */
  Config: 78,
} as const;

/** The code that says best what went wrong. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof JournalLockedError) return ExitCode.Locked;
  if (error instanceof NotRedeemedError) return ExitCode.Unhealthy;
  const isConfig =
    error instanceof ConfigError || error instanceof KeyFileError || error instanceof JournalForeignError;
  return isConfig ? ExitCode.Config : ExitCode.Unavailable;
}
