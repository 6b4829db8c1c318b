/** Where wallets and libraries hide the error of the wallet itself. */
const WRAPPERS = ["cause", "error", "info", "data", "originalError"] as const;
const MOST_NESTING = 6;
/** EIP-1193: the user said no. Some wallets use 5000 for the same. */
const REFUSALS: readonly unknown[] = [4001, 5000, "ACTION_REJECTED"];

/** Whether the user has said no in the wallet. */
export function isRefusal(thrown: unknown, depth = MOST_NESTING): boolean {
  if (depth === 0 || typeof thrown !== "object" || thrown === null) return false;
  if ("code" in thrown && REFUSALS.includes(thrown.code)) return true;
  const fields: Readonly<Record<string, unknown>> = { ...thrown };
  return WRAPPERS.some((wrapper) => {
    const inner = wrapper === "cause" && thrown instanceof Error ? thrown.cause : fields[wrapper];
    return isRefusal(inner, depth - 1);
  });
}
