import { isAddress, getAddress } from "ethers";

/** Where the contracts of one deployment are. */
export interface Addresses {
  readonly token: string;
  /** The access manager: who may set parameters. */
  readonly access: string;
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
  /** What an order of one node means. */
  readonly optimisticLens: string;
  readonly market: string;
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

const CONTRACTS = [
  "token",
  "access",
  "registry",
  "staking",
  "commitments",
  "policy",
  "refereedPolicy",
  "disputes",
  "auditRoster",
  "optimisticPolicy",
  "optimistic",
  "optimisticLens",
  "market",
  "timelock",
  "governor",
  "pauseGuardian",
  "distribution",
] as const;

/** What was given as a deployment is none. */
export class BadDeploymentError extends Error {
  /** The field that is missing or wrong, such as `addresses.market`. */
  readonly field: string;

  constructor(field: string, expected: string) {
    super(`The deployment's \`${field}\` must be ${expected}: take the file that the deployment wrote.`);
    this.name = "BadDeploymentError";
    this.field = field;
  }
}

/**
 * Checks a deployment that comes from a file or from the network.
 * @throws BadDeploymentError that names the first field which is missing or wrong.
 */
export function readDeployment(value: unknown): Deployment {
  const { chainId, addresses, startBlock, faucet } = fieldsOf(value, "deployment");
  return {
    chainId: wholeNumber(chainId, "chainId"),
    addresses: readAddresses(addresses),
    startBlock: wholeNumber(startBlock, "startBlock"),
    ...(faucet !== undefined && { faucet: checkedAddress(faucet, "faucet") }),
  };
}

/**
 * Checks addresses, and gives them with their checksums.
 * @throws BadDeploymentError that names the first one which is missing or wrong.
 */
export function readAddresses(value: unknown): Addresses {
  const given = fieldsOf(value, "addresses");
  const checked = CONTRACTS.map((contract) => {
    return [contract, checkedAddress(given[contract], `addresses.${contract}`)] as const;
  });
  return Object.fromEntries(checked) as Record<(typeof CONTRACTS)[number], string>;
}

function checkedAddress(value: unknown, field: string): string {
  if (!isAddress(value)) throw new BadDeploymentError(field, "an address");
  return getAddress(value);
}

function fieldsOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new BadDeploymentError(field, "an object");
  return value as Readonly<Record<string, unknown>>;
}

function wholeNumber(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new BadDeploymentError(field, "a whole number");
  }
  return value;
}
