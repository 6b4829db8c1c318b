import {
  advanceJob,
  type Client,
  expireJob,
  getNextStep,
  type Mined,
  type NextStep,
  type PackedJob,
  settleJob,
  unpackSeals,
} from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { JobView } from "../../entities/jobs.ts";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { NEXT_STATE, WAITING } from "./words.ts";

interface Props {
  readonly view: JobView;
  readonly job: PackedJob;
}

/** The next step of a job that several nodes answer, as the chain tells it. */
export function NextOfMarket({ view, job }: Props): ReactNode {
  const { id, state } = view.summary;
  const read = useRead(["next step", id], (client) => getNextStep(client, { job }));
  return (
    <Async read={read} what="what comes next">
      {(next) => {
        const step = STEPS[next.step];
        if (step === undefined) return <p>{WAITING[state] ?? "It waits for its clocks."}</p>;
        const outcome = next.step === "unpack" ? "each seal has an entry of its own" : NEXT_STATE[next.next];
        return (
          <ActionForm key={next.step} title={step.title} submit={step.submit} run={(client) => step.run(client, job)}>
            <p>
              Anybody can do that{outcome === undefined ? "" : `: then ${outcome}`}. It costs gas, and brings nothing.
            </p>
          </ActionForm>
        );
      }}
    </Async>
  );
}

interface Step {
  readonly title: string;
  readonly submit: string;
  readonly run: (client: Client, job: PackedJob) => Promise<Mined>;
}

const STEPS: Readonly<Partial<Record<NextStep["step"], Step>>> = {
  advance: { title: "Take the job a step on", submit: "Advance", run: (client, job) => advanceJob(client, { job }) },
  settle: { title: "Settle the job", submit: "Settle", run: (client, job) => settleJob(client, { job }) },
  expire: { title: "End the job", submit: "Expire", run: (client, job) => expireJob(client, { job }) },
  unpack: { title: "Unpack the seals", submit: "Unpack", run: (client, job) => unpackSeals(client, { job }) },
};
