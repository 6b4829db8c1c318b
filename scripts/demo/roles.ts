/** Who acts in the demonstration. All keys are those of Hardhat's well-known mnemonic: they are worth nothing elsewhere. */
import { HDNodeWallet, Mnemonic } from "ethers";

const MNEMONIC = "test test test test test test test test test test test junk";

/** The account with this number, as every development chain has it. */
function account(index: number): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), `m/44'/60'/0'/0/${index}`);
}

export const NODES = 9;
/** Which of them lies. */
export const LIAR = 4;

export const roles = {
  /** Deploys, and holds the supply at first, as deploy/parameters/local.json5 says. */
  deployer: account(0),
  requester: account(1),
  /** Owns the model. */
  publisher: account(2),
  /** The cold keys of the nodes. */
  operators: Array.from({ length: NODES }, (_, i) => account(3 + i)),
};

/** Who acts when one node lies to one requester. */
export const parties = {
  /** The node's cold key, and its id on chain. */
  owner: account(3),
  /** The node's hot key. */
  signer: account(4),
  /** Has run the model, too. */
  watcher: account(5),
  /** Has nothing to do with it. */
  passerBy: account(6),
};
