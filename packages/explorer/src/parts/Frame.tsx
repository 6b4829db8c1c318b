import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";

import { useNetwork } from "../network/context.tsx";
import { to } from "../routes.ts";
import { WalletButton } from "../wallet/WalletButton.tsx";
import { ChainState } from "./ChainState.tsx";

const LINKS: readonly (readonly [string, string])[] = [
  ["Jobs", to.jobs()],
  ["Disputes", to.disputes()],
  ["Models", to.models()],
  ["Nodes", to.nodes()],
  ["Delegate", to.delegate()],
  ["Sessions", to.sessions()],
  ["Schedules", to.schedules()],
  ["Governance", to.governance()],
  ["Network", to.network()],
  ["Verify", to.verify()],
  ["Playground", to.playground()],
];

/** What stands around every page. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const { config } = useNetwork();
  const [location] = useLocation();
  // The address at which the menu was opened: following a link closes it.
  const [openAt, setOpenAt] = useState<string>();
  const isOpen = openAt === location;
  return (
    <>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          // The address behind the `#` names the page.
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className="top">
        <Link href={to.home()} className="brand">
          OPG <span>Explorer</span>
        </Link>
        <Link href={to.network()} className="network-name">
          {config.name}
        </Link>
        <WalletButton />
        <button
          type="button"
          className="menu-button"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => {
            setOpenAt(isOpen ? undefined : location);
          }}
        >
          Menu
        </button>
        <nav id="menu" aria-label="Pages" className={isOpen ? "open" : ""}>
          {LINKS.map(([title, path]) => (
            <Link key={path} href={path} aria-current={location === path ? "page" : undefined}>
              {title}
            </Link>
          ))}
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer>
        <ChainState />
      </footer>
    </>
  );
}
