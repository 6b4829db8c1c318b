import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { PublishedDeployment } from "../packages/sdk/src/addresses.ts";
import { readDeployment } from "../packages/sdk/src/deployment.ts";

/** Chains on one machine: what is deployed there is nobody else's. */
const LOCAL = [1337, 31337];

type Book = Record<number, Record<string, PublishedDeployment>>;

/**
 * What the files `<chainId>/<name>.json` in a folder say, local chains left out.
 * @throws Error that names the file and what is wrong with it.
 */
export function readAddressBook(folder: string): Book {
  const book: Book = {};
  if (!existsSync(folder)) return book;
  for (const file of globSync("*/*.json", { cwd: folder }).sort()) {
    const path = join(folder, file);
    const chainId = Number(dirname(file));
    if (LOCAL.includes(chainId)) continue;
    (book[chainId] ??= {})[basename(file, ".json")] = deploymentIn(path, chainId);
  }
  return book;
}

function deploymentIn(path: string, chainId: number): PublishedDeployment {
  try {
    const deployment = readDeployment(JSON.parse(readFileSync(path, "utf8")));
    if (deployment.chainId !== chainId) {
      throw new Error(`It says chain ${deployment.chainId}: move it to the folder of that chain.`);
    }
    return deployment as PublishedDeployment; // addresses have passed as such
  } catch (cause) {
    throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
