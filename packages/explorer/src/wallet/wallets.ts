/** Wallets through wagmi. Only ever loaded by `import()`: most visitors need none. */
import type { Eip1193Provider } from "ethers";
import { type Config, type Connector, createConfig, createStorage, http } from "wagmi";
import {
  connect,
  disconnect,
  getConnection,
  reconnect,
  switchChain,
  watchConnection,
  watchConnectors,
} from "wagmi/actions";
import { defineChain } from "viem";

import type { NetworkConfig } from "../network/config.ts";
import { forgetWallet, lastWallet, STORAGE_KEY, walletStorage } from "./storage.ts";
import type { FoundWallet, Wallets, WalletsState } from "./types.ts";
import { shownIcon, shownName } from "./walletText.ts";

/** Milliseconds that the wallet of the last visit has to announce itself. */
const PATIENCE = 1_500;

/** There is no such wallet, or it is not connected. */
export class WalletMissingError extends Error {
  constructor() {
    super("The wallet does not answer. Connect it again, or choose another one.");
    this.name = "WalletMissingError";
  }
}

/** Looks for wallets, and keeps the connection with the one that the user chooses. */
export function createWallets(network: NetworkConfig): Wallets {
  const config = configOf(network);
  let state = stateOf(config);
  const connectorOf = (id: string | undefined): Connector | undefined =>
    config.connectors.find((connector) => connector.id === id);
  const current = (): Connector => {
    const { connector } = getConnection(config);
    if (connector === undefined) throw new WalletMissingError();
    return connector;
  };
  return {
    subscribe: (listener) => {
      const onChange = () => {
        state = stateOf(config);
        listener();
      };
      const stops = [watchConnection(config, { onChange }), watchConnectors(config, { onChange })];
      onChange();
      return () => {
        for (const stop of stops) stop();
      };
    },
    state: () => state,
    connect: async (walletId) => {
      const connector = connectorOf(walletId);
      if (connector === undefined) throw new WalletMissingError();
      await connect(config, { connector });
    },
    reconnect: async () => {
      const connector = await announced(config, () => connectorOf(lastWallet()));
      if (connector !== undefined) await reconnect(config, { connectors: [connector] });
    },
    disconnect: async () => {
      forgetWallet();
      await disconnect(config);
    },
    switchChain: async () => {
      await switchChain(config, { chainId: network.deployment.chainId });
    },
    provider: async () => {
      const provider: unknown = await current().getProvider();
      if (!isEip1193(provider)) throw new WalletMissingError();
      return provider;
    },
  };
}

function configOf({ name, rpcUrl, deployment: { chainId }, blockExplorer }: NetworkConfig): Config {
  const chain = defineChain({
    id: chainId,
    name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
    ...(blockExplorer !== undefined && { blockExplorers: { default: { name: "Explorer", url: blockExplorer } } }),
  });
  return createConfig({
    chains: [chain],
    transports: { [chainId]: http(rpcUrl) },
    storage: createStorage({ key: STORAGE_KEY, storage: walletStorage }),
    multiInjectedProviderDiscovery: true,
  });
}

function stateOf(config: Config): WalletsState {
  const { address, chainId, connector } = getConnection(config);
  const isConnected = address !== undefined && chainId !== undefined && connector !== undefined;
  return {
    found: config.connectors.map(walletOf),
    connection: isConnected ? { wallet: walletOf(connector), account: address, chainId } : undefined,
  };
}

const walletOf = ({ id, name, icon }: Pick<Connector, "id" | "name" | "icon">): FoundWallet => ({
  id,
  name: shownName(name),
  icon: shownIcon(icon),
});

/** A wallet that may announce itself a little later than the page begins. */
async function announced(config: Config, find: () => Connector | undefined): Promise<Connector | undefined> {
  const found = find();
  if (found !== undefined || lastWallet() === undefined) return found;
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stop();
      resolve(find());
    };
    const timer = setTimeout(finish, PATIENCE);
    const stop = watchConnectors(config, {
      onChange: () => {
        if (find() !== undefined) finish();
      },
    });
  });
}

const isEip1193 = (value: unknown): value is Eip1193Provider =>
  typeof value === "object" && value !== null && "request" in value && typeof value.request === "function";
