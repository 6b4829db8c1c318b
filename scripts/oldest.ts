/**
 * Compiles what users' contracts import with the oldest compiler that the package promises, which is installed for it alone.
 *
 *   npm run oldest
 */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS = "contracts/{consumer,interfaces,libraries,mock,types}/**/*.sol";
/** What the libraries need; the compiler's own default is older. */
const EVM_VERSION = "cancun";

interface Compiler {
  version(): string;
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
}

const compiler = createRequire(join(ROOT, "tools/oldest/package.json"))("solc") as Compiler;
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const paths = globSync(FOLDERS, { cwd: ROOT }).sort();
if (paths.length === 0) throw new Error(`There is nothing in ${FOLDERS}`);
const input = {
  language: "Solidity",
  sources: Object.fromEntries(paths.map((path) => [path, { content: read(path) }])),
  // Bytecode is asked for, because some errors come up only where code is made.
  settings: { evmVersion: EVM_VERSION, outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
};
const output = compiler.compile(JSON.stringify(input), {
  import: (path) => ({ contents: read(join("node_modules", path)) }),
});
const errors = ((JSON.parse(output) as Output).errors ?? []).filter(({ severity }) => severity === "error");
for (const { formattedMessage } of errors) console.error(formattedMessage);
console.log(`${paths.length} sources, ${errors.length} errors with solc ${compiler.version()}`);
if (errors.length > 0) process.exitCode = 1;
