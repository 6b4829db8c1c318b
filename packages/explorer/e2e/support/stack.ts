/** What `npm run chain` has started: a chain with the suite, models, a node, and the page. */
import { readFileSync } from "node:fs";

import { type Client, createClient, type Deployment, readDeployment } from "@opg-protocol/sdk";
import { type HDNodeWallet, JsonRpcProvider, NonceManager } from "ethers";

const POLLING_INTERVAL = 100;

/** The file that `OPG_DEPLOYMENT` names, beyond what every deployment's file has. */
interface Described {
  /** Of the digits, for several nodes. */
  readonly versionId: string;
  /** Those that the node answers alone. */
  readonly versions: Readonly<Record<"digits" | "volatility", string>>;
  readonly node: string;
}

export interface Stack extends Described {
  readonly rpcUrl: string;
  /** Without a slash at its end. */
  readonly pageUrl: string;
  readonly deployment: Deployment;
  readonly provider: JsonRpcProvider;
  /** What an account does through the SDK. */
  client(account: HDNodeWallet): Promise<Client>;
  close(): void;
}

/** @throws if it was not started. */
export function readStack(): Stack {
  const [rpcUrl, file, pageUrl] = ["OPG_RPC_URL", "OPG_DEPLOYMENT", "OPG_EXPLORER_URL"].map(variable);
  if (rpcUrl === undefined || file === undefined || pageUrl === undefined) {
    throw new Error("Run these tests with `npm run test:explorer`, or set what `npm run chain` prints.");
  }
  const described = JSON.parse(readFileSync(file, "utf8")) as Described;
  const deployment = readDeployment(described);
  const provider = new JsonRpcProvider(rpcUrl, undefined, { cacheTimeout: -1, pollingInterval: POLLING_INTERVAL });
  const { versionId, versions, node } = described;
  return {
    ...{ rpcUrl, pageUrl, deployment, provider, versionId, versions, node },
    client: (account) => createClient({ provider, ...deployment, signer: new NonceManager(account.connect(provider)) }),
    close: () => {
      provider.destroy();
    },
  };
}

const variable = (name: string): string | undefined => process.env[name];
