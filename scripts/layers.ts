/**
 * Proves from the import statements that calls point downwards: between the layers of contracts, and between the folders
 * of the repository. A dependency that the tables do not name is a question about the design.
 *
 *   npm run layers
 */
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join, matchesGlob } from "node:path";

/** The layer of each contract, and of what contracts inherit. It knows its own interface, and those of contracts in layers below. */
const LAYERS: Readonly<Record<string, number>> = {
  OPGTimelock: 0,
  Distribution: 0,
  OPGToken: 0,
  Ledger: 1,
  IntegerReferee: 1,
  Mandates: 1,
  ModelRegistry: 1,
  NodeStaking: 1,
  OnnxReferee: 1,
  AuditRoster: 2,
  PriceBook: 2,
  ResultCommitments: 2,
  DisputeGame: 3,
  ReceiptBook: 3,
  IJobPolicy: 3,
  ReplicationPolicy: 3,
  IVerdictPolicy: 4,
  RefereedPolicy: 4,
  OptimisticPolicy: 4,
  IMarketAccounts: 5,
  IMarketJobs: 5,
  InferenceMarketplace: 5,
  OptimisticMarketplace: 5,
  ISessionKeys: 5,
  InferenceSessions: 5,
  IOrderPlacing: 6,
  OrderPlacing: 6,
  JobChain: 6,
  JobRelay: 6,
  JobScheduler: 6,
  InferenceLens: 6,
  InferenceConsumer: 6,
  ScheduledConsumer: 6,
  OptimisticLens: 6,
  SessionLens: 6,
  OPGGovernor: 6,
  TestnetFaucet: 6,
  PauseGuardian: 7,
};

/** Whose part a base is: what holds for that contract holds for it. */
const BASES: Readonly<Record<string, string>> = {
  NodeKeys: "NodeStaking",
  DisputeBalances: "DisputeGame",
  DisputeNumbers: "DisputeGame",
  DisputeReferees: "DisputeGame",
  DisputeVerdicts: "DisputeGame",
  DisputeDemands: "DisputeGame",
  MarketAccounts: "InferenceMarketplace",
  MarketRules: "InferenceMarketplace",
  MarketServing: "InferenceMarketplace",
  MarketWeights: "InferenceMarketplace",
  MarketJobs: "InferenceMarketplace",
  SessionKeys: "InferenceSessions",
  SessionSignatures: "InferenceSessions",
  VoteBounds: "OPGGovernor",
};

/** Interfaces that others implement, or that policies or markets inherit. */
const PORTS = [
  "IInferenceCallback",
  "IProvisionalCallback",
  "IReferee",
  "IStatementKeeper",
  "IMarketAccounts",
  "IMarketServing",
  "IMarketWeights",
  "IMarketJobs",
  "IJobPolicy",
  "IVerdictPolicy",
  "IPausable",
  "ISessionKeys",
  "IInputSource",
  "IScheduledCallback",
  "IOrderPlacing",
];

const OPENZEPPELIN = "@openzeppelin/contracts/**";
/** OpenZeppelin without anything that calls. */
const CALLING_NOTHING = "@openzeppelin/contracts/utils/{math/*,structs/*,SlotDerivation.sol,TransientSlot.sol}";
const CODECS = "packages/sdk/src/codecs/*";
/** Whatever entries the package has for others. */
const PUBLISHED = "@opg-protocol/sdk{,/**}";
const SDK = "packages/sdk/src/{,completions/,onnx/,oip/,session/}index.ts";

