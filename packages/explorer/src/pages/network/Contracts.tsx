import { type Addresses, type Client, CONTRACTS } from "@opg-protocol/sdk";
import { dataLength, keccak256 } from "ethers";
import type { ReactNode } from "react";

import { useRead } from "../../network/useRead.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Async } from "../../parts/Async.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Bytes } from "../../parts/Bytes.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { Hash } from "../../parts/Hash.tsx";

interface Deployed {
  readonly name: keyof Addresses | "faucet";
  readonly address: string;
  readonly size: number;
  /** keccak-256 of the code, as `EXTCODEHASH` gives it. */
  readonly codeHash: string;
}

const COLUMNS: readonly Column<Deployed>[] = [
  {
    key: "name",
    title: "Contract",
    render: ({ name, address }) => (name === "faucet" ? <code>faucet</code> : <AddressLink address={address} />),
    sort: ({ name }) => name,
  },
  { key: "address", title: "Address", render: ({ address }) => <code>{address}</code> },
  {
    key: "code",
    title: "Code",
    render: ({ size }) => (size === 0 ? <Badge tone="bad">none</Badge> : <Bytes value={size} />),
    sort: ({ size }) => size,
  },
  { key: "hash", title: "Code hash", render: ({ size, codeHash }) => (size === 0 ? "–" : <Hash value={codeHash} />) },
];

/** The contracts of the deployment, and whether there is code where they should be. */
export function Contracts(): ReactNode {
  const contracts = useRead(["codes"], readCodes, { once: true });
  return (
    <Async read={contracts} what="the contracts’ code">
      {(found) => {
        const missing = found.filter(({ size }) => size === 0).length;
        return (
          <>
            <p>
              {missing === 0 ? (
                <>
                  <Badge tone="good">All {found.length} have code</Badge> Compare the hashes with those of the release:{" "}
                  <code>npx hardhat suite check</code> does that from a clone.
                </>
              ) : (
                <Badge tone="bad">{missing} have no code: wrong addresses, or a chain that was restarted</Badge>
              )}
            </p>
            <DataTable
              caption="Contracts of the deployment"
              columns={COLUMNS}
              rows={found}
              rowKey={({ name }) => name}
              empty=""
              pageSize={50}
            />
          </>
        );
      }}
    </Async>
  );
}

async function readCodes({ provider, addresses, faucet }: Client): Promise<readonly Deployed[]> {
  const places: (readonly [Deployed["name"], string])[] = CONTRACTS.map((name) => [name, addresses[name]]);
  if (faucet !== undefined) places.push(["faucet", await faucet.getAddress()]);
  return Promise.all(
    places.map(async ([name, address]) => {
      const code = await provider.getCode(address);
      return { name, address, size: dataLength(code), codeHash: keccak256(code) };
    }),
  );
}
