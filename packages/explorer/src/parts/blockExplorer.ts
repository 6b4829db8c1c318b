import { useNetwork } from "../network/context.tsx";

/** The page of the network's block explorer about something; undefined if the network has none. */
export function useBlockExplorer(kind: "tx" | "block" | "address" | undefined, id: string): string | undefined {
  const { blockExplorer } = useNetwork().config;
  if (blockExplorer === undefined || kind === undefined) return undefined;
  return `${blockExplorer.replace(/\/$/, "")}/${kind}/${encodeURIComponent(id)}`;
}
