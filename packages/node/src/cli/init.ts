import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { cancel, intro, isCancel, note, outro, text } from "@clack/prompts";
import { type Addresses, createClient, readAddresses, signConsent } from "@opg-protocol/sdk";
import { Wallet } from "ethers";
import JSON5 from "json5";

import { reach } from "../chain/connect.ts";
import { CONFIG_FILE, ConfigError, parseConfig, parseWatchConfig } from "../config/Config.ts";
import { loadSecret, writePrivate } from "../keys/Keystore.ts";

const PASSWORD_BYTES = 32;

export interface InitOptions {
  /** Makes the folder of who only watches: without a node and without versions. */
  readonly watcher?: boolean;
  readonly node?: string;
  readonly rpcUrl?: string;
  /** The JSON file of the deployment, or one of its addresses alone. */
  readonly addresses?: string;
  readonly versionId?: readonly string[];
  readonly json?: boolean;
}

/** What `init` has made. */
interface Made {
  readonly folder: string;
  readonly signer: string;
  /** Of a node: with it the owner registers the signer. */
  readonly consent?: string;
}

/** Makes a data folder: a fresh hot key, the secret of its salts, the configuration. Overwrites nothing. */
export async function init(folder: string, options: InitOptions): Promise<void> {
  const path = join(folder, CONFIG_FILE);
  if (existsSync(path)) throw new ConfigError(path, "is there already; a node has one data folder");
  const isInteractive = options.json !== true && process.stdin.isTTY;
  const isWatcher = options.watcher === true;
  if (isInteractive) intro(isWatcher ? "A new watcher" : "A new node");
  const own = isWatcher ? {} : await askNode(options, isInteractive);
  const rpcUrl = await answer("rpc-url", "Where is the chain reached", options.rpcUrl, isInteractive);
  const book = await answer("addresses", "File of the deployment", options.addresses, isInteractive);
  const config = { ...own, addresses: addressesIn(book), chain: { rpcUrl } };
  const { node, addresses } = isWatcher ? parseWatchConfig(path, config) : parseConfig(path, config);

  const provider = await reach(rpcUrl);
  const signer = Wallet.createRandom();
  const client = await createClient({ provider, addresses });
  const consent = node === undefined ? undefined : await signConsent(client, { node, signer });
  provider.destroy();

  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = randomBytes(PASSWORD_BYTES).toString("hex");
  writePrivate(join(folder, "signer.password"), password);
  writePrivate(join(folder, "signer.json"), await signer.encrypt(password));
  loadSecret(join(folder, "secret"));
  writeFileSync(path, `${JSON5.stringify(config, { space: 2 })}\n`, { flag: "wx" });

  const made: Made = { folder, signer: signer.address, ...(consent !== undefined && { consent }) };
  if (!isInteractive) {
    process.stdout.write(options.json === true ? `${JSON.stringify(made)}\n` : nextSteps(made));
    return;
  }
  note(nextSteps(made), "Next");
  outro(path);
}
/** What a node's configuration says beyond that of a watcher. */
async function askNode({ node, versionId }: InitOptions, isInteractive: boolean | undefined) {
  const address = await answer("node", "Address that registers the node", node, isInteractive);
  const ids = await answer("version-id", "Version to offer", versionId?.join(","), isInteractive);
  return { node: address, versions: ids.split(",").map((id) => ({ id })) };
}

/** The addresses in the file that a deployment writes, or in one that has nothing else. */
function addressesIn(path: string): Addresses {
  try {
    const book: unknown = JSON5.parse(readFileSync(path, "utf8"));
    const isDeployment = typeof book === "object" && book !== null && "addresses" in book;
    return readAddresses(isDeployment ? book.addresses : book);
  } catch (error) {
    throw new ConfigError(path, error instanceof Error ? error.message : String(error));
  }
}

function nextSteps({ folder, signer, consent }: Made): string {
  const coin = `1. Send ${signer} some of the chain's coin: it pays for gas.\n`;
  if (consent === undefined) {
    return `${coin}\
2. Deposit OPG for the same address in DisputeGame (\`depositBond\` of the SDK), several bonds.
3. opg-node doctor, then opg-node watch.
`;
  }
  return `${coin}\
2. From the node's address call NodeStaking.register with the signer ${signer},
   with the URL under which others reach the outputs of this node (http.port) as metadata URI, and with this consent:
   ${consent}
3. From the node's address call NodeStaking.authorise for the market, for OptimisticMarketplace to answer alone, and for
   InferenceSessions to answer calls in sessions (versions[].sessions; serve.publicUrl says where callers find the node).
4. Keep a copy of ${join(folder, "secret")} elsewhere: with it a lost disk loses no reveal.
5. opg-node doctor, then opg-node start.
`;
}

async function answer(
  flag: string,
  question: string,
  given: string | undefined,
  isInteractive: boolean | undefined,
): Promise<string> {
  if (given !== undefined) return given;
  if (isInteractive !== true) throw new ConfigError(`--${flag}`, "must be given where nobody can be asked");
  const reply = await text({ message: question, validate: (value) => (value ? undefined : "Please answer.") });
  if (isCancel(reply)) {
    cancel("Nothing was made.");
    throw new ConfigError(`--${flag}`, "was not answered");
  }
  return reply;
}