/** What files may import of the repository and of OpenZeppelin. The first row that matches a file counts. */
const TABLE: readonly (readonly [files: string, allowed: readonly string[]])[] = [
  // It creates the wallets that it pays.
  [
    "contracts/Distribution.sol",
    ["contracts/{interfaces,types,libraries}/*", "contracts/AllocationWallet.sol", OPENZEPPELIN],
  ],
  // What judges have in common.
  ["contracts/base/StepReferee.sol", ["contracts/{interfaces,types,libraries}/**"]],
  ["contracts/{*,base/*}.sol", ["contracts/{base,interfaces,types,libraries}/*", OPENZEPPELIN]],
  ["contracts/interfaces/*", ["contracts/{interfaces,types}/*", "@openzeppelin/contracts/**/{,draft-}I[A-Z]*.sol"]],
  ["contracts/types/*", ["contracts/types/*", CALLING_NOTHING]],
  ["contracts/libraries/**", ["contracts/{libraries,types}/**", CALLING_NOTHING]],
  ["contracts/testnet/*", ["contracts/{interfaces,types,libraries}/**", OPENZEPPELIN]],
  [
    "contracts/verifiers/*",
    ["contracts/base/StepReferee.sol", "contracts/{interfaces,types,libraries}/**", OPENZEPPELIN],
  ],
  ["contracts/lens/*", ["contracts/{interfaces,types,libraries}/*", OPENZEPPELIN]],
  ["contracts/consumer/*", ["contracts/{consumer,interfaces,types,libraries}/*", OPENZEPPELIN]],
  ["contracts/mock/*", ["contracts/{interfaces,types,libraries,mock}/*", OPENZEPPELIN]],
  ["contracts/test/*", ["contracts/{interfaces,types,libraries,consumer}/**", OPENZEPPELIN]],
  ["test/**/*.sol", ["contracts/**", "test/**", OPENZEPPELIN]],
  ["deploy/addresses.ts", ["@opg-protocol/sdk"]],
  ["deploy/**", ["deploy/**"]],
  ["test/demo/*", ["test/support/*", "scripts/demo/**", "@opg-protocol/sdk"]],
  ["test/release/*", ["scripts/release/difference.ts"]],
  [
    "test/suite/*",
    ["test/suite/*", "scripts/suite/*", "scripts/rehearsal/createx.ts", "packages/sdk/src/deployment.ts"],
  ],
  [
    "test/**",
    [
      "test/**",
      "deploy/modules/*",
      "typechain-types/{index,common}.ts",
      SDK,
      CODECS,
      "packages/sdk/test/onnx/**",
      "@openzeppelin/merkle-tree",
    ],
  ],
  [
    "scripts/demo/**",
    [
      "scripts/demo/**",
      "deploy/{addresses.ts,modules/*}",
      "@opg-protocol/{sdk,node}",
      "@opg-protocol/sdk/{completions,onnx,session}",
      // What a drawing is to the model is the same in a file and on a page.
      "packages/explorer/src/playground/digit.ts",
    ],
  ],
  ["scripts/chain.ts", ["scripts/demo/*", "@opg-protocol/sdk"]],
  [
    "scripts/suite/**",
    ["scripts/suite/**", "deploy/modules/*", "packages/sdk/src/{addresses,deployment,codecs/*,errors/*}.ts"],
  ],
  ["scripts/{rehearse,reproducible}.ts", ["scripts/{rehearsal,suite}/*"]],
  ["scripts/rehearsal/*", ["scripts/{rehearsal,suite}/*"]],
  [
    "scripts/**",
    [
      "scripts/**",
      "test/{support/*,model/Random.ts}",
      CODECS,
      "packages/sdk/src/{addresses,deployment}.ts",
      "packages/sdk/{src/{errors,onnx},test/onnx/support}/*",
      // The model whose dispute is measured is the one whose run is.
      "packages/cli/bench/largeModel.ts",
    ],
  ],
  ["packages/sdk/src/codecs/*", [CODECS]],
  ["packages/sdk/src/{addresses,addressBook}.ts", ["packages/sdk/src/{addresses,addressBook}.ts"]],
  ["packages/sdk/src/abi/*", []],
  ["packages/sdk/src/ethers/*", ["packages/sdk/src/{abi,ethers}/*", "typechain-types/**"]],
  ["packages/sdk/src/contracts.ts", ["packages/sdk/src/**"]],
  ["packages/sdk/src/events.ts", ["packages/sdk/src/**"]],
  ["packages/sdk/src/**", ["packages/sdk/src/*", "packages/sdk/src/!(abi)/**"]],
  ["packages/sdk/test/**", ["packages/sdk/**", "scripts/{vectors,addressBook}.ts"]],
  [
    "packages/node/**",
    [
      "packages/node/**",
      "packages/sdk/test/support.ts",
      "test/model/Random.ts",
      "@opg-protocol/sdk{,/completions,/onnx,/oip,/session}",
    ],
  ],
  ["packages/cli/test/**", ["packages/cli/**", "packages/node/test/support/*", "@opg-protocol/sdk{,/onnx}"]],
  ["packages/cli/**", ["packages/cli/**", "@opg-protocol/sdk{,/onnx}"]],
  // The proof that a front end can be built on the published package alone.
  ["packages/explorer/src/**", ["packages/explorer/src/**", PUBLISHED]],
  [
    "packages/explorer/{test,e2e}/**",
    ["packages/explorer/{src,test,e2e}/**", "scripts/demo/{picture,roles,dispute/lie}.ts", PUBLISHED],
  ],
  ["packages/explorer/*.ts", []],
  ["examples/**", ["examples/**", PUBLISHED, "@opg-protocol/contracts/**", OPENZEPPELIN]],
  ["hardhat.config.ts", ["*.ts", "scripts/suite/{networks,plugin}.ts"]],
  ["*.ts", ["*.ts"]],
];

