import "./styles/base.css";
import "./styles/parts.css";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";

import { App } from "./App.tsx";
import { NetworkProvider } from "./network/NetworkProvider.tsx";
import { WalletProvider } from "./wallet/WalletProvider.tsx";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element #root");
// Reads of the chain are repeated with its blocks; who sees an error can ask again.
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } });

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <NetworkProvider>
        <Router hook={useHashLocation}>
          <WalletProvider>
            <App />
          </WalletProvider>
        </Router>
      </NetworkProvider>
    </QueryClientProvider>
  </StrictMode>,
);
