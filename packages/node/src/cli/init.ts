import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { cancel, intro, isCancel, note, outro, text } from "@clack/prompts";
import { createClient, signConsent } from "@opg-protocol/sdk";
import { Wallet } from "ethers";
import JSON5 from "json5";

import { reach } from "../chain/connect.ts";
import { CONFIG_FILE, ConfigError, parseConfig } from "../config/Config.ts";
import { loadSecret, writePrivate } from "../keys/Keystore.ts";

const PASSWORD_BYTES = 32;

export interface InitOptions {
  readonly node?: string;
  readonly rpcUrl?: string;
  /** A JSON file with the addresses of the deployment. */
  readonly addresses?: string;
  readonly versionId?: readonly string[];
  readonly json?: boolean;
}

/** Makes the data folder of a node: a fresh hot key, the secret of its salts, the configuration. Overwrites nothing. */
export async function init(folder: string, options: InitOptions): Promise<void> {
  const path = join(folder, CONFIG_FILE);
  if (existsSync(path)) throw new ConfigError(path, "is there already; a node has one data folder");
  const isInteractive = options.json !== true && process.stdin.isTTY;
  if (isInteractive) intro("A new node");
  const node = await answer("node", "Address that registers the node", options.node, isInteractive);
  const rpcUrl = await answer("rpc-url", "Where is the chain reached", options.rpcUrl, isInteractive);
  const book = await answer("addresses", "File with the addresses of the deployment", options.addresses, isInteractive);
  const ids = await answer("version-id", "Version to offer", options.versionId?.join(","), isInteractive);

  const addresses: unknown = JSON5.parse(readFileSync(book, "utf8"));
  const config = { node, addresses, chain: { rpcUrl }, versions: ids.split(",").map((id) => ({ id })) };
  const { addresses: checked } = parseConfig(path, config);

  const provider = await reach(rpcUrl);
  const signer = Wallet.createRandom();
  const consent = await signConsent(await createClient({ provider, addresses: checked }), { node, signer });
  provider.destroy();

  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = randomBytes(PASSWORD_BYTES).toString("hex");
  writePrivate(join(folder, "signer.password"), password);
  writePrivate(join(folder, "signer.json"), await signer.encrypt(password));
  loadSecret(join(folder, "secret"));
  writeFileSync(path, `${JSON5.stringify(config, { space: 2 })}\n`, { flag: "wx" });

  const made = { folder, signer: signer.address, consent };
  if (!isInteractive) {
    process.stdout.write(options.json === true ? `${JSON.stringify(made)}\n` : nextSteps(made));
    return;
  }
  note(nextSteps(made), "Next");
  outro(path);
}

const nextSteps = ({ folder, signer, consent }: Record<"folder" | "signer" | "consent", string>) => `\
1. Send ${signer} some of the chain's coin: it pays for gas.
2. From the node's address call NodeStaking.register with the signer ${signer},
   with the URL under which others reach the outputs of this node (http.port) as metadata URI, and with this consent:
   ${consent}
3. From the node's address call NodeStaking.authorise for the market.
4. Keep a copy of ${join(folder, "secret")} elsewhere: with it a lost disk loses no reveal.
5. opg-node doctor, then opg-node start.
`;

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
