/**
 * Measures what each entry of the SDK brings into a web page, with all that it imports, and what the explorer loads:
 * `bench/bundle.json`. That entries can be bundled for a browser at all, without a built-in of Node and without a plug-in, is tested
 * by the way.
 *
 *   npm run bench:bundle
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { firstLoad, verificationLoad, type Weight } from "./bench/explorer.ts";
import { buildPage } from "./demo/explorer.ts";

const FIGURES = "bench/bundle.json";
const ESBUILD = "tools/release/node_modules/.bin/esbuild";
const PACKAGE = "@opg-protocol/sdk";

/** Most bytes, minified, that a page loads for one ABI. */
const MOST_FOR_ABI = 15_000;
/** Most bytes, as servers send them, that the explorer loads before it shows anything. */
const MOST_FOR_EXPLORER = 250_000;

/** What a page takes of an entry; whatever else the entry has is left out of the bundle. */
const USES: Readonly<Record<string, string>> = {
  addresses: "addresses",
  errors: "decodeSuiteError",
  "ethers/InferenceMarketplace": "connectInferenceMarketplace",
  verify: "createClient, verifyResult",
  onnx: "compile, Executor",
  oip: "OipClient",
};

/** Of an entry, minified. */
interface Figures extends Weight {
  /** Packages of others that are in it. */
  readonly packages: readonly string[];
}

interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
}

function measure(folder: string, source: string): Figures {
  const [entry, bundle, metafile] = ["entry.ts", "bundle.js", "meta.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(entry, source);
  const options = ["--bundle", "--minify", "--format=esm", "--platform=browser", "--log-level=warning"];
  const { status, stderr } = spawnSync(
    resolve(ESBUILD),
    [entry, ...options, `--outfile=${bundle}`, `--metafile=${metafile}`],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`No bundle for browsers of \`${source}\`:\n${stderr}`);
  const code = readFileSync(bundle);
  const { inputs } = JSON.parse(readFileSync(metafile, "utf8")) as Metafile;
  const packages = Object.keys(inputs).flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return {
    bytes: code.length,
    gzipBytes: gzipSync(code).length,
    packages: [...new Set(packages)].filter((name) => name !== PACKAGE).sort(),
  };
}

const folder = mkdtempSync(join(tmpdir(), "opg-bundle-"));
try {
  mkdirSync(join(folder, "node_modules", "@opg-protocol"), { recursive: true });
  symlinkSync(resolve("packages/sdk"), join(folder, "node_modules", PACKAGE));
  const abis = readdirSync("packages/sdk/src/abi").map((file) => file.replace(/\.ts$/, ""));
  const uses = { ...Object.fromEntries(abis.map((name) => [`abi/${name}`, `${name}Abi`])), ...USES };
  const figures = Object.entries(uses).map(([entry, names]) => {
    const measured = measure(folder, `export { ${names} } from "${PACKAGE}/${entry}";`);
    return [entry, measured] as const;
  });
  const heavy = figures.filter(([entry, { bytes, packages }]) => {
    const isBare = entry.startsWith("abi/") || entry === "addresses";
    return isBare && (bytes > MOST_FOR_ABI || packages.length > 0);
  });
  await buildPage();
  const explorer = firstLoad();
  const weights: readonly (readonly [string, Weight])[] = [
    ...figures,
    ["explorer/first-load", explorer],
    ["explorer/verification", verificationLoad()],
  ];
  writeFileSync(FIGURES, `${JSON.stringify(Object.fromEntries(weights), null, 2)}\n`);
  for (const [entry, { bytes, gzipBytes }] of weights) {
    console.log(
      `${entry.padEnd(32)} ${bytes.toLocaleString("en").padStart(9)} ${gzipBytes.toLocaleString("en").padStart(9)}`,
    );
  }
  if (heavy.length > 0) {
    const names = heavy.map(([entry]) => entry).join(", ");
    throw new Error(`More than ${MOST_FOR_ABI} bytes, or a package of others, in ${names}.`);
  }
  if (explorer.gzipBytes > MOST_FOR_EXPLORER) {
    throw new Error(`The explorer loads ${explorer.gzipBytes} bytes at once, more than ${MOST_FOR_EXPLORER}.`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
