import { cancelSchedule, pauseSchedule, resumeSchedule, ScheduleState } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { scheduleStage } from "../../entities/scheduleRuns.ts";
import type { ScheduleView } from "../../entities/schedules.ts";
import { sameId } from "../../entities/sameId.ts";
import { useNow } from "../../network/context.tsx";
import { Amount } from "../../parts/Amount.tsx";
import { Section } from "../../parts/Section.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { useWallet } from "../../wallet/useWallet.ts";
import { AllowScheduler } from "./AllowScheduler.tsx";
import { TopUp } from "./TopUp.tsx";
import { TriggerRun } from "./TriggerRun.tsx";

/** What can be done with a schedule: runs by anyone, all else by its owner. */
export function ScheduleActions({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const { account } = useWallet();
  const stage = scheduleStage(schedule, useNow());
  if (stage === "ended") return undefined;
  const isOwner = sameId(schedule.created.schedule.owner, account);
  return (
    <Section title="What you can do">
      {account !== undefined && !isOwner && (
        <p className="muted">All but placing a run is for the owner, who is not the connected account.</p>
      )}
      <div className="actions">
        <TriggerRun schedule={schedule} isDue={stage === "due"} />
        {(account === undefined || isOwner) && <OwnerActions schedule={schedule} />}
      </div>
    </Section>
  );
}

function OwnerActions({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const { packed } = schedule.created;
  const isPaused = schedule.state === ScheduleState.Paused;
  return (
    <>
      <TopUp schedule={schedule} />
      <AllowScheduler schedule={schedule} />
      <ActionForm
        title={isPaused ? "Resume" : "Pause"}
        submit={isPaused ? "Let it go on" : "Pause schedule"}
        done="Sent and in a block."
        run={(client) => (isPaused ? resumeSchedule : pauseSchedule)(client, { schedule: packed })}
      >
        <p>{isPaused ? "It goes on with the period of now." : "No run is placed until you let it go on."}</p>
      </ActionForm>
      <ActionForm
        title="Cancel"
        submit="Cancel schedule"
        done="Cancelled."
        run={(client) => cancelSchedule(client, { schedule: packed })}
      >
        <p>
          Ends it for good. Its budget of <Amount value={schedule.budget} /> was never taken from you: it is in your
          balance. Jobs that it has ordered go on.
        </p>
      </ActionForm>
    </>
  );
}
