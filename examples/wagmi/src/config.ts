import { createConfig, http } from "wagmi";
import { hardhat } from "wagmi/chains";

type Hex = `0x${string}`;

/** What the page is told; a page for a published deployment takes the addresses of `addresses(84532, "main")` instead. */
export interface Settings {
  readonly url: string;
  readonly market: Hex;
  readonly registry: Hex;
  readonly account: Hex;
  readonly versionId: Hex;
}

export const configOf = ({ url }: Settings) =>
  createConfig({ chains: [hardhat], transports: { [hardhat.id]: http(url) } });
