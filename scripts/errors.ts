/**
 * Proves that a test raises each custom error in the ABIs of our contracts, and each of the catalogue, with all of its
 * arguments: what a caller is told about a refusal is then what happened. Lists those that no test raises so.
 *
 *   npm run errors
 */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { ErrorFragment } from "ethers";
import ts from "typescript";

const ABIS = "packages/sdk/src/abi/*.ts";
/** Has the errors of libraries, too, which others compile into their contracts. */
const CATALOGUE = "packages/sdk/src/errors/catalogue.ts";
const TYPESCRIPT = "test/**/*.ts";
const SOLIDITY = "test/**/*.sol";

const UNUSED = "OpenZeppelin declares it, and nothing that we inherit raises it";
const BOUNDED = "our own bounds are narrower, and refuse first";
const NAMED = "for names that do not fit into a word: ours are constants that do";
const PAID = "for more ether than there is: they send what they were just sent, or a part of what they have";

/** Errors of OpenZeppelin in which no transaction can end, and why. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  AccessManagedRequiredDelay: UNUSED,
  GovernorAlreadyQueuedProposal: UNUSED,
  GovernorInvalidVoteParams: UNUSED,
  GovernorInvalidQuorumFraction: BOUNDED,
  GovernorInvalidVotingPeriod: BOUNDED,
  GovernorPreventLateQuorumVoteExtensionTooLarge: BOUNDED,
  InvalidShortString: NAMED,
  StringTooLong: NAMED,
  InsufficientBalance: PAID,
  CheckpointUnorderedInsertion: "the time of a block is never before that of an earlier one",
  ECDSAInvalidSignatureLength: "permits and delegations are signed in three words, not in bytes of some length",
  ERC20ExceededSafeSupply: "the supply is fixed, far below what votes can count",
  ERC20InvalidSender: "nobody sends from the zero address: its approver is missing first",
  ERC721InvalidSender: "a model is minted once: the registry refuses a second one of its id first",
  ERC6372InconsistentClock: "a token's clock is the time of the block",
  GovernorProposalQueueingFailed: "the timelock says when, of every proposal",
  GovernorProposalQueueingNotRequired: "every proposal has to be queued",
};

interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly unknown[];
}

type AbiModule = Readonly<Record<string, readonly AbiItem[]>>;

interface CatalogueModule {
  readonly catalogue: Readonly<Record<string, { readonly signature: string }>>;
}

/** An error with how many arguments; chai and the EVM see to it that those of a test are as many, and equal. */
const raising = (name: string, count: number): string => `${name} with ${count} arguments`;

const read = (path: string): string => readFileSync(path, "utf8");

const load = <Module>(path: string): Promise<Module> => import(pathToFileURL(resolve(path)).href) as Promise<Module>;

/** How many arguments each error has, by name. */
async function allErrors(): Promise<ReadonlyMap<string, number>> {
  const abis = await Promise.all(globSync(ABIS).map((path) => load<AbiModule>(path)));
  const items = abis.flatMap((module) => Object.values(module).flat()).filter(({ type }) => type === "error");
  const { catalogue } = await load<CatalogueModule>(CATALOGUE);
  const listed = Object.values(catalogue).map(({ signature }) => ErrorFragment.from(signature));
  if (items.length === 0) throw new Error("No errors were found");
  return new Map([...items, ...listed].map(({ name = "", inputs = [] }) => [name, inputs.length]));
}

/** The arguments of a call of the method with this name, and what it is called on. */
function callOf(node: ts.Node, method: string) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { name, expression } = node.expression;
  return name.text === method ? { args: node.arguments, expression } : undefined;
}

/** `.revertedWithCustomError(contract, "Name")`, with or without `.withArgs(…)`. */
function raisedInTypeScript(path: string): string[] {
  const raised: string[] = [];
  const visit = (node: ts.Node): void => {
    const given = callOf(node, "withArgs");
    const [, error] = callOf(given?.expression ?? node, "revertedWithCustomError")?.args ?? [];
    if (error !== undefined && ts.isStringLiteral(error)) raised.push(raising(error.text, given?.args.length ?? 0));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest));
  return raised;
}

/** The arguments of a call in Solidity, from behind its opening bracket. */
function argumentsFrom(source: string): readonly string[] {
  const args: string[] = [];
  let [depth, begin] = [0, 0];
  for (const { 0: character, index } of source.matchAll(/[()[\]{},]/g)) {
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (depth < 0 || (depth === 0 && character === ",")) {
      args.push(source.slice(begin, index));
      begin = index + 1;
    }
    if (depth < 0) break;
  }
  return args;
}

const selectorsIn = (source: string): string[] =>
  [...source.matchAll(/\b(\w+)\.selector\b/g)].map(([, name = ""]) => name);

/** `Name.selector`, alone or in `abi.encodeWithSelector(…)`, which may take it from a variable that was set just before. */
function raisedInSolidity(path: string): string[] {
  const source = read(path);
  const encoded = [...source.matchAll(/\babi\.encodeWithSelector\(/g)].flatMap(({ 0: call, index }) => {
    const [selector = "", ...rest] = argumentsFrom(source.slice(index + call.length));
    const set = source.slice(0, index).split(`bytes4 ${selector.trim()} = `).slice(1).at(-1)?.split(";")[0];
    return selectorsIn(set ?? selector).map((name) => raising(name, rest.length));
  });
  return [...selectorsIn(source).map((name) => raising(name, 0)), ...encoded];
}

const errors = await allErrors();
const raised = new Set([
  ...globSync(TYPESCRIPT).flatMap(raisedInTypeScript),
  ...globSync(SOLIDITY).flatMap(raisedInSolidity),
]);
const isRaised = (name: string): boolean => raised.has(raising(name, errors.get(name) ?? 0));
const isExempt = (name: string): boolean => name in UNREACHABLE;

const untested = [...errors].filter(([name]) => !isRaised(name) && !isExempt(name));
const reached = Object.keys(UNREACHABLE).filter(isRaised);
for (const [name, count] of untested) console.error(`no test raises ${raising(name, count)}`);
for (const name of reached) console.error(`${name} can be raised: scripts/errors.ts says that it cannot`);
console.log(`${errors.size} errors, ${[...errors.keys()].filter(isExempt).length} of which cannot be raised`);
if (untested.length + reached.length > 0) process.exitCode = 1;
