import { expect } from "chai";

import { runOn } from "./sandbox.ts";

const SOUND = {
  "contracts/NodeStaking.sol": 'import {INodeStaking} from "./interfaces/INodeStaking.sol";\n',
  "packages/node/src/Daemon.ts": 'import { watch } from "@opg-protocol/sdk";\n',
};

/** One import that breaks a rule: where it is, what it names, and how the script calls that. */
const BREACHES: readonly (readonly [rule: string, file: string, target: string, called: string])[] = [
  ["a contract imports a contract", "contracts/NodeStaking.sol", "./OPGToken.sol", "contracts/OPGToken.sol"],
  [
    "a contract knows one of a layer above",
    "contracts/NodeStaking.sol",
    "./interfaces/IInferenceMarketplace.sol",
    "contracts/interfaces/IInferenceMarketplace.sol",
  ],
  [
    "an interface knows one of a layer above",
    "contracts/interfaces/IModelRegistry.sol",
    "./IDisputeGame.sol",
    "contracts/interfaces/IDisputeGame.sol",
  ],
  [
    "a type knows an interface",
    "contracts/types/JobTypes.sol",
    "../interfaces/IReferee.sol",
    "contracts/interfaces/IReferee.sol",
  ],
  ["the SDK knows the node", "packages/sdk/src/watch.ts", "../../node/src/Daemon.ts", "packages/node/src/Daemon.ts"],
  [
    "the node knows what is inside of the SDK",
    "packages/node/src/Daemon.ts",
    "../../sdk/src/watch.ts",
    "packages/sdk/src/watch.ts",
  ],
  [
    "the node knows bindings",
    "packages/node/src/Daemon.ts",
    "../../../typechain-types/index.ts",
    "typechain-types/index.ts",
  ],
  [
    "a module of the deployment knows a test",
    "deploy/modules/Token.ts",
    "../../test/support/actors.ts",
    "test/support/actors.ts",
  ],
];

describe("scripts/layers.ts", () => {
  it("passes where every import points downwards", () => {
    expect(runOn("layers", SOUND)).to.deep.equal({ code: 0, lines: ["2 imports in 2 files, 0 of them wrong"] });
  });

  for (const [rule, file, target, called] of BREACHES) {
    it(`fails and names the import where ${rule}`, () => {
      const statement = file.endsWith(".sol") ? `import {X} from "${target}";\n` : `import { x } from "${target}";\n`;
      const { code, lines } = runOn("layers", { ...SOUND, [file]: statement });
      expect(code).to.equal(1);
      expect(lines[0]).to.equal(`${file} must not import ${called}`);
    });
  }

  it("fails where there is nothing to check", () => {
    expect(runOn("layers", {}).code).to.equal(1);
  });
});
