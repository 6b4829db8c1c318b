/** A copy of the repository in which something is broken and tests are run to see whether they notice. */
import { execFile } from "node:child_process";
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import type { Build, Compiled } from "./Build.ts";

const HERE = join(import.meta.dirname, "../..");
/** Packages of the repository itself, which a copy has its own of. */
const OWN_SCOPE = "@opg-protocol";
/** Packages of which others run what was built. */
const BUILT = ["packages/sdk", "packages/node", "packages/cli"];
/** Modules of the process in which models run, which may follow no link out of the repository that it is of. */
const RUNTIME = /^onnxruntime-/;
/** Most output of a command that is kept, bytes. */
const MOST_OUTPUT = 1 << 28;
/** Milliseconds after which tests count as stuck. */
const MOST_TIME = 1_800_000;
/** Of Mocha, of Hardhat's Solidity tests and of Node's test runner. */
const PASSED = /(?<=^[ℹ#] pass )\d+|\d+(?= passing)/gm;
const FAILED = /(?<=^[ℹ#] fail )\d+|\d+(?= failing)/gm;

/** How tests went. */
export interface Outcome {
  readonly passed: number;
  /** Also 1 if they did not come to an end. */
  readonly failed: number;
}

export class Lab {
  readonly #build: Build;
  readonly #folder: string;

  /** Copies what git knows, with what was built. */
  constructor(build: Build) {
    this.#build = build;
    this.#folder = mkdtempSync(join(tmpdir(), "opg-lab-"));
    process.once("exit", () => {
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  async prepare(): Promise<void> {
    const { output } = await this.#run(HERE, "git", ["ls-files", "-z"]);
    const built = [
      "artifacts/contracts",
      "artifacts/@openzeppelin",
      ...readdirSync(join(HERE, "packages")).map((name) => `packages/${name}/dist`),
    ];
    for (const path of [...output.split("\0"), ...built].filter((file) => file !== "" && existsSync(join(HERE, file))))
      cpSync(join(HERE, path), join(this.#folder, path), { recursive: true });
    this.#linkModules();
    await this.#must("git", "init", "--quiet");
  }

  /** Applies a patch, and builds what it changes. Gives the function that takes it back. */
  async apply(patch: string): Promise<() => Promise<void>> {
    const files = [...readFileSync(patch, "utf8").matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file = ""]) => file);
    await this.#must("git", "apply", patch);
    const undo = async (): Promise<void> => {
      await this.#must("git", "apply", "-R", patch);
    };
    try {
      const contracts = files.filter((file) => file.startsWith("contracts/"));
      const texts = new Map(contracts.map((file) => [file, readFileSync(join(this.#folder, file), "utf8")]));
      const restore = texts.size > 0 ? this.install(await this.#build.compile(texts)) : () => undefined;
      const isBuilt = files.some((file) => BUILT.some((path) => file.startsWith(`${path}/`)));
      const unbuild = isBuilt ? await this.#buildPackages() : () => undefined;
      return async () => {
        restore();
        unbuild();
        await undo();
      };
    } catch (error) {
      await undo();
      throw error;
    }
  }

  /** Builds packages again. Gives the function that takes that back. */
  async #buildPackages(): Promise<() => void> {
    const folders = BUILT.map((path) => join(this.#folder, path, "dist"));
    for (const folder of folders) cpSync(folder, `${folder}.before`, { recursive: true });
    const restore = (): void => {
      for (const folder of folders) {
        rmSync(folder, { recursive: true });
        renameSync(`${folder}.before`, folder);
      }
    };
    try {
      await this.#must("tsc", "-b", ...BUILT);
      return restore;
    } catch (error) {
      restore();
      throw error;
    }
  }

  /** What was built of a contract. */
  artifactOf({ source, name }: Pick<Compiled, "source" | "name">): Readonly<Record<string, unknown>> {
    return JSON.parse(readFileSync(join(this.#folder, artifactPath(source, name)), "utf8")) as Record<string, unknown>;
  }

  /** Changes a file, if there is one. Gives the function that takes that back. */
  change(file: string, to: (text: string) => string): () => void {
    const path = join(this.#folder, file);
    if (!existsSync(path)) return () => undefined;
    const text = readFileSync(path, "utf8");
    writeFileSync(path, to(text));
    return () => {
      writeFileSync(path, text);
    };
  }

  /** Puts contracts in place of those that were built. Gives the function that takes them back. */
  install(contracts: readonly Compiled[]): () => void {
    const undos = contracts.flatMap(({ source, name, fields }) => [
      this.change(artifactPath(source, name), (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...fields })),
      // Many tests deploy with these, which have the code in them.
      this.change(join("typechain-types/factories", dirname(source), `${name}__factory.ts`), (text) =>
        text
          .replace(/(?<=const _abi = )\[.*\](?= as const;)/s, () => JSON.stringify(fields["abi"]))
          .replace(/(?<=const _bytecode =\s+)"0x\w*"/, () => JSON.stringify(fields["bytecode"])),
      ),
    ]);
    return () => {
      for (const undo of undos) undo();
    };
  }

  /** Tests in TypeScript of contracts, of those given the ones whose title has a word in it. Stops at the first that fails. */
  mocha(files: readonly string[], title?: string): Promise<Outcome> {
    const chosen = title === undefined ? [] : ["--grep", title];
    return this.#test(".", "hardhat", [
      "--no-typechain",
      "test",
      "mocha",
      "--no-compile",
      "--bail",
      ...chosen,
      ...files,
    ]);
  }

  /** Tests in Solidity of contracts, which are compiled for that. */
  solidity(files: readonly string[], names?: readonly string[]): Promise<Outcome> {
    const chosen = names === undefined ? [] : ["--grep", names.join("|")];
    return this.#test(".", "hardhat", ["--no-typechain", "test", "solidity", ...chosen, ...files]);
  }

  /** Tests of a package, of those given the ones whose title has a word in it. */
  package(folder: string, files: readonly string[], title: string): Promise<Outcome> {
    const setup = join(this.#folder, folder, "test/support/setup.ts");
    return this.#test(folder, "node", [
      "--test",
      `--test-name-pattern=${title}`,
      ...(existsSync(setup) ? [`--test-global-setup=${setup}`] : []),
      ...files.map((file) => relative(folder, file)),
    ]);
  }

  async #test(folder: string, command: string, args: readonly string[]): Promise<Outcome> {
    const { code, output } = await this.#run(join(this.#folder, folder), command, args);
    const sum = (pattern: RegExp): number =>
      [...output.matchAll(pattern)].reduce((total, [count]) => total + Number(count), 0);
    const [passed, failed] = [sum(PASSED), sum(FAILED)];
    if (code === null) return { passed, failed: 1 };
    if (code !== 0 && failed === 0) throw new Error(`The tests did not run:\n${output.slice(-3_000)}`);
    return { passed, failed };
  }

  async #must(command: string, ...args: readonly string[]): Promise<void> {
    const { code, output } = await this.#run(this.#folder, command, args);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${output.slice(-3_000)}`);
  }

  /** Code is null where a command was stopped. */
  #run(cwd: string, command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
    return new Promise((done) => {
      execFile(
        command,
        args,
        { cwd, maxBuffer: MOST_OUTPUT, timeout: MOST_TIME, killSignal: "SIGKILL" },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
          done({ code, output: `${stdout}${stderr}` });
        },
      );
    });
  }

  /** The same modules, but for the repository's own packages and what must stand in its place. */
  #linkModules(): void {
    const modules = join(HERE, "node_modules");
    const link = (target: string, path: string): void => {
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(target, path);
    };
    for (const name of readdirSync(modules).filter((entry) => entry !== OWN_SCOPE)) {
      const [from, to] = [join(modules, name), join(this.#folder, "node_modules", name)];
      if (RUNTIME.test(name)) cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
      else link(from, to);
    }
    for (const name of readdirSync(join(HERE, "packages"))) {
      link(join(this.#folder, "packages", name), join(this.#folder, "node_modules", OWN_SCOPE, name));
      const nested = join(HERE, "packages", name, "node_modules");
      if (existsSync(nested)) link(nested, join(this.#folder, "packages", name, "node_modules"));
    }
  }
}

/** Where Hardhat keeps what it built of a contract. */
const artifactPath = (source: string, name: string): string => join("artifacts", source, `${name}.json`);
