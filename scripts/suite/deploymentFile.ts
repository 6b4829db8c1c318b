/** `deployments/<chainId>/<name>.json`: what the address book is made of, and all that a check needs. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";

import { z } from "zod";

import { readDeployment } from "../../packages/sdk/src/deployment.ts";
import { commandOf } from "./commands.ts";
import { EXIT, SuiteError, toJson } from "./outcome.ts";
import { RecordContent } from "./record.ts";
import { type Suite } from "./suite.ts";

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`));

/** A transaction of the deployment, as far as it must be known to do it again. */
const transaction = { transaction: hex(32), nonce: z.int().nonnegative(), block: z.int().nonnegative() };

const Step = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("contract"),
    /** The name in the address book. */
    key: z.string(),
    contract: z.string(),
    address: hex(20),
    constructorArguments: z.array(z.json()),
    /** Of the code that is on the chain, immutables included. */
    codeHash: hex(32),
    ...transaction,
  }),
  z.strictObject({
    kind: z.literal("call"),
    to: hex(20),
    contract: z.string(),
    function: z.string(),
    arguments: z.array(z.json()),
    ...transaction,
  }),
]);

const File = RecordContent.extend({
  name: z.string(),
  network: z.string(),
  startBlock: z.int().nonnegative(),
  addresses: z.record(z.string(), hex(20)),
  /** In the order in which the chain took them. */
  steps: z.array(Step),
});

export type DeploymentFile = z.infer<typeof File>;
export type DeploymentStep = z.infer<typeof Step>;
export type ContractStep = Extract<DeploymentStep, { kind: "contract" }>;

export const isContract = (step: DeploymentStep): step is ContractStep => step.kind === "contract";

/**
 * Reads what was exported.
 * @throws SuiteError when there is none, or when it is not a whole one.
 */
export function readDeploymentFile(suite: Suite): DeploymentFile {
  const { exportFile, hre, network } = suite;
  const path = relative(hre.config.paths.root, exportFile);
  const fix = commandOf(suite, "export");
  if (!existsSync(exportFile)) throw new SuiteError(`There is no ${path}`, fix, EXIT.wrongUse);
  const parsed = File.safeParse(JSON.parse(readFileSync(exportFile, "utf8")));
  if (!parsed.success) throw new SuiteError(`${path} is malformed:\n${z.prettifyError(parsed.error)}`, fix);
  if (parsed.data.chainId !== network.chainId) {
    throw new SuiteError(`${path} is of chain ${parsed.data.chainId}, not of ${network.chainId}`, fix);
  }
  return parsed.data;
}

const textOf = (file: DeploymentFile): string => `${toJson(file, 2)}\n`;

/** Whether what was exported before is something else, or nothing. */
export const isNews = ({ exportFile }: Suite, file: DeploymentFile): boolean =>
  !existsSync(exportFile) || readFileSync(exportFile, "utf8") !== textOf(file);

/** Writes it so that the SDK can read it. */
export function writeDeploymentFile({ exportFile }: Suite, file: DeploymentFile): void {
  const text = textOf(file);
  readDeployment(JSON.parse(text));
  mkdirSync(dirname(exportFile), { recursive: true });
  writeFileSync(`${exportFile}.new`, text);
  renameSync(`${exportFile}.new`, exportFile);
}
