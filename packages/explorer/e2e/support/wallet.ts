/** Wallets as extensions of a browser are: announced by EIP-6963. What they sign is signed here, so no page ever has a key. */
import { randomUUID } from "node:crypto";

import { getBytes, type HDNodeWallet, JsonRpcProvider, toQuantity, type TypedDataField, Wallet } from "ethers";
import type { BrowserContext, Page } from "playwright-core";

import { injectWallet } from "./injectWallet.ts";

/** Codes of EIP-1193 and of EIP-3085. */
const REFUSED = 4_001;
const UNAUTHORISED = 4_100;
const UNSUPPORTED = 4_200;
const UNKNOWN_CHAIN = 4_902;
const INTERNAL = -32_603;

/** What a wallet answers; errors lose their code on the way into a page unless they travel as data. */
export type WalletAnswer =
  { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

export interface TestWalletOptions {
  readonly name: string;
  readonly account: HDNodeWallet;
  readonly rpcUrl: string;
  /** The chain that the RPC is of. */
  readonly chainId: number;
  /** The chain that is chosen at first; that of the RPC unless given. */
  readonly startsOn?: number;
  /** Whether it has to be told of the chain before it can switch to it. */
  readonly knowsChain?: boolean;
}

class WalletError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A wallet with one account. */
export class TestWallet {
  readonly name: string;
  readonly address: string;
  /** The methods that it was asked, oldest first. */
  readonly asked: string[] = [];
  /** Whatever wants a person's consent is refused as long as this is set. */
  refuses = false;
  readonly #chainId: number;
  #chosen: number;
  #knowsChain: boolean;
  #isConnected = false;
  readonly #signer: Wallet;
  readonly #provider: JsonRpcProvider;
  readonly #id = `testWallet${randomUUID().replaceAll("-", "")}`;

  constructor({ name, account, rpcUrl, chainId, startsOn = chainId, knowsChain = true }: TestWalletOptions) {
    this.#chainId = chainId;
    this.name = name;
    this.address = account.address;
    this.#chosen = startsOn;
    this.#knowsChain = knowsChain;
    this.#provider = new JsonRpcProvider(rpcUrl, chainId, { staticNetwork: true, cacheTimeout: -1 });
    this.#signer = new Wallet(account.privateKey, this.#provider);
  }

  /** How often it was asked for something that a person would have had to sign. */
  get signatures(): number {
    const signing = ["eth_sendTransaction", "eth_signTypedData_v4", "personal_sign"];
    return this.asked.filter((method) => signing.includes(method)).length;
  }

  count(method: string): number {
    return this.asked.filter((asked) => asked === method).length;
  }

  /** Puts it into every page of a browser's profile. */
  async install(context: BrowserContext): Promise<void> {
    await context.exposeBinding(this.#id, ({ page }, method: string, params: readonly unknown[]) =>
      this.answer(page, method, params),
    );
    const icon = `data:image/svg+xml,${encodeURIComponent(ICON)}`;
    const info = { uuid: randomUUID(), name: this.name, icon, rdns: `example.${this.name.toLowerCase()}` };
    await context.addInitScript(injectWallet, { id: this.#id, info });
  }

  /** Its user chooses another chain in the wallet itself. */
  async switchTo(page: Page, chainId: number): Promise<void> {
    this.#chosen = chainId;
    await this.emit(page, "chainChanged", toQuantity(chainId));
  }

  close(): void {
    this.#provider.destroy();
  }

  private async answer(page: Page, method: string, params: readonly unknown[]): Promise<WalletAnswer> {
    this.asked.push(method);
    try {
      return { result: (await this.perform(page, method, params)) ?? null };
    } catch (error) {
      const code = error instanceof WalletError ? error.code : INTERNAL;
      return { error: { code, message: error instanceof Error ? error.message : String(error) } };
    }
  }

  private async perform(page: Page, method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_chainId":
        return toQuantity(this.#chosen);
      case "net_version":
        return String(this.#chosen);
      case "eth_accounts":
        return this.#isConnected ? [this.address] : [];
      case "eth_requestAccounts":
        this.consent();
        this.#isConnected = true;
        return [this.address];
      case "wallet_switchEthereumChain":
        return this.choose(page, params, this.#knowsChain);
      case "wallet_addEthereumChain":
        await this.choose(page, params, true);
        this.#knowsChain = true;
        return null;
      case "eth_sendTransaction":
        return this.send(params);
      case "eth_signTypedData_v4":
        return this.signTypedData(params);
      case "personal_sign":
        this.consent();
        return this.#signer.signMessage(getBytes(textIn(params[0])));
      default:
        if (method.startsWith("wallet_")) throw new WalletError(UNSUPPORTED, `This wallet has no ${method}`);
        return this.#provider.send(method, [...params]);
    }
  }

  private consent(): void {
    if (this.refuses) throw new WalletError(REFUSED, "User rejected the request.");
  }

  private async choose(page: Page, [request]: readonly unknown[], isKnown: boolean): Promise<null> {
    this.consent();
    const wanted = Number(textIn((request as { readonly chainId?: unknown }).chainId));
    if (wanted !== this.#chainId || !isKnown) {
      throw new WalletError(UNKNOWN_CHAIN, `Unrecognized chain ID "${toQuantity(wanted)}".`);
    }
    await this.switchTo(page, wanted);
    return null;
  }

  private async send([request]: readonly unknown[]): Promise<string> {
    this.consent();
    if (!this.#isConnected) throw new WalletError(UNAUTHORISED, "The page is not connected.");
    if (this.#chosen !== this.#chainId) throw new WalletError(INTERNAL, "The wallet is on another chain.");
    const { to, data, value, gas } = request as Readonly<Record<"to" | "data" | "value" | "gas", string | undefined>>;
    const { hash } = await this.#signer.sendTransaction({
      to: to ?? null,
      ...(data !== undefined && { data }),
      ...(value !== undefined && { value }),
      ...(gas !== undefined && { gasLimit: gas }),
    });
    return hash;
  }

  private signTypedData([, json]: readonly unknown[]): Promise<string> {
    this.consent();
    const given = (typeof json === "string" ? JSON.parse(json) : json) as TypedDataRequest;
    const types = Object.fromEntries(Object.entries(given.types).filter(([name]) => name !== "EIP712Domain"));
    if (Number(given.domain.chainId) !== this.#chosen) {
      throw new WalletError(INTERNAL, "The domain is of another chain than the wallet is on.");
    }
    return this.#signer.signTypedData(given.domain, types, given.message);
  }

  private emit(page: Page, event: string, value: unknown): Promise<void> {
    return page.evaluate(
      ({ id, ...detail }) => {
        window.dispatchEvent(new CustomEvent(id, { detail }));
      },
      { id: this.#id, event, value },
    );
  }
}

interface TypedDataRequest {
  readonly domain: { readonly chainId: number | string };
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Record<string, unknown>;
}

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>';

function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  throw new WalletError(INTERNAL, "The request is not as the standard has it.");
}
