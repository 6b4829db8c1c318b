import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import {
  dataSlice,
  encodeBytes32String,
  type ErrorDescription,
  id,
  Interface,
  makeError,
  MaxUint256,
  type ParamType,
  parseEther,
} from "ethers";

import { interfaces } from "../src/contracts.ts";
import { decodeSuiteError } from "../src/errors/decodeSuiteError.ts";
import { explained, ProtocolError } from "../src/errors/ProtocolError.ts";
import { addressOf, publishedAbis } from "./support.ts";

const ACCOUNT = addressOf("account");
const encode = (contract: Interface, name: string, args: readonly unknown[]) => contract.encodeErrorResult(name, args);
const market = interfaces.market as Interface;
const REVERT = encode(market, "LedgerInsufficientBalance", [ACCOUNT, parseEther("1.5"), parseEther("2")]);

describe("decodeSuiteError", () => {
  it("gives the error's name, its values, what happened and what to do", () => {
    assert.deepEqual(decodeSuiteError(REVERT), {
      name: "LedgerInsufficientBalance",
      args: { account: ACCOUNT, balance: parseEther("1.5"), amount: parseEther("2") },
      sentence: `A balance is too small (account ${ACCOUNT}, balance 1.5 OPG, amount 2 OPG).`,
      fix: "Deposit at least `amount - balance` more (OPG, base units).",
      docs: "docs/errors.md#LedgerInsufficientBalance",
    });
  });

  const found = {
    "an error of ethers": makeError("execution reverted", "CALL_EXCEPTION", {
      action: "call",
      data: REVERT,
      reason: null,
      transaction: { to: ACCOUNT, data: "0xabcdef01" },
      invocation: null,
      revert: null as unknown as ErrorDescription,
    } as never),
    "JSON-RPC of geth": { code: 3, message: "execution reverted", data: REVERT },
    "JSON-RPC of Hardhat": { code: -32603, data: { message: "reverted", data: REVERT } },
    "JSON-RPC with a prefix, as Parity has it": { code: -32015, data: `Reverted ${REVERT}` },
    "a wallet's wrapping": { code: -32603, data: { code: 3, data: { originalError: 1 }, cause: { data: REVERT } } },
    "an error of viem": new Error("reverted", { cause: { name: "ContractFunctionRevertedError", raw: REVERT } }),
    "a library's cause": new Error("failed", { cause: { error: { data: REVERT } } }),
    "the body of an HTTP answer": { info: { body: JSON.stringify({ error: { code: 3, data: REVERT } }) } },
  };
  for (const [where, thrown] of Object.entries(found)) {
    it(`finds it in ${where}`, () => {
      assert.equal(decodeSuiteError(thrown)?.name, "LedgerInsufficientBalance");
    });
  }

  const nothing = {
    nothing: undefined,
    "an error without data": new Error("no network"),
    "an unknown selector": "0xdeadbeef",
    "data that was cut off": REVERT.slice(0, -2),
    "half a byte": `${REVERT}0`,
    "the data of the call alone": { transaction: { data: REVERT } },
  };
  for (const [what, thrown] of Object.entries(nothing)) {
    it(`finds nothing in ${what}`, () => {
      assert.equal(decodeSuiteError(thrown), undefined);
    });
  }

  it("does not follow what contains itself", () => {
    const loop: { error?: unknown } = {};
    loop.error = loop;
    assert.equal(decodeSuiteError(loop), undefined);
  });

  it("shows times, periods, states and names as people read them", () => {
    const shown = (contract: Interface, name: string, args: readonly unknown[]) =>
      decodeSuiteError(encode(contract, name, args))?.sentence;
    assert.match(
      shown(market, "MarketSealingNotOpen", [id("job"), 12n, 1_767_225_600n]) ?? "",
      /seedBlock 12, opensAt 2026-01-01T00:00:00\.000Z/,
    );
    assert.match(shown(market, "MarketWrongState", [id("job"), 4]) ?? "", /state Agreed\)/);
    const policy = interfaces.policy as Interface;
    assert.match(
      shown(policy, "PolicyDeadlinesDoNotNest", [400n, 300n]) ?? "",
      /horizonPeriod 400 s, thawPeriod 300 s/,
    );
    const field = encodeBytes32String("licence");
    const registry = interfaces.registry as Interface;
    assert.match(shown(registry, "RegistryBadLength", [field, 0n, 1n, 64n]) ?? "", /field licence, given 0/);
  });

  it("shows what is out of range as it is", () => {
    const sentence =
      decodeSuiteError(encode(market, "MarketSealingNotOpen", [id("job"), 0n, MaxUint256]))?.sentence ?? "";
    assert.ok(sentence.includes(`opensAt ${MaxUint256}`));
    const unknownState = encode(market, "MarketWrongState", [id("job"), 4]).slice(0, -2) + "c8";
    assert.match(decodeSuiteError(unknownState)?.sentence ?? "", /state 200\)/);
  });

  it("knows reasons and panics of the language", () => {
    const language = new Interface(["error Error(string)", "error Panic(uint256)"]);
    assert.match(decodeSuiteError(encode(language, "Error", ["no"]))?.sentence ?? "", /reason no/);
    assert.equal(decodeSuiteError(encode(language, "Panic", [0x11n]))?.name, "Panic");
  });
});

/** A value of each type that errors have. */
function sampleOf({ name, type }: ParamType): string | bigint {
  if (type === "address") return addressOf(name);
  if (type === "string") return name;
  if (type === "bool") throw new Error(`${name}: give booleans a form in which people read them`);
  return type.startsWith("bytes") ? dataSlice(id(name), 0, Number(type.slice(5))) : 3n;
}

describe("decodeSuiteError, of every error of every contract", async () => {
  const described = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  for (const [contract, abi] of await publishedAbis()) {
    it(`gives name, values, sentence, fix and link: ${contract}`, () => {
      new Interface(abi).forEachError((fragment) => {
        const values = fragment.inputs.map(sampleOf);
        const data = new Interface(abi).encodeErrorResult(fragment, values);
        const decoded = decodeSuiteError({ error: { code: 3, data } });
        assert.ok(decoded !== undefined, fragment.format());
        assert.equal(decoded.name, fragment.name);
        assert.deepEqual(decoded.args, Object.fromEntries(fragment.inputs.map(({ name }, i) => [name, values[i]])));
        for (const { name } of fragment.inputs) assert.ok(decoded.sentence.includes(`${name} `), decoded.sentence);
        assert.match(decoded.fix, /\.$/);
        assert.equal(decoded.docs, `docs/errors.md#${fragment.name}`);
        assert.ok(described.includes(`<a id="${fragment.name}"></a>`), `${fragment.name} is not in docs/errors.md`);
      });
    });
  }
});

describe("explained", () => {
  it("puts the explanation in place of the library's error, and keeps that as the cause", async () => {
    const thrown = { data: REVERT };
    await assert.rejects(explained(Promise.reject(thrown as unknown as Error)), (error) => {
      assert.ok(error instanceof ProtocolError);
      assert.equal(error.cause, thrown);
      assert.match(error.message, /^A balance is too small .* Deposit at least/);
      return true;
    });
  });

  it("lets through what is no refusal of the protocol", async () => {
    const thrown = new Error("no network");
    await assert.rejects(explained(Promise.reject(thrown)), thrown);
    assert.equal(await explained(Promise.resolve(1)), 1);
  });
});
