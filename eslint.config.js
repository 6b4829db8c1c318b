import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "typechain-types",
    "artifacts",
    "cache",
    "coverage",
    "**/dist",
    "tools",
    "examples/ethers",
    "examples/viem",
    "examples/wagmi",
    "examples/volatility-fee",
    "examples/classified-gate",
    "packages/sdk/src/abi",
    "packages/*/bin",
    "examples/hardhat",
    "examples/indexer",
    "**/*.mjs",
    "eslint.config.js",
  ]),
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }] },
  },
  // Hardhat calls hooks asynchronously, whether or not they wait for anything.
  { files: ["hardhat.plugin.ts"], rules: { "@typescript-eslint/require-await": "off" } },
  // Mocha's assertions are expressions.
  { files: ["**/*.test.ts"], rules: { "@typescript-eslint/no-unused-expressions": "off" } },
  // Node's own test runner waits for what it was given.
  {
    files: ["packages/*/{test,e2e}/**"],
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["describe", "it"] }] },
      ],
    },
  },
);
