import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";

import { Wallet, type HDNodeWallet } from "ethers";

/** A file that others can read is no place for a key. */
export class OpenKeyFileError extends Error {
  constructor(
    readonly path: string,
    readonly mode: string,
  ) {
    super(`Others can read ${path} (mode ${mode}): chmod 600 ${path}`);
    this.name = "OpenKeyFileError";
  }
}

const PRIVATE = 0o600;
const SECRET_BYTES = 32;

/** Reads a file of which nobody else may know the content. */
export function readPrivate(path: string): string {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) throw new OpenKeyFileError(path, mode.toString(8));
  return readFileSync(path, "utf8").trim();
}

export function writePrivate(path: string, content: string): void {
  writeFileSync(path, content, { mode: PRIVATE, flag: "wx" });
}

/** The signer's key, from an encrypted keystore file (Web3 Secret Storage) and the file with its password. */
export async function loadSigner(keyFile: string, passwordFile: string): Promise<Wallet | HDNodeWallet> {
  return Wallet.fromEncryptedJson(readPrivate(keyFile), readPrivate(passwordFile));
}

/** The secret from which salts are derived; made at the first start. */
export function loadSecret(path: string): Uint8Array {
  if (!existsSync(path)) writePrivate(path, randomBytes(SECRET_BYTES).toString("hex"));
  const secret = Buffer.from(readPrivate(path), "hex");
  if (secret.length !== SECRET_BYTES) throw new Error(`${path} does not hold a secret of ${SECRET_BYTES} bytes.`);
  return secret;
}
