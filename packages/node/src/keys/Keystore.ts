import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";

import { Wallet, type HDNodeWallet } from "ethers";

/** A key, or its password, cannot be had from its file. */
export class KeyFileError extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = "KeyFileError";
  }
}

/** A file that others can read is no place for a key. */
export class OpenKeyFileError extends KeyFileError {
  constructor(
    path: string,
    readonly mode: string,
  ) {
    super(path, `Others can read ${path} (mode ${mode}): chmod 600 ${path}`);
    this.name = "OpenKeyFileError";
  }
}

const PRIVATE = 0o600;
const SECRET_BYTES = 32;

/** Reads a file of which nobody else may know the content. */
export function readPrivate(path: string): string {
  if (!existsSync(path)) throw new KeyFileError(path, `${path} is not there`);
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) throw new OpenKeyFileError(path, mode.toString(8));
  return readFileSync(path, "utf8").trim();
}

export function writePrivate(path: string, content: string): void {
  writeFileSync(path, content, { mode: PRIVATE, flag: "wx" });
}

/** The signer's key, from an encrypted keystore file (Web3 Secret Storage) and the file with its password. */
export async function loadSigner(keyFile: string, passwordFile: string): Promise<Wallet | HDNodeWallet> {
  const [keystore, password] = [readPrivate(keyFile), readPrivate(passwordFile)];
  try {
    return await Wallet.fromEncryptedJson(keystore, password);
  } catch {
    throw new KeyFileError(keyFile, `${keyFile} is no keystore that the password in ${passwordFile} opens`);
  }
}

/** The secret from which salts are derived; made at the first start. */
export function loadSecret(path: string): Uint8Array {
  if (!existsSync(path)) writePrivate(path, randomBytes(SECRET_BYTES).toString("hex"));
  const secret = Buffer.from(readPrivate(path), "hex");
  if (secret.length !== SECRET_BYTES) {
    throw new KeyFileError(path, `${path} does not hold a secret of ${SECRET_BYTES} bytes.`);
  }
  return secret;
}
