import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { WagmiProvider } from "wagmi";

import { configOf, type Settings } from "./config.ts";
import { Market } from "./Market.tsx";

const settings = Object.fromEntries(new URLSearchParams(location.search)) as unknown as Settings;
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element `root`");
createRoot(root).render(
  <WagmiProvider config={configOf(settings)}>
    <QueryClientProvider client={new QueryClient()}>
      <Market {...settings} />
    </QueryClientProvider>
  </WagmiProvider>,
);
