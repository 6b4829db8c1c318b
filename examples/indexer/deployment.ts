import { readFileSync } from "node:fs";

import { type Deployment, readDeployment } from "@opg-protocol/sdk";

/** The environment variable of this name. */
function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`Set ${name}: see README.md.`);
  return value;
}

/** What is indexed: the file that the deployment wrote. */
export const deployment: Deployment = readDeployment(JSON.parse(readFileSync(required("OPG_DEPLOYMENT"), "utf8")));

/** Through which RPC. */
export const rpcUrl = required("OPG_RPC_URL");
