import { expect } from "chai";

import { runOn } from "./sandbox.ts";

const ERRORS = [
  { type: "error", name: "BoxShut", inputs: [] },
  { type: "error", name: "BoxTooSmall", inputs: [{}, {}] },
  { type: "error", name: "StringTooLong", inputs: [{}] },
];
const SHUT = 'await expect(box.open()).to.be.revertedWithCustomError(box, "BoxShut");\n';
const TOO_SMALL = 'await expect(box.put(9)).to.be.revertedWithCustomError(box, "BoxTooSmall")';

describe("scripts/errors.ts", () => {
  const run = (tests: Readonly<Record<string, string>>, errors: readonly object[] = ERRORS, catalogue = {}) =>
    runOn("errors", {
      "package.json": '{ "type": "module" }',
      "packages/sdk/src/abi/Box.ts": `export const BoxAbi = ${JSON.stringify(errors)} as const;\n`,
      "packages/sdk/src/errors/catalogue.ts": `export const catalogue = ${JSON.stringify(catalogue)} as const;\n`,
      ...tests,
    });
  const passed = { code: 0, lines: ["3 errors, 1 of which cannot be raised"] };

  it("passes where tests in TypeScript raise each error with its arguments", () => {
    const tests = { "test/Box/put.test.ts": `${SHUT}${TOO_SMALL}.withArgs(9, Math.max(1, 2));\n` };
    expect(run(tests)).to.deep.equal(passed);
  });

  it("passes where tests in Solidity do, through a variable or not", () => {
    const direct = "VM.expectRevert(abi.encodeWithSelector(IBox.BoxTooSmall.selector, 9, Math.max(1, 2)));\n";
    const variable =
      "bytes4 refusal = IBox.BoxTooSmall.selector;\nVM.expectRevert(abi.encodeWithSelector(refusal, 9, f(1, 2)));\n";
    for (const raised of [direct, variable]) {
      const tests = { "test/Box/Box.t.sol": `VM.expectRevert(IBox.BoxShut.selector);\n${raised}` };
      expect(run(tests)).to.deep.equal(passed);
    }
  });

  it("fails and names the errors that no test raises", () => {
    const { code, lines } = run({ "test/Box/put.test.ts": `// BoxShut\nconst name = "BoxTooSmall";\n` });
    expect(code).to.equal(1);
    expect(lines).to.deep.equal([
      "no test raises BoxShut with 0 arguments",
      "no test raises BoxTooSmall with 2 arguments",
      ...passed.lines,
    ]);
  });

  it("fails for one that is raised without arguments, or with too few", () => {
    const few = "bytes4 selector = IBox.BoxTooSmall.selector;\nabi.encodeWithSelector(selector, 9);\n";
    for (const tests of [
      { "test/Box/put.test.ts": `${SHUT}${TOO_SMALL};\n` },
      { "test/Box/put.test.ts": `${SHUT}${TOO_SMALL}.withArgs(9);\n` },
      { "test/Box/put.test.ts": SHUT, "test/Box/Box.t.sol": few },
    ]) {
      expect(run(tests)).to.deep.equal({
        code: 1,
        lines: ["no test raises BoxTooSmall with 2 arguments", ...passed.lines],
      });
    }
  });

  it("fails for one of the catalogue that is in no ABI", () => {
    const catalogue = { BoxNaN: { signature: "BoxNaN(uint256 bits)" } };
    const { code, lines } = run({}, ERRORS.slice(2), catalogue);
    expect(code).to.equal(1);
    expect(lines[0]).to.equal("no test raises BoxNaN with 1 arguments");
  });

  it("fails where one is raised that is said to be beyond reach", () => {
    const tests = {
      "test/Box/put.test.ts": `expect(0).to.be.revertedWithCustomError(box, "StringTooLong").withArgs(1);\n`,
    };
    const { code, lines } = run(tests, ERRORS.slice(2));
    expect(code).to.equal(1);
    expect(lines[0]).to.equal("StringTooLong can be raised: scripts/errors.ts says that it cannot");
  });

  it("does not pass where there are no errors", () => {
    expect(run({}, []).code).to.equal(1);
  });
});
