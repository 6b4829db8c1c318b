import type { ReactNode } from "react";
import { Link } from "wouter";

import type { JobView } from "../../entities/jobs.ts";
import type { TimelineEntry } from "../../entities/timeline.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { Clocks } from "./Clocks.tsx";

/** All that happened to a job, oldest first, and the clocks that run. */
export function JobTimeline({ view }: { readonly view: JobView }): ReactNode {
  return (
    <ol className="timeline">
      {view.timeline.map((entry) => (
        <Entry key={entry.key} entry={entry} jobId={view.summary.id} />
      ))}
      <Clocks view={view} />
    </ol>
  );
}

function Entry({ entry, jobId }: { readonly entry: TimelineEntry; readonly jobId: string }): ReactNode {
  const { title, tone, who, note, amount, outputRoot, disputeId, at, tx } = entry;
  return (
    <li className={tone}>
      <strong>{title}</strong>
      {who.map((address, i) => (
        <span key={`${address} ${i}`}>
          {i === 0 ? " " : ", "}
          <AddressLink address={address} />
        </span>
      ))}
      {amount !== undefined && (
        <>
          {" · "}
          <Amount value={amount} tx={tx} />
        </>
      )}
      {outputRoot !== undefined && (
        <>
          {" · output "}
          <Hash value={outputRoot} to={to.result(jobId)} />
        </>
      )}
      {disputeId !== undefined && (
        <>
          {" · "}
          <Link href={to.dispute(disputeId)}>To the dispute</Link>
        </>
      )}
      {note !== undefined && <div>{note}</div>}
      <span className="when">
        <Time at={at} tx={tx} />
      </span>
    </li>
  );
}
