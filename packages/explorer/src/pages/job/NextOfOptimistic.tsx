import {
  expireOptimistic,
  type OptimisticJob,
  type PackedOptimisticJob,
  settleAudited,
  settleOptimistic,
} from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { answerDueAt } from "../../entities/clocks.ts";
import type { JobView } from "../../entities/jobs.ts";
import { useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { optimisticStep } from "./optimisticStep.ts";
import { WAITING } from "./words.ts";

interface Props {
  readonly view: JobView;
  readonly job: PackedOptimisticJob;
  readonly terms: OptimisticJob;
}

/** The next step of a job that one node answers. */
export function NextOfOptimistic({ view, job, terms }: Props): ReactNode {
  const { state } = view.summary;
  if (state === "Ordered" || state === "Open" || state === "Reserved") {
    return <Expiry view={view} job={job} dueAt={answerDueAt(view, terms)} />;
  }
  return <Settlement view={view} job={job} />;
}

interface ExpiryProps extends Omit<Props, "terms"> {
  readonly dueAt: number;
}

function Expiry({ view, job, dueAt }: ExpiryProps): ReactNode {
  const now = useNow();
  if (now < dueAt) {
    return (
      <p>
        {WAITING[view.summary.state]} <Clock until={dueAt} label="If nobody answers, anybody can end it" />
      </p>
    );
  }
  const isPunished = view.summary.state === "Reserved";
  return (
    <ActionForm title="End the job" submit="Expire" run={(client) => expireOptimistic(client, { job })}>
      <p>
        Nobody has answered in time. Anybody can end that: the requester is refunded
        {isPunished ? ", and the node that had reserved loses collateral" : ""}. It costs gas, and brings nothing.
      </p>
    </ActionForm>
  );
}

function Settlement({ view, job }: Omit<Props, "terms">): ReactNode {
  const { id } = view.summary;
  const read = useRead(["optimistic step", id], (client) => optimisticStep(client, view, job));
  return (
    <Async read={read} what="what comes next">
      {(step) => {
        if (step.kind === "wait") {
          return (
            <p>
              {step.why}
              {step.until !== undefined && (
                <>
                  {" "}
                  <Clock until={step.until} label="It can be settled" />
                </>
              )}
            </p>
          );
        }
        return (
          <ActionForm
            title="Settle the job"
            submit="Settle"
            run={(client) =>
              step.kind === "settle"
                ? settleOptimistic(client, { job, node: step.node, outputRoot: step.outputRoot })
                : settleAudited(client, step.given)
            }
          >
            <p>Anybody can do that. {step.outcome} It costs gas, and brings nothing.</p>
          </ActionForm>
        );
      }}
    </Async>
  );
}
