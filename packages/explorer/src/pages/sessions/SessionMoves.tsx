import type { ReactNode } from "react";

import type { SessionView } from "../../entities/sessions.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Time } from "../../parts/Time.tsx";

/** What happened to a session, oldest first. */
export function SessionMoves({ session: { moves } }: { readonly session: SessionView }): ReactNode {
  return (
    <ol className="timeline">
      {moves.map(({ what, amount, at, tx }, i) => (
        <li key={i}>
          <span>
            {what}
            {amount !== undefined && (
              <>
                {" "}
                <Amount value={amount} tx={tx} />
              </>
            )}
          </span>
          <span className="when">
            <Time at={at} tx={tx} />
          </span>
        </li>
      ))}
    </ol>
  );
}
