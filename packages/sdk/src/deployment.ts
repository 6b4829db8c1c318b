import { getAddress, isAddress } from "ethers";

import { type Addresses, CONTRACTS, type Deployment } from "./addresses.ts";

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
  const { chainId, addresses, startBlock } = fieldsOf(value, "deployment");
  const deployment = {
    chainId: wholeNumber(chainId, "chainId"),
    addresses: readAddresses(addresses),
    startBlock: wholeNumber(startBlock, "startBlock"),
  };
  const { faucet } = fieldsOf(addresses, "addresses");
  return faucet === undefined ? deployment : { ...deployment, faucet: checkedAddress(faucet, "addresses.faucet") };
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

/**
 * Checks an address, and gives it with its checksum.
 * @throws BadDeploymentError with the name of the field.
 */
export function checkedAddress(value: unknown, field: string): string {
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
