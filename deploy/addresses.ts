import { readAddresses, type Addresses } from "@opg-protocol/sdk";

/** Where the contracts are that Ignition has deployed; modules and SDK have the same names for them. */
export async function addressesOf(
  deployed: Readonly<Record<string, { getAddress(): Promise<string> }>>,
): Promise<Addresses> {
  const entries = Object.entries(deployed).map(
    async ([name, contract]) => [name, await contract.getAddress()] as const,
  );
  return readAddresses(Object.fromEntries(await Promise.all(entries)));
}
