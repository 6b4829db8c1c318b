/**
 * Networks are data: one JSON5 file each in deploy/networks/. Hardhat's `networks` and `chainDescriptors` are made of
 * them, so that a new network is one file and no code.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { configVariable } from "hardhat/config";
import { HardhatPluginError } from "hardhat/plugins";
import type { HardhatUserConfig } from "hardhat/types/config";
import JSON5 from "json5";
import { z } from "zod";

/** The secret that signs: in Hardhat's keystore, or in the environment. */
export const KEY_VARIABLE = "DEPLOYER_KEY";
/** Only for Etherscan, which verifies for nobody without a key. */
export const ETHERSCAN_KEY_VARIABLE = "ETHERSCAN_API_KEY";
/** The network that is meant where none is named. */
export const DEFAULT_NETWORK = "base-sepolia";
/** The deployment that is meant where none is named. */
export const DEFAULT_DEPLOYMENT = "main";

const url = z.url({ protocol: /^https?$/ });
const explorer = z.strictObject({ url, apiUrl: url });

const Network = z.strictObject({
  chainId: z.int().positive(),
  title: z.string().min(1),
  /** On a development network the node itself signs, and nobody is asked before anything is spent; a mainnet has no faucet. */
  kind: z.enum(["development", "testnet", "mainnet"]),
  /** What Hardhat must know of its transactions. */
  chainType: z.enum(["l1", "op", "generic"]),
  /** The file of deploy/parameters/ that fits it. */
  parameters: z.string().regex(/^[a-z0-9-]+$/, "must be the name of a file in deploy/parameters/, without its ending"),
  /** Without a key; the first is used, the others are what to try when it does not answer. */
  rpcUrls: z.tuple([url], url),
  currency: z.string().min(1),
  /** Seconds between blocks. */
  blockPeriod: z.number().positive(),
  /** Blocks above a transaction until the next step may build on it. */
  confirmations: z.int().positive(),
  /** Where sources are published so that anyone can compare them with the code. */
  verification: z.strictObject({
    sourcify: url.optional(),
    blockscout: explorer.optional(),
    etherscan: explorer.optional(),
  }),
  /** Where its coin is given away. */
  faucets: z.array(url),
  /** The day after which nobody promises to run it, or null where no day is announced. */
  supportEndsOn: z.iso.date().nullable(),
  /** What kind of roll-up it is: that decides what the data of a transaction costs. */
  rollup: z.enum(["op-stack", "arbitrum"]).optional(),
});

export type NetworkFile = z.infer<typeof Network> & { readonly name: string };

/** A file of a network says something that cannot be. As a plug-in's error, which Hardhat prints without its stack. */
export class BadNetworkFileError extends HardhatPluginError {
  constructor(path: string, problems: string) {
    super(
      "opg-suite",
      `${path} does not describe a network:\n${problems}\ndocs/deployment.md says what belongs in it.`,
    );
    this.name = "BadNetworkFileError";
  }
}

/** The folder of the repository, or that of `SUITE_NETWORKS`: for networks that do not belong in the repository. */
export const networksFolder = (): string =>
  process.env["SUITE_NETWORKS"] ?? fileURLToPath(new URL("../../deploy/networks/", import.meta.url));

/**
 * Reads all networks of a folder, by name.
 * @throws BadNetworkFileError that names the file and each field that is missing, wrong or unknown.
 */
export function readNetworks(folder: string): readonly NetworkFile[] {
  if (!existsSync(folder)) throw new BadNetworkFileError(folder, "There is no such folder: correct SUITE_NETWORKS.");
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json5"))
    .sort();
  return files.map((file) => {
    const path = join(folder, file);
    return { name: basename(file, ".json5"), ...parse(path, readFileSync(path, "utf8")) };
  });
}

function parse(path: string, text: string): z.infer<typeof Network> {
  let value: unknown;
  try {
    value = JSON5.parse(text);
  } catch (error) {
    throw new BadNetworkFileError(path, String(error));
  }
  const result = Network.safeParse(value);
  if (!result.success) throw new BadNetworkFileError(path, z.prettifyError(result.error));
  return result.data;
}

/** What replaces the RPC of a network: `BASE_SEPOLIA_RPC_URL` for `base-sepolia`. */
export const rpcVariable = (name: string): string => `${name.replaceAll("-", "_").toUpperCase()}_RPC_URL`;

/** What Hardhat knows of the networks. Neither a key nor a URL is asked for before it is needed. */
export function hardhatNetworks(
  networks: readonly NetworkFile[],
): Required<Pick<HardhatUserConfig, "networks" | "chainDescriptors">> {
  return {
    networks: Object.fromEntries(
      networks.map(({ name, kind, chainId, chainType, rpcUrls }) => [
        name,
        {
          type: "http" as const,
          chainId,
          chainType,
          // Longer than any honest answer takes; a node that hangs must not hang us.
          timeout: 15_000,
          url: configVariable(rpcVariable(name), { default: rpcUrls[0] }),
          accounts: kind === "development" ? ("remote" as const) : [configVariable(KEY_VARIABLE)],
        },
      ]),
    ),
    chainDescriptors: Object.fromEntries(
      networks.map(({ chainId, title, chainType, verification: { blockscout, etherscan } }) => [
        chainId,
        {
          name: title,
          chainType,
          blockExplorers: { ...(blockscout && { blockscout }), ...(etherscan && { etherscan }) },
        },
      ]),
    ),
  };
}
