/** Signs and sends through a wallet, reads through the page's own RPC. Loaded with the wallets. */
import { type Client, WrongChainError } from "@opg-protocol/sdk";
import {
  AbstractSigner,
  BrowserProvider,
  type Eip1193Provider,
  isError,
  JsonRpcSigner,
  Network,
  type Provider,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";

import type { SigningListener } from "./types.ts";

/** Milliseconds between looks for a transaction that the wallet has sent, and looks until the RPC is taken not to get it. */
const PAUSE = 500;
const MOST_LOOKS = 240;

/** The wallet has sent a transaction of which the page's RPC knows nothing. */
export class UnseenTransactionError extends Error {
  readonly fix = "Look for it in the wallet or in a block explorer before you send it again.";
  readonly hash: string;

  constructor(hash: string) {
    super(`The wallet has sent transaction ${hash}, but the page's RPC has not seen it.`);
    this.name = "UnseenTransactionError";
    this.hash = hash;
  }
}

/** An account of a wallet. What it costs and whether it would revert is asked of the page's RPC, before the wallet is. */
export class PageSigner extends AbstractSigner<Provider> {
  readonly #wallet: JsonRpcSigner;
  readonly #chainId: bigint;
  readonly #listener: SigningListener;

  constructor(provider: Provider, wallet: JsonRpcSigner, chainId: bigint, listener: SigningListener) {
    super(provider);
    this.#wallet = wallet;
    this.#chainId = chainId;
    this.#listener = listener;
  }

  override getAddress(): Promise<string> {
    return this.#wallet.getAddress();
  }

  override connect(provider: Provider | null): PageSigner {
    return new PageSigner(provider ?? this.provider, this.#wallet, this.#chainId, this.#listener);
  }

  /** Wallets sign transactions only to send them. */
  override signTransaction(transaction: TransactionRequest): Promise<string> {
    return this.#wallet.signTransaction(transaction);
  }

  override signMessage(message: string | Uint8Array): Promise<string> {
    return this.#ask("signature", () => this.#wallet.signMessage(message));
  }

  override signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.#ask("signature", () => this.#wallet.signTypedData(domain, types, value));
  }

  override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    const startBlock = await this.provider.getBlockNumber();
    // With the chain's id a wallet that has gone elsewhere in the meantime refuses.
    const request = { ...transaction, chainId: this.#chainId };
    const hash = await this.#ask("transaction", () => this.#wallet.sendUncheckedTransaction(request));
    this.#listener({ kind: "sent", hash });
    return (await this.#seen(hash)).replaceableTransaction(startBlock);
  }

  async #ask(kind: "signature" | "transaction", question: () => Promise<string>): Promise<string> {
    const chainId = BigInt(String(await this.#wallet.provider.send("eth_chainId", [])));
    if (chainId !== this.#chainId) throw new WrongChainError(chainId, this.#chainId);
    this.#listener({ kind });
    const answer = await question();
    this.#listener({ kind: "signed" });
    return answer;
  }

  async #seen(hash: string): Promise<TransactionResponse> {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      try {
        const response = await this.provider.getTransaction(hash);
        if (response !== null) return response;
      } catch (error) {
        // The network may be gone for a while; what was sent is on its way.
        if (!isError(error, "NETWORK_ERROR") && !isError(error, "TIMEOUT") && !isError(error, "SERVER_ERROR"))
          throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    throw new UnseenTransactionError(hash);
  }
}

/** The page's client with the account of a wallet. */
export function clientOf(page: Client, wallet: Eip1193Provider, account: string, listener: SigningListener): Client {
  const browser = new BrowserProvider(wallet, Network.from(page.chainId));
  const signer = new PageSigner(page.provider, new JsonRpcSigner(browser, account), page.chainId, listener);
  // Actions send through the signer alone; contracts go on reading through the page's RPC.
  return { ...page, signer, account };
}
