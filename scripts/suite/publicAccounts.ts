/** The accounts of every development chain: whoever gives them anything gives it to all the world. */
import { HDNodeWallet, Mnemonic } from "ethers";

import { replaceSecret } from "./commands.ts";
import { KEY_VARIABLE } from "./networks.ts";
import { SuiteError } from "./outcome.ts";
import type { Suite } from "./suite.ts";

const MNEMONIC = `${"test ".repeat(11)}junk`;
const COUNT = 20;

/** @throws SuiteError for an account whose key everybody has, except on a development chain. */
export function refusePublicAccount({ network }: Suite, address: string): void {
  if (network.kind === "development") return;
  const parent = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0");
  if (!Array.from({ length: COUNT }, (_, index) => parent.deriveChild(index).address).includes(address)) return;
  throw new SuiteError(
    `${address} is an account of every development chain: all the world has its key`,
    `With a key of your own: ${replaceSecret(KEY_VARIABLE)}`,
  );
}
