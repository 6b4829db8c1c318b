/** Where the contracts of one deployment are. */
export interface Addresses {
  readonly token: string;
  /** The access manager: who may set parameters. */
  readonly access: string;
  readonly registry: string;
  readonly staking: string;
  readonly commitments: string;
  readonly policy: string;
  readonly market: string;
}

/** One deployment, as `deployments/<chainId>/<name>.json` has it. */
export interface Deployment {
  readonly addresses: Addresses;
  /** The block before which there is nothing of it. */
  readonly startBlock: number;
}

/** Deployments by chain id, then by name. */
export type AddressBook = Readonly<Record<string, Readonly<Record<string, Deployment>>>>;

/** The public deployments. There is none yet. */
export const addressBook: AddressBook = {};

/** The address book has no such deployment. */
export class UnknownDeploymentError extends Error {
  readonly chainId: bigint;
  readonly deployment: string;
  /** What there is, as `<chainId>/<name>`. */
  readonly existing: readonly string[];

  constructor(chainId: bigint, deployment: string, existing: readonly string[]) {
    const list = existing.length === 0 ? "the book is empty" : `there is ${existing.join(", ")}`;
    super(
      `No deployment ${chainId.toString()}/${deployment}: ${list}. Choose one, or give \`createClient\` its addresses.`,
    );
    this.name = "UnknownDeploymentError";
    this.chainId = chainId;
    this.deployment = deployment;
    this.existing = existing;
  }
}

/**
 * Looks a deployment up.
 * @throws UnknownDeploymentError, which lists what exists.
 */
export function findDeployment(chainId: bigint, name = "main", book: AddressBook = addressBook): Deployment {
  const deployment = book[chainId.toString()]?.[name];
  if (deployment !== undefined) return deployment;
  const existing = Object.entries(book).flatMap(([chain, named]) => Object.keys(named).map((key) => `${chain}/${key}`));
  throw new UnknownDeploymentError(chainId, name, existing);
}
