/**
 * What a deployment began with, beside Ignition's journal: parameters, bytecode, deployer, chain. Whoever resumes it with
 * anything else is refused, because half of a suite with these numbers and half with those is none.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { id } from "ethers";
import { z } from "zod";

import { SuiteError, toJson } from "./outcome.ts";
import { changesOf } from "./parameters.ts";
import type { Suite } from "./suite.ts";

export const RecordContent = z.object({
  chainId: z.number(),
  /** Tells a chain from another with the same number, such as one that was started anew. */
  genesis: z.string(),
  deployer: z.string(),
  strategy: z.enum(["basic", "create2"]),
  /** The commit of the sources; `dirty` when they were not what it holds. */
  commit: z.object({ id: z.string(), dirty: z.boolean() }).nullable(),
  compiler: z.object({
    version: z.string(),
    viaIR: z.boolean(),
    evmVersion: z.string(),
    optimizer: z.object({ enabled: z.boolean(), runs: z.number() }),
    bytecodeHash: z.string(),
  }),
  /** Hash of each contract's creation code. */
  creationCode: z.record(z.string(), z.string()),
  parameters: z.record(z.string(), z.record(z.string(), z.json())),
});
export type DeploymentRecord = z.infer<typeof RecordContent>;

/** With the hash of all the rest, so that a record which was changed by hand is noticed. */
const Record = RecordContent.extend({ hash: z.string() });

const pathOf = ({ journalFolder }: Suite): string => join(journalFolder, "suite.json");
const hashOf = (content: DeploymentRecord): string => id(toJson(content));

/** What the deployment began with, or undefined before it does. */
export function readRecord(suite: Suite): DeploymentRecord | undefined {
  const path = pathOf(suite);
  if (!existsSync(path)) return undefined;
  const parsed = Record.safeParse(JSON.parse(readFileSync(path, "utf8")));
  const fix = `Restore ${path}, or deploy under another name: --deployment`;
  if (!parsed.success)
    throw new SuiteError(`The record of the deployment is malformed:\n${z.prettifyError(parsed.error)}`, fix);
  const { hash, ...content } = parsed.data;
  if (hash !== hashOf(content)) {
    throw new SuiteError(`The record of the deployment was changed: its hash is ${hashOf(content)}, not ${hash}`, fix);
  }
  return content;
}

/**
 * Writes down what a deployment begins with; when it has begun, compares.
 * @throws SuiteError that names everything which is not as it was.
 */
export function keepRecord(suite: Suite, content: DeploymentRecord): DeploymentRecord {
  const before = readRecord(suite);
  const now = RecordContent.parse(JSON.parse(toJson(content)));
  if (before === undefined) return write(suite, now);
  const unlike = (["chainId", "genesis", "deployer", "strategy", "creationCode", "parameters"] as const).flatMap(
    (field) => changesOf(before[field], now[field], field),
  );
  if (unlike.length === 0) return before;
  throw new SuiteError(
    `The deployment ${suite.deployment} began with something else: ${unlike.join("; ")}`,
    "Restore what it began with to finish it, or deploy under another name: --deployment",
  );
}

function write(suite: Suite, content: DeploymentRecord): DeploymentRecord {
  const path = pathOf(suite);
  mkdirSync(suite.journalFolder, { recursive: true });
  // Whoever is killed here leaves either no record or a whole one.
  writeFileSync(`${path}.new`, toJson({ ...content, hash: hashOf(content) }, 2));
  renameSync(`${path}.new`, path);
  return content;
}
