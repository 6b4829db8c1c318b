/** The contracts as Hardhat has compiled them, and those of them compiled again of which a source was changed. */
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";

import { z } from "zod";

import type { AstNode } from "../solidity.ts";

/** What Hardhat calls the sources of this repository. */
const PROJECT = "project/";

const NODE = z.looseObject({ nodeType: z.string(), src: z.string() });
const INPUT = z.object({
  input: z.object({
    sources: z.record(z.string(), z.object({ content: z.string() })),
    settings: z.looseObject({ outputSelection: z.unknown() }),
  }),
});
const OUTPUT = z.object({
  output: z.object({ sources: z.record(z.string(), z.object({ ast: z.looseObject({ nodes: z.array(NODE) }) })) }),
});
const CODE = z.object({ object: z.string(), linkReferences: z.unknown() });
const COMPILED = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.unknown(),
          evm: z.object({ bytecode: CODE, deployedBytecode: CODE.extend({ immutableReferences: z.unknown() }) }),
        }),
      ),
    )
    .default({}),
});

/** What a change makes of a contract, as its artifact has it. */
export interface Compiled {
  /** Path of its source from the root of the repository. */
  readonly source: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The compiler does not take what was changed. */
export class DoesNotCompile extends Error {}

export class Build {
  readonly #contents: Readonly<Record<string, string>>;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #trees: Readonly<Record<string, readonly AstNode[]>>;
  readonly #importsOf: ReadonlyMap<string, readonly string[]>;

  private constructor(
    contents: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, unknown>>,
    trees: Readonly<Record<string, readonly AstNode[]>>,
  ) {
    this.#contents = contents;
    this.#settings = settings;
    this.#trees = trees;
    this.#importsOf = new Map(
      Object.entries(trees).map(([name, nodes]) => [
        name,
        nodes.filter(({ nodeType }) => nodeType === "ImportDirective").map((node) => String(node["absolutePath"])),
      ]),
    );
  }

  /** The only build that there is under `root`. */
  static read(root: string): Build {
    const [input, output, ...others] = globSync("artifacts/build-info/*.json", { cwd: root }).sort();
    if (input === undefined || output === undefined || others.length > 0)
      throw new Error("There is not one build: run `hardhat build --force --no-tests`");
    const json = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
    const { sources, settings } = INPUT.parse(json(input)).input;
    const trees = OUTPUT.parse(json(output)).output.sources;
    const map = <From, To>(record: Record<string, From>, to: (from: From) => To) =>
      Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
    return new Build(
      map(sources, ({ content }) => content),
      settings,
      map(trees, ({ ast }) => ast.nodes),
    );
  }

  /** Text of a source, as it was compiled. */
  contentOf(source: string): string {
    const content = this.#contents[PROJECT + source];
    if (content === undefined) throw new Error(`${source} was not compiled`);
    return content;
  }

  treeOf(source: string): readonly AstNode[] {
    return this.#trees[PROJECT + source] ?? [];
  }

  /** Sources that have a source's code in theirs, itself among them. */
  usersOf(source: string): string[] {
    const changed = PROJECT + source;
    return [...this.#importsOf.keys()]
      .filter((name) => name.startsWith(PROJECT) && this.#closureOf([name]).has(changed))
      .map((name) => name.slice(PROJECT.length));
  }

  /** Compiles what has changed sources in it. */
  async compile(changes: ReadonlyMap<string, string>): Promise<Compiled[]> {
    const users = new Set([...changes.keys()].flatMap((source) => this.usersOf(source)));
    const targets = [...users].map((source) => PROJECT + source);
    const sources = Object.fromEntries(
      [...this.#closureOf(targets)].map((name) => [
        name,
        { content: changes.get(name.slice(PROJECT.length)) ?? this.#contents[name] ?? "" },
      ]),
    );
    const outputs = ["abi", "evm.bytecode", "evm.deployedBytecode"];
    const selection = Object.fromEntries(targets.map((name) => [name, { "*": outputs }]));
    const settings = { ...this.#settings, outputSelection: selection };
    const answer = COMPILED.parse(JSON.parse(await solc({ language: "Solidity", sources, settings })));
    const error = answer.errors.find(({ severity }) => severity === "error");
    if (error !== undefined) throw new DoesNotCompile(error.formattedMessage);
    return Object.entries(answer.contracts).flatMap(([file, contracts]) =>
      Object.entries(contracts).map(([name, { abi, evm }]) => ({
        source: file.slice(PROJECT.length),
        name,
        fields: {
          abi,
          bytecode: `0x${evm.bytecode.object}`,
          deployedBytecode: `0x${evm.deployedBytecode.object}`,
          linkReferences: evm.bytecode.linkReferences,
          deployedLinkReferences: evm.deployedBytecode.linkReferences,
          immutableReferences: evm.deployedBytecode.immutableReferences,
        },
      })),
    );
  }

  /** These and all that they import. */
  #closureOf(names: readonly string[]): Set<string> {
    const found = new Set(names);
    for (const name of found) for (const imported of this.#importsOf.get(name) ?? []) found.add(imported);
    return found;
  }
}

/** Answer of the compiler, in a process of its own: several can run at once. */
async function solc(input: unknown): Promise<string> {
  const child = spawn("node", [join(import.meta.dirname, "../../tools/solc")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(input));
  return text(child.stdout);
}
