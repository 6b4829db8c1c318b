import { decodeSuiteError } from "@opg-protocol/sdk/errors";

/** An error for people. */
export interface ErrorText {
  /** What happened, with the values. */
  readonly sentence: string;
  /** What to do next. */
  readonly fix: string | undefined;
}

/** Most characters of a message: wallets and RPCs put whole requests into theirs. */
const LONGEST = 300;

/** What an error of a contract, an RPC, a wallet or the page says. */
export function errorText(error: unknown): ErrorText {
  const decoded = decodeSuiteError(error);
  if (decoded !== undefined) return { sentence: decoded.sentence, fix: decoded.fix };
  const message = error instanceof Error ? shortMessage(error) : String(error);
  const fix = error instanceof Error && "fix" in error && typeof error.fix === "string" ? error.fix : undefined;
  return { sentence: message.length > LONGEST ? `${message.slice(0, LONGEST)} …` : message, fix };
}

/** Ethers and viem put the useful part of long messages here. */
function shortMessage(error: Error): string {
  const short = "shortMessage" in error ? error.shortMessage : undefined;
  return typeof short === "string" && short !== "" ? short : error.message || error.name;
}
