import type { ReactNode } from "react";
import { Link } from "wouter";

import { CopyButton } from "../../parts/CopyButton.tsx";
import { to } from "../../routes.ts";
import { shortGameId } from "./words.ts";

/** A game, by the end of its id. */
export function GameLink({ gameId }: { readonly gameId: string }): ReactNode {
  return (
    <span className="hash">
      <Link href={to.dispute(gameId)}>
        <code title={gameId}>{shortGameId(gameId)}</code>
      </Link>
      <CopyButton value={gameId} what={`game ${shortGameId(gameId)}`} />
    </span>
  );
}
