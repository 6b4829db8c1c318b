import { type Client, getPriceOffer } from "@opg-protocol/sdk";

/** Where a node can be asked. */
export interface NodeUrl {
  readonly node: string;
  /** Base URL, as the operator has written it on chain: nobody has checked it. */
  readonly url: string;
}

/** Whom to look up. */
export interface NodeUrlsParameters {
  readonly nodes: readonly string[];
  /** With it, the door that a node names beside its prices for calls of this version, too. */
  readonly versionId?: string | undefined;
}

/**
 * Base URLs of nodes: what they name as their metadata URI, under which they serve outputs (`/v1/outputs/<root>`), and the door
 * that the book of prices has for them (`/v1/offers`, `/v2/models`). Each URL once for a node; only those of http and https.
 */
export async function nodeUrlsOf(
  client: Client,
  { nodes, versionId }: NodeUrlsParameters,
): Promise<readonly NodeUrl[]> {
  const distinct = [...new Map(nodes.map((node) => [node.toLowerCase(), node])).values()];
  const found = await Promise.all(
    distinct.map(async (node) => {
      const [metadata, door] = await Promise.all([
        client.staking.metadataURIOf(node),
        versionId === undefined ? "" : getPriceOffer(client, { node, versionId }).then(({ endpoint }) => endpoint),
      ]);
      return [...new Set([metadata, door])].filter(isWebAddress).map((url) => ({ node, url }));
    }),
  );
  return found.flat();
}

const isWebAddress = (text: string): boolean => {
  const protocol = URL.parse(text)?.protocol;
  return protocol === "https:" || protocol === "http:";
};
