import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { catalogue } from "../../packages/sdk/src/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT }).map((file) => readFileSync(`${ROOT}${file}`, "utf8"));

/** Tests in TypeScript, and those in Solidity that compare refusals byte by byte. */
const scripts = read("{test,packages/*/test}/**/*.ts");
const contracts = read("test/**/*.sol");

/** What wants an error with its arguments; an error without any is wanted by its name. */
function wantsOf(name: string, signature: string): { readonly script: RegExp; readonly contract: RegExp } {
  const isBare = signature.endsWith("()");
  const matched = String.raw`\.revertedWithCustomError\([^;]*?"${name}",?\s*\)`;
  const encoded = String.raw`\babi\.encodeWithSelector\(\s*(\w+\.)?${name}\.selector\b`;
  return {
    script: new RegExp(isBare ? matched : String.raw`${matched}\s*\.withArgs\(`),
    contract: new RegExp(isBare ? encoded : String.raw`${encoded}\s*,\s*[^\s)]`),
  };
}

function isWanted(name: string, signature: string): boolean {
  const { script, contract } = wantsOf(name, signature);
  return scripts.some((text) => script.test(text)) || contracts.some((text) => contract.test(text));
}

describe("The tests of errors", () => {
  it("want every error of the catalogue, with what it carries", () => {
    const missing = Object.entries(catalogue).filter(([name, { signature }]) => !isWanted(name, signature));
    expect(missing.map(([name]) => name)).to.deep.equal([]);
  });

  it("would lack one that nobody wants", () => {
    expect(isWanted("MarketUnheardOf", "MarketUnheardOf(uint256 given)")).to.equal(false);
  });

  it("do not want what they name alone, in Solidity", () => {
    const { contract } = wantsOf("MarketUnheardOf", "MarketUnheardOf(uint256 given)");
    const named = [
      "bytes4 selector = IMarket.MarketUnheardOf.selector;",
      "require(bytes4(why) == IMarket.MarketUnheardOf.selector);",
      "abi.encodeWithSelector(IMarket.MarketUnheardOf.selector)",
      "abi.encodeWithSelector(IMarket.MarketUnheardOfElsewhere.selector, given)",
    ];
    expect(named.filter((text) => contract.test(text))).to.deep.equal([]);
    const wanted = ["IMarket.MarketUnheardOf.selector, given", "\n    MarketUnheardOf.selector,\n    given\n"];
    expect(wanted.filter((text) => !contract.test(`abi.encodeWithSelector(${text})`))).to.deep.equal([]);
  });
});
