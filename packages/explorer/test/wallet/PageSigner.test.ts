import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { decodeSuiteError, WrongChainError } from "@opg-protocol/sdk";
import {
  AbstractProvider,
  BrowserProvider,
  type Eip1193Provider,
  Interface,
  JsonRpcSigner,
  makeError,
  Network,
  type PerformActionRequest,
} from "ethers";

import { PageSigner } from "../../src/wallet/PageSigner.ts";
import { isRefusal } from "../../src/wallet/refusal.ts";
import type { SigningStep } from "../../src/wallet/types.ts";
import { address, hash } from "../support/events.ts";

const CHAIN = 31_337n;
const ACCOUNT = address(7);
const HASH = hash("transaction");

/** A wallet that answers as it is told, and remembers what it was asked. */
class Wallet implements Eip1193Provider {
  readonly asked: string[] = [];
  chainId = "0x7a69";
  refuses = false;
  sent: unknown;

  request({ method, params }: { method: string; params?: unknown[] | Record<string, unknown> }): Promise<unknown> {
    this.asked.push(method);
    if (method === "eth_chainId") return Promise.resolve(this.chainId);
    // An error of EIP-1193, as wallets throw them.
    if (this.refuses) return Promise.reject(Object.assign(new Error("User rejected the request."), { code: 4001 }));
    if (method === "eth_sendTransaction") this.sent = Array.isArray(params) ? params[0] : undefined;
    return Promise.resolve(method === "eth_sendTransaction" ? HASH : `0x${"11".repeat(65)}`);
  }
}

/** The page's RPC: it has the transaction at the second look. */
class Rpc extends AbstractProvider {
  looks = 0;

  constructor() {
    super(Network.from(CHAIN), { cacheTimeout: -1 });
  }

  override _perform<T>(request: PerformActionRequest): Promise<T> {
    const answer = this.answer(request);
    return Promise.resolve(answer as T);
  }

  override _detectNetwork(): Promise<Network> {
    return Promise.resolve(Network.from(CHAIN));
  }

  private answer({ method }: PerformActionRequest): unknown {
    switch (method) {
      case "getBlockNumber":
        return 5;
      case "getTransaction":
        this.looks += 1;
        return this.looks < 2 ? null : TRANSACTION;
      case "estimateGas":
        throw makeError("execution reverted", "CALL_EXCEPTION", {
          action: "estimateGas",
          data: REVERT,
          reason: null,
          transaction: { to: null, data: "0x" },
          invocation: null,
          revert: null,
        });
      default:
        throw new Error(`Nobody asks for ${method}`);
    }
  }
}

const REVERT = new Interface(["error ERC20InsufficientBalance(address,uint256,uint256)"]).encodeErrorResult(
  "ERC20InsufficientBalance",
  [ACCOUNT, 1n, 2n],
);
const TRANSACTION = {
  hash: HASH,
  from: ACCOUNT,
  to: address(8),
  blockNumber: null,
  blockHash: null,
  index: 0,
  type: 2,
  nonce: 0,
  gasLimit: "0x5208",
  gasPrice: "0x1",
  maxFeePerGas: "0x1",
  maxPriorityFeePerGas: "0x1",
  value: "0x0",
  data: "0x",
  chainId: "0x7a69",
  signature: { r: hash("r"), s: `0x${"11".repeat(32)}`, yParity: 0 },
  accessList: [],
};

function given() {
  const wallet = new Wallet();
  const rpc = new Rpc();
  const steps: SigningStep[] = [];
  const inner = new JsonRpcSigner(new BrowserProvider(wallet, Network.from(CHAIN)), ACCOUNT);
  const signer = new PageSigner(rpc, inner, CHAIN, (step) => steps.push(step));
  return { wallet, rpc, steps, signer };
}

const call = { to: address(8), data: "0x12", gasLimit: 50_000n };

describe("PageSigner", () => {
  it("sends through the wallet, for one chain, and finds the transaction through the page's RPC", async () => {
    const { wallet, rpc, steps, signer } = given();
    const response = await signer.sendTransaction(call);
    assert.equal(response.hash, HASH);
    assert.equal(rpc.looks, 2);
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ["transaction", "signed", "sent"],
    );
    assert.ok(typeof wallet.sent === "object" && wallet.sent !== null && "chainId" in wallet.sent);
    assert.equal(wallet.sent.chainId, "0x7a69");
    assert.ok(!wallet.asked.includes("eth_estimateGas"));
  });

  it("asks for nothing on another chain", async () => {
    const { wallet, steps, signer } = given();
    wallet.chainId = "0x1";
    await assert.rejects(signer.sendTransaction(call), WrongChainError);
    await assert.rejects(signer.signTypedData({}, { A: [{ name: "a", type: "uint256" }] }, { a: 1n }), WrongChainError);
    assert.deepEqual(steps, []);
    assert.deepEqual(new Set(wallet.asked), new Set(["eth_chainId"]));
  });

  it("passes on that the user said no", async () => {
    const { wallet, signer } = given();
    wallet.refuses = true;
    await assert.rejects(signer.sendTransaction(call), (error) => isRefusal(error));
    await assert.rejects(signer.signTypedData({}, { A: [{ name: "a", type: "uint256" }] }, { a: 1n }), (error) =>
      isRefusal(error),
    );
  });

  it("learns from the page's RPC that a call would revert, before the wallet is asked", async () => {
    const { wallet, signer } = given();
    await assert.rejects(
      signer.estimateGas({ to: address(8), data: "0x12" }),
      (error) => decodeSuiteError(error)?.name === "ERC20InsufficientBalance",
    );
    assert.deepEqual(wallet.asked, []);
  });
});
