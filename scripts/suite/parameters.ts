/** The numbers of a deployment: read from deploy/parameters/, checked against the modules that ask for them. */
import { join } from "node:path";

import { readDeploymentParameters } from "@nomicfoundation/hardhat-ignition/helpers";
import {
  isModuleParameterRuntimeValue,
  type DeploymentParameters,
  type IgnitionModule,
} from "@nomicfoundation/ignition-core";
import { isAddress, isHexString, ZeroAddress } from "ethers";
import { z } from "zod";

import { futuresOf } from "./module.ts";
import { EXIT, SuiteError } from "./outcome.ts";
import type { Suite } from "./suite.ts";

const text = z.string().refine((value) => !isHexString(value) || value.length !== 42 || isAddress(value), {
  error: "is an address with a wrong checksum",
});
const amount = z.union([
  z.int({ error: "must be a whole number; those above 2^53 are strings of digits that end with n" }).nonnegative(),
  z.bigint().nonnegative(),
]);
const Value: z.ZodType<Value> = z.lazy(() =>
  z.union([amount, z.boolean(), text, z.array(Value), z.record(z.string(), Value)]),
);
type Value = bigint | number | boolean | string | Value[] | { [name: string]: Value };
const Parameters = z.record(z.string(), z.record(z.string(), Value));

/** Where the parameters of a network are. */
export const parametersFile = ({ hre, network }: Suite): string =>
  join(hre.config.paths.ignition, "parameters", `${network.parameters}.json5`);

/**
 * Reads the parameters of a network: `deployer` stands wherever the file leaves an account to who deploys.
 * @throws SuiteError that names each parameter which is missing, unknown or of a wrong form.
 */
export async function readParameters(
  suite: Suite,
  module: IgnitionModule,
  deployer: string,
): Promise<DeploymentParameters> {
  const path = parametersFile(suite);
  const fix = `Correct ${path}; docs/parameters.md says what each number means`;
  const given = await readDeploymentParameters(path).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new SuiteError(`The parameters cannot be read: ${why}`, fix, EXIT.failed, { cause });
  });
  const parsed = Parameters.safeParse(given);
  if (!parsed.success) throw new SuiteError(`The parameters are malformed:\n${z.prettifyError(parsed.error)}`, fix);
  const wrong = differencesOf(parametersOf(module), namesOf(parsed.data));
  if (wrong.length > 0) throw new SuiteError(`The parameters do not fit the modules: ${wrong.join("; ")}`, fix);
  if (suite.network.kind === "mainnet" && leavesOpen(parsed.data)) {
    throw new SuiteError(
      "The parameters leave accounts open: where OPG has value, whoever deploys gets nothing by default",
      `Put the accounts of all allocations into ${path}`,
    );
  }
  return fill(parsed.data, deployer) as DeploymentParameters;
}

function leavesOpen(value: Value): boolean {
  if (typeof value !== "object") return value === ZeroAddress;
  return Object.values(value).some(leavesOpen);
}

/** Zero stands for whoever deploys. */
function fill(value: Value, deployer: string): Value {
  if (value === ZeroAddress) return deployer;
  if (Array.isArray(value)) return value.map((field) => fill(field, deployer));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, fill(field, deployer)]));
}

const namesOf = (parameters: z.infer<typeof Parameters>): string[] =>
  Object.entries(parameters).flatMap(([module, values]) => Object.keys(values).map((name) => `${module}.${name}`));

interface Asked {
  readonly name: string;
  readonly isOptional: boolean;
}

function differencesOf(asked: readonly Asked[], given: readonly string[]): string[] {
  const known = asked.map(({ name }) => name);
  return [
    ...asked
      .filter(({ name, isOptional }) => !isOptional && !given.includes(name))
      .map(({ name }) => `${name} is missing`),
    ...given.filter((name) => !known.includes(name)).map((name) => `${name} is unknown`),
  ];
}

/** The parameters that the steps of a module take. */
function parametersOf(module: IgnitionModule): Asked[] {
  const asked = new Map<string, Asked>();
  const visit = (value: unknown): void => {
    if (isModuleParameterRuntimeValue(value)) {
      const name = `${value.moduleId}.${value.name}`;
      asked.set(name, { name, isOptional: value.defaultValue !== undefined });
    } else if (Array.isArray(value)) {
      for (const field of value) visit(field);
    } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      for (const field of Object.values(value)) visit(field);
    }
  };
  for (const future of futuresOf(module)) {
    if ("constructorArgs" in future) visit(future.constructorArgs);
    if ("args" in future) visit(future.args);
  }
  return [...asked.values()];
}

/** The paths at which two sets of parameters differ, with both values. */
export function changesOf(before: unknown, after: unknown, path = ""): string[] {
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => changesOf(before[name], after[name], path === "" ? name : `${path}.${name}`));
  }
  const [was, is] = [before, after].map((value) => (value === undefined ? "nothing" : JSON.stringify(value)));
  return was === is ? [] : [`${path} was ${String(was)}, is ${String(is)}`];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** As exported and compared: numbers beyond JSON's are strings of digits. */
export const plain = (parameters: DeploymentParameters): unknown =>
  JSON.parse(
    JSON.stringify(parameters, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
  );