const SOURCES = [
  "*.ts",
  "{contracts,deploy,test,scripts,examples}/**/*.{sol,ts}",
  "packages/*/{src,test,e2e}/**/*.{ts,tsx}",
  "packages/explorer/*.ts",
];
const IMPORT = /^(?:import|export)\s(?:[^;"']*?\sfrom\s*)?["']([^"']+)["']/gm;
/** What a page loads when it is needed: modules, and the scripts of workers. */
const LATER = /\b(?:import\(|new URL\((?=[^)]*\.tsx?["']))\s*["']([^"']+)["']/g;
const OURS = /^(\.|@opg-protocol\/|@openzeppelin\/)/;

/** What a file imports: paths from the root of the repository, or names of packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const forms = file.startsWith("packages/explorer/") ? [IMPORT, LATER] : [IMPORT];
  // TypeScript that imports Solidity is text that a page shows.
  const isText = (name: string) => !file.endsWith(".sol") && name.endsWith(".sol");
  const found = forms.flatMap((form) => [...text.matchAll(form)].map(([, name = ""]) => name));
  const names = found.filter((name) => !isText(name));
  return names
    .filter((name) => OURS.test(name))
    .map((name) => (name.startsWith(".") ? join(dirname(file), name) : name));
}

function isInTable(file: string, target: string): boolean {
  const row = TABLE.find(([files]) => matchesGlob(file, files));
  return row?.[1].some((allowed) => matchesGlob(target, allowed)) ?? false;
}

/** Whether a contract, or its interface, knows another contract's interface that is not below it. */
function pointsDown(file: string, target: string): boolean {
  if (
    !matchesGlob(file, "contracts/{*,base/*,interfaces/*,verifiers/*,lens/*,consumer/*,testnet/*}.sol") ||
    !matchesGlob(target, "contracts/interfaces/*")
  )
    return true;
  const [from, to] = [subjectOf(file), subjectOf(target)];
  return from === to || PORTS.includes(to) || layerOf(to) < layerOf(from);
}

/** The contract that a file or interface is about. */
function subjectOf(path: string): string {
  const name = basename(path, ".sol");
  if (dirname(path) === "contracts/base") return BASES[name] ?? name;
  return dirname(path) === "contracts/interfaces" && !PORTS.includes(name) ? name.slice(1) : name;
}

function layerOf(contract: string): number {
  const layer = LAYERS[contract];
  if (layer === undefined) throw new Error(`${contract} has no layer in scripts/layers.ts`);
  return layer;
}

const files = globSync(SOURCES).sort();
const edges = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })));
if (edges.length === 0) throw new Error("No imports were found");
const wrong = edges.filter(({ file, target }) => !isInTable(file, target) || !pointsDown(file, target));
for (const { file, target } of wrong) console.error(`${file} must not import ${target}`);
console.log(`${edges.length} imports in ${files.length} files, ${wrong.length} of them wrong`);
if (wrong.length > 0) process.exitCode = 1;
