import { z } from "zod/mini";

/** Milliseconds that an RPC has for an answer. */
const PATIENCE = 10_000;

const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;
const BYTES = /^0x[0-9a-fA-F]*$/;

const answer = z.object({ result: z.string() });

/** Why an RPC cannot be used. */
export class UnfitRpcError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "UnfitRpcError";
  }
}

/**
 * Whether an RPC answers pages, is on the chain, and has the deployment there.
 * @throws UnfitRpcError that says what is wrong with it.
 */
export async function checkRpc(url: string, chainId: number, contract: string): Promise<void> {
  const given = BigInt(await ask(url, "eth_chainId", [], QUANTITY));
  if (given !== BigInt(chainId))
    throw new UnfitRpcError(`This RPC is on chain ${given}; the page shows chain ${chainId}.`);
  const code = await ask(url, "eth_getCode", [contract, "latest"], BYTES);
  if (code === "0x")
    throw new UnfitRpcError("This RPC does not have the contracts: it may not have caught up with its chain.");
}

async function ask(url: string, method: string, params: readonly unknown[], form: RegExp): Promise<string> {
  let value: unknown;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(PATIENCE),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    value = await response.json();
  } catch {
    // Browsers do not tell pages whether nobody answers there or pages of other sites may not ask.
    throw new UnfitRpcError("Nothing that a page may ask answers there. Check the address.");
  }
  const parsed = answer.safeParse(value);
  if (!parsed.success || !form.test(parsed.data.result))
    throw new UnfitRpcError(`This does not answer ${method} as an RPC does.`);
  return parsed.data.result;
}
