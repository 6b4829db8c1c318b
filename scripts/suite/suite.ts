/** What every task of `hardhat suite` begins with: which network, which deployment, and how to reach them. */
import { join } from "node:path";

import { computeAddress, getAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { z } from "zod";

import {
  DEFAULT_NETWORK,
  KEY_VARIABLE,
  networksFolder,
  readNetworks,
  rpcVariable,
  type NetworkFile,
} from "./networks.ts";
import { refuseQuestions } from "./approval.ts";
import { replaceSecret, setSecret } from "./commands.ts";
import { explained } from "./explained.ts";
import { refusePublicAccount } from "./publicAccounts.ts";
import { conclude, EXIT, SuiteError, type Outcome } from "./outcome.ts";
import { during, say, type During } from "./progress.ts";

/** What all tasks take. */
export interface CommonArguments {
  readonly deployment: string;
  readonly json: boolean;
}

/** A deployment, there or to come. */
export interface Suite {
  readonly hre: HardhatRuntimeEnvironment;
  readonly network: NetworkFile;
  /** Its name among the deployments on this network. */
  readonly deployment: string;
  /** Ignition's journal of it. */
  readonly journalFolder: string;
  /** What was exported of it, for the address book. */
  readonly exportFile: string;
  readonly during: During;
  /** A line about what is going on. */
  readonly say: (line: string) => void;
}

const Accounts = z.array(z.string());
const NAME = /^[a-z][a-z0-9-]*$/;

/** Makes a task's action of what it does with a suite. */
export const suiteTask =
  <Arguments extends CommonArguments>(act: (suite: Suite, args: Arguments) => Promise<Outcome>) =>
  (args: Arguments, hre: HardhatRuntimeEnvironment): Promise<void> =>
    conclude(args.json, async () => {
      refuseQuestions(hre);
      const suite = openSuite(args, hre);
      return act(suite, args).catch((error: unknown) => {
        throw explained(error, suite);
      });
    });

function openSuite({ deployment }: CommonArguments, hre: HardhatRuntimeEnvironment): Suite {
  const networks = readNetworks(networksFolder());
  // Its type promises a name; Hardhat leaves it out where none was given.
  const name = (hre.globalOptions as Partial<typeof hre.globalOptions>).network ?? DEFAULT_NETWORK;
  const network = networks.find((candidate) => candidate.name === name);
  if (network === undefined) {
    const known = networks.map((candidate) => candidate.name).join(", ");
    throw new SuiteError(
      `There is no network ${name}; known are ${known}`,
      `--network with one of them, or add deploy/networks/${name}.json5`,
      EXIT.wrongUse,
    );
  }
  if (!NAME.test(deployment)) {
    throw new SuiteError(
      `A deployment cannot be called ${JSON.stringify(deployment)}`,
      "--deployment with a name of a-z, 0-9 and -, which begins with a letter",
      EXIT.wrongUse,
    );
  }
  return {
    hre,
    network,
    deployment,
    journalFolder: join(hre.config.paths.ignition, "deployments", `${name}-${deployment}`),
    exportFile: join(hre.config.paths.root, "deployments", String(network.chainId), `${deployment}.json`),
    during,
    say,
  };
}

/**
 * A connection that can read; no key is asked for.
 * @throws SuiteError when the chain is not the one of the file: whatever it would answer says nothing of that.
 */
export async function reader(suite: Suite): Promise<NetworkConnection> {
  const { hre, network } = suite;
  const live = await hre.network.create({ network: network.name, override: { accounts: "remote" } });
  const { chainId } = await live.ethers.provider.getNetwork();
  if (chainId === BigInt(network.chainId)) return live;
  throw new SuiteError(
    `The RPC of ${network.name} is of chain ${chainId}, not of ${network.chainId}`,
    `Correct ${rpcVariable(network.name)}, or choose the other --network`,
    EXIT.wrongUse,
  );
}

/** A connection that can sign, with the account that does. */
export async function signer(suite: Suite): Promise<{ connection: NetworkConnection; address: string }> {
  const address = await deployerOf(suite);
  refusePublicAccount(suite, address);
  return { connection: await suite.hre.network.create(suite.network.name), address };
}

/** Who deploys: the address of the secret, or the first account of a development node. */
export async function deployerOf(suite: Suite): Promise<string> {
  const { hre, network } = suite;
  const config = hre.config.networks[network.name];
  const accounts = config?.type === "http" ? config.accounts : "remote";
  if (!Array.isArray(accounts) || accounts[0] === undefined) {
    const [first] = Accounts.parse(await (await reader(suite)).provider.request({ method: "eth_accounts" }));
    if (first === undefined) {
      throw new SuiteError(`The node of ${network.name} has no account`, "Start one with accounts, such as anvil");
    }
    return getAddress(first);
  }
  const key = await accounts[0].get().catch((cause: unknown) => {
    // A keystore with a wrong password has it, perhaps: that is another matter.
    if (!(cause instanceof Error && cause.message.startsWith("HHE7:"))) throw cause;
    throw new SuiteError(`${KEY_VARIABLE} is not set`, setSecret(KEY_VARIABLE), EXIT.failed, { cause });
  });
  return addressOf(key);
}

function addressOf(key: string): string {
  try {
    return computeAddress(key.startsWith("0x") ? key : `0x${key}`);
  } catch {
    // Neither the value nor the error that quotes it may be printed.
    throw new SuiteError(
      `${KEY_VARIABLE} is no private key: it must be 32 bytes, 64 digits of base 16`,
      replaceSecret(KEY_VARIABLE),
    );
  }
}
