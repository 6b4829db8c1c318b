import { expect } from "chai";

import { runOn } from "./sandbox.ts";

const passes = 'import { it } from "node:test";\nit("passes", () => {});\n';
const fails = 'import { it } from "node:test";\nit("fails", () => { throw new Error("red"); });\n';

/** A package that compiles. */
const built = (name: string) => ({
  [`packages/${name}/index.ts`]: "export {};\n",
  [`packages/${name}/tsconfig.json`]:
    '{ "files": ["index.ts"], "compilerOptions": { "types": [], "lib": ["es5"], "skipLibCheck": true } }',
});

describe("scripts/test-one.ts", () => {
  it("runs what has the word in its path and nothing else, whatever the case, and gives its exit code", () => {
    const files = { "packages/x/test/Green.test.ts": passes, "packages/x/test/red.test.ts": fails };
    const all = { ...files, ...built("sdk"), ...built("node"), ...built("cli") };
    const { code, lines } = runOn("test-one", all, "RED");
    expect(code).to.equal(1);
    expect(lines.join("\n")).to.match(/tests 1\b[^]*fail 1\b/);
  });

  it("refuses a word that no path has, and no word at all", () => {
    expect(runOn("test-one", { "test/A.test.ts": passes }, "b")).to.deep.equal({
      code: 2,
      lines: ['No test has "b" in its path: see test and packages/*/test'],
    });
    expect(runOn("test-one", {})).to.deep.equal({
      code: 2,
      lines: ["Give a word of the path: npm run test:one -- staking"],
    });
  });
});
