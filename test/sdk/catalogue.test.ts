import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { catalogue } from "../../packages/sdk/src/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT }).map((file) => readFileSync(`${ROOT}${file}`, "utf8"));

/** Tests in TypeScript, and those in Solidity that compare refusals byte by byte. */
const scripts = read("{test,packages/*/test}/**/*.ts");
const contracts = read("test/**/*.sol").filter((text) => text.includes("abi.encodeWithSelector("));

/** Whether a test wants this error with its arguments; an error without any is wanted by its name. */
function isWanted(name: string, signature: string): boolean {
  const values = signature.endsWith("()") ? "" : String.raw`\s*\.withArgs\(`;
  const matched = new RegExp(String.raw`\.revertedWithCustomError\([^;]*?"${name}",?\s*\)${values}`);
  const compared = new RegExp(String.raw`\b${name}\.selector\b`);
  return scripts.some((text) => matched.test(text)) || contracts.some((text) => compared.test(text));
}

describe("The catalogue of errors", () => {
  it("has no error that no test wants, with what it carries", () => {
    const missing = Object.entries(catalogue).filter(([name, { signature }]) => !isWanted(name, signature));
    expect(missing.map(([name]) => name)).to.deep.equal([]);
  });

  it("would notice one", () => {
    expect(isWanted("MarketUnheardOf", "MarketUnheardOf(uint256 given)")).to.equal(false);
  });
});
