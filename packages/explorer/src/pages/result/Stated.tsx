import type { TensorSpec } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { JobMarket, JobStatement } from "../../entities/jobs.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import Output from "./Output.tsx";
import type { StatedOutput } from "./stated.ts";

/** What the attempts of a job are called. */
const ATTEMPTS = {
  market: ["first draw", "audit", "appeal"],
  optimistic: ["first attempt", "second attempt"],
} as const;

interface Props {
  readonly outputs: readonly StatedOutput[];
  /** Whether the job is final, so that what is not the result was wrong or too few. */
  readonly isFinal: boolean;
  readonly market: JobMarket;
  readonly versionId: string;
  readonly specs: readonly TensorSpec[] | undefined;
  /** Which tensor is the window of a text. */
  readonly window: number | undefined;
}

/** Different outputs side by side, each with the nodes that have stated it. */
export default function Stated({ outputs, isFinal, market, ...shown }: Props): ReactNode {
  return (
    <div className="side-by-side">
      {outputs.map(({ root, statements, isResult }) => (
        <article key={root}>
          <h3>
            Output <Hash value={root} />{" "}
            {isResult ? <Badge tone="good">result</Badge> : isFinal && <Badge tone="bad">not the result</Badge>}
          </h3>
          <Output root={root} nodes={statements.map(({ node }) => node)} {...shown} />
          <ul>
            {statements.map((statement) => (
              <li key={`${statement.roundId}${statement.node}`}>
                <Stater statement={statement} market={market} />
              </li>
            ))}
          </ul>
        </article>
      ))}
    </div>
  );
}

interface StaterProps {
  readonly statement: JobStatement;
  readonly market: JobMarket;
}

function Stater({ statement: { node, attempt, at, tx }, market }: StaterProps): ReactNode {
  return (
    <>
      <AddressLink address={node} /> ({ATTEMPTS[market][attempt] ?? `attempt ${attempt + 1}`}), <Time at={at} tx={tx} />
    </>
  );
}
