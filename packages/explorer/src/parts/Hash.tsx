import type { ReactNode } from "react";
import { Link } from "wouter";

import { useBlockExplorer } from "./blockExplorer.ts";
import { CopyButton } from "./CopyButton.tsx";
import { shortHash } from "./format.ts";

interface Props {
  readonly value: string;
  /** What it is; transactions and blocks have a link to a block explorer, if the network has one. */
  readonly kind?: "tx" | "block" | "root";
  /** The page about it. */
  readonly to?: string;
}

/** A hash, shortened, to copy or to follow. */
export function Hash({ value, kind = "root", to }: Props): ReactNode {
  const external = useBlockExplorer(kind === "root" ? undefined : kind, value);
  const text = <code title={value}>{shortHash(value)}</code>;
  return (
    <span className="hash">
      {to !== undefined ? (
        <Link href={to}>{text}</Link>
      ) : external !== undefined ? (
        <a href={external} target="_blank" rel="noreferrer">
          {text}
        </a>
      ) : (
        text
      )}
      <CopyButton value={value} what={`hash ${shortHash(value)}`} />
    </span>
  );
}
