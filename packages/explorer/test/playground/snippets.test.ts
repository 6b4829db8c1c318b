import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";

import { CONTRACTS, parseOpg, readAddresses } from "@opg-protocol/sdk";
import { toBeHex } from "ethers";
import ts from "typescript";

import { curlOf, shellQuoted, type SnippetSubject, solidityOf, typescriptOf } from "../../src/playground/snippets.ts";

const addresses = readAddresses(Object.fromEntries(CONTRACTS.map((name, i) => [name, toBeHex(0xabc000 + i, 20)])));
const VERSION = toBeHex(7, 32);
const NODE = toBeHex(9, 20);
const drawn: SnippetSubject = {
  chainId: 31337,
  startBlock: 5,
  addresses,
  rpcUrl: "http://127.0.0.1:8545",
  versionId: VERSION,
  chosen: {
    market: "market",
    terms: { versionId: VERSION, seatPrice: parseOpg("1.5"), quorum: 3, sealPeriod: 5, collateralFactor: 0 },
  },
  tensors: [{ dtype: 2, shape: [1, 4], data: Uint8Array.of(1, 2, 3, 255) }],
  inputs: [{ name: "image", dtype: 2, shape: [1, 4] }],
  quoted: { royalty: parseOpg("0.1"), collateralFactor: 8, windowPeriod: 30 },
  nodeUrl: "http://127.0.0.1:8546/",
};
const alone: SnippetSubject = {
  ...drawn,
  chosen: {
    market: "optimistic",
    terms: { versionId: VERSION, price: parseOpg("2"), node: NODE, answerPeriod: 30, windowPeriod: 60 },
  },
};

/** Messages about the form of the code; what it imports is not looked at. */
const syntaxErrors = (code: string): readonly string[] =>
  (ts.transpileModule(code, { reportDiagnostics: true }).diagnostics ?? []).map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, "\n"),
  );

/** What a shell makes of a command, with `curl` replaced by something that prints its arguments. */
function words(code: string): readonly string[] {
  const script = `curl() { printf '%s\\n' "$@"; }\n${code}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n");
}

describe("playground: TypeScript", () => {
  for (const [name, subject] of [
    ["drawn", drawn],
    ["alone", alone],
  ] as const) {
    it(`is well-formed and has the deployment and the terms (${name})`, () => {
      const code = typescriptOf(subject);
      assert.deepEqual(syntaxErrors(code), []);
      for (const contract of CONTRACTS) assert.ok(code.includes(addresses[contract]), contract);
      assert.ok(code.includes(VERSION));
      assert.match(code, /data: Uint8Array\.of\(1, 2, 3, 255\)/);
    });
  }

  it("names amounts in OPG", () => {
    assert.match(typescriptOf(drawn), /seatPrice: parseOpg\("1\.5"\)/);
    assert.match(typescriptOf(alone), new RegExp(`node: "${NODE}"`));
  });
});

describe("playground: Solidity", () => {
  it("names market, version and what the quote asks for", () => {
    const code = solidityOf(drawn);
    assert.ok(code.includes(`IInferenceMarketplace(${addresses.market})`));
    assert.ok(code.includes(`VersionId.wrap(${VERSION})`));
    assert.match(code, /\(terms\.collateralFactor, terms\.sealPeriod\) = \(8, 5\)/);
    assert.match(code, /\(terms\.auditBps, terms\.windowPeriod\) = \(0, 30\)/);
    assert.match(code, /terms\.maxRoyalty.* = \(0\.1 ether/);
  });

  it("names the market for one node, and the node", () => {
    const code = solidityOf(alone);
    assert.ok(code.includes(`IOptimisticMarketplace(${addresses.optimistic})`));
    assert.ok(code.includes(`terms.node = ${NODE};`));
    assert.match(code, /terms\.price = 2 ether;/);
  });
});

describe("playground: curl", () => {
  it("asks the node for the version with the input as JSON", () => {
    const found = words(curlOf(drawn));
    assert.ok(found.includes(`http://127.0.0.1:8546/v2/models/${VERSION}/infer`));
    const body = JSON.parse(found.find((word) => word.startsWith('{"inputs"')) ?? "") as unknown;
    assert.deepEqual(body, { inputs: [{ name: "image", shape: [1, 4], datatype: "UINT8", data: [1, 2, 3, 255] }] });
  });

  it("asks the registry of the deployment", () => {
    assert.ok(curlOf(drawn).includes(addresses.registry));
  });

  it("keeps what strangers have written inside of its quotes", () => {
    const hostile = "'; echo pwned; $(echo pwned) `echo pwned` \u202e\n";
    const found = words(
      curlOf({ ...drawn, nodeUrl: `http://node/${hostile}`, inputs: [{ name: hostile, dtype: 2, shape: [1, 4] }] }),
    );
    assert.ok(!found.includes("pwned"));
    const body = JSON.parse(found.find((word) => word.startsWith('{"inputs"')) ?? "") as {
      readonly inputs: readonly { readonly name: string }[];
    };
    assert.equal(body.inputs[0]?.name, hostile);
    assert.ok(!curlOf({ ...drawn, inputs: [{ name: hostile, dtype: 2, shape: [1, 4] }] }).includes("\u202e"));
  });

  it("lets no control character of a node's operator through to a terminal", () => {
    const code = curlOf({ ...drawn, nodeUrl: "https://node.example/a\u0003b\u001b[201~\r\necho pwned\n" });
    assert.doesNotMatch(code, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.doesNotMatch(code, /^echo pwned/m);
  });

  it("quotes quotes", () => {
    assert.equal(
      execFileSync("sh", ["-c", `printf %s ${shellQuoted("it's $HOME")}`], { encoding: "utf8" }),
      "it's $HOME",
    );
  });
});
