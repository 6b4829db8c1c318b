import { deployments } from "./addressBook.ts";

export { deployments };

/** Where the contracts of one deployment are. */
export interface Addresses {
  readonly token: string;
  /** The access manager: who may set parameters. */
  readonly access: string;
  /** Who may use the balance of somebody else. */
  readonly mandates: string;
  readonly registry: string;
  readonly staking: string;
  readonly commitments: string;
  readonly policy: string;
  /** The policy for versions with a referee. */
  readonly refereedPolicy: string;
  readonly disputes: string;
  readonly auditRoster: string;
  /** The policy for jobs that one node answers. */
  readonly optimisticPolicy: string;
  readonly optimistic: string;
  /** Where receipts of calls are shown. */
  readonly receipts: string;
  /** Where calls are paid by the thousand. */
  readonly sessions: string;
  /** What nodes ask for calls. */
  readonly prices: string;
  /** What nodes offer for calls, and where sessions stand. */
  readonly sessionLens: string;
  /** What places orders again and again. */
  readonly scheduler: string;
  /** What orders jobs on the outputs of others. */
  readonly jobChain: string;
  /** What an order of several nodes costs at worst. */
  readonly inferenceLens: string;
  /** What an order of one node means. */
  readonly optimisticLens: string;
  readonly market: string;
  /** What brings the signed seals of many nodes to the market. */
  readonly relay: string;
  /** The delay between a vote and what it does; the treasury. */
  readonly timelock: string;
  readonly governor: string;
  /** Who can pause new entries. */
  readonly pauseGuardian: string;
  /** What has paid the supply out. */
  readonly distribution: string;
}

/** One deployment, as `deployments/<chainId>/<name>.json` has it. */
export interface Deployment {
  readonly chainId: number;
  readonly addresses: Addresses;
  /** The block before which there is nothing of it. */
  readonly startBlock: number;
  /** Gives OPG to try things with; only where OPG is worth nothing. */
  readonly faucet?: string;
}

/** The contracts of a deployment, by the names that the SDK has for them. */
export const CONTRACTS = [
  "token",
  "access",
  "mandates",
  "registry",
  "staking",
  "commitments",
  "policy",
  "refereedPolicy",
  "disputes",
  "auditRoster",
  "optimisticPolicy",
  "optimistic",
  "receipts",
  "sessions",
  "prices",
  "sessionLens",
  "scheduler",
  "jobChain",
  "inferenceLens",
  "optimisticLens",
  "market",
  "relay",
  "timelock",
  "governor",
  "pauseGuardian",
  "distribution",
] as const;

/** An address as viem and wagmi type it; ethers takes it, too. */
type HexAddress = `0x${string}`;

/** A deployment that this version of the package knows. */
export interface PublishedDeployment extends Deployment {
  readonly addresses: { readonly [Contract in keyof Addresses]: HexAddress };
  readonly faucet?: HexAddress;
}

/** Deployments by chain id, then by name. */
export type AddressBook = Readonly<Record<number, Readonly<Record<string, PublishedDeployment>>>>;

/** There is no deployment of this name on this chain, as far as this version of the package knows. */
export class UnknownDeploymentError extends Error {
  readonly chainId: number;
  readonly deployment: string;
  /** What there is, each as `<chain id>/<name>`. */
  readonly known: readonly string[];

  constructor(chainId: number, deployment: string, known: readonly string[]) {
    const there = known.length === 0 ? "none yet" : known.join(", ");
    super(
      `There is no deployment ${chainId}/${deployment} in this version of the package; there is: ${there}. ` +
        "Name one of those, update the package, or read the file of your own deployment with `readDeployment`.",
    );
    this.name = "UnknownDeploymentError";
    this.chainId = chainId;
    this.deployment = deployment;
    this.known = known;
  }
}

/**
 * A published deployment: `createClient({ provider, ...deploymentOf(84532, "main") })`.
 * @throws UnknownDeploymentError that lists what there is.
 */
export function deploymentOf(chainId: number, name: string, among: AddressBook = deployments): PublishedDeployment {
  const found = Object.entries(among[chainId] ?? {}).find(([known]) => known === name);
  if (found !== undefined) return found[1];
  const known = Object.entries(among).flatMap(([chain, named]) => Object.keys(named).map((own) => `${chain}/${own}`));
  throw new UnknownDeploymentError(chainId, name, known);
}

/**
 * Where the contracts of a published deployment are: `addresses(84532, "main").market`.
 * @throws UnknownDeploymentError that lists what there is.
 */
export const addresses = (chainId: number, name: string, among?: AddressBook): PublishedDeployment["addresses"] =>
  deploymentOf(chainId, name, among).addresses;
