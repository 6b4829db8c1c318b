import { password, isCancel } from "@clack/prompts";
import { type BaseWallet, Wallet } from "ethers";

import { UsageError, readBytes } from "../files.ts";

export interface AccountOptions {
  /** Encrypted key, as wallets and `opg-node` write it. */
  readonly keystore?: string;
  readonly passwordFile?: string;
}

/**
 * The key that an encrypted keystore holds.
 * @throws UsageError if there is no keystore, or the password does not open it.
 */
export async function unlock({ keystore, passwordFile }: AccountOptions): Promise<BaseWallet> {
  if (keystore === undefined)
    throw new UsageError("who publishes? --keystore <file> signs, --calldata with --from <address> only prints");
  const json = textOf(keystore);
  const secret = passwordFile === undefined ? await ask(keystore) : textOf(passwordFile).trim();
  try {
    return await Wallet.fromEncryptedJson(json, secret);
  } catch (error) {
    throw new UsageError(`${keystore} is no keystore that this password opens`, { cause: error });
  }
}

async function ask(keystore: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError("--password-file must be given where nobody can be asked");
  const answer = await password({ message: `Password of ${keystore}`, output: process.stderr });
  if (isCancel(answer)) throw new UsageError("the password was not given; nothing was sent");
  return answer;
}

const textOf = (path: string): string => new TextDecoder().decode(readBytes(path));
