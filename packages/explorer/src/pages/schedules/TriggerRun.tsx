import { getDueRun, triggerSchedule } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import type { ScheduleView } from "../../entities/schedules.ts";
import { useRead } from "../../network/useRead.ts";
import { Amount } from "../../parts/Amount.tsx";
import { errorText } from "../../parts/errorText.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";

interface Props {
  readonly schedule: ScheduleView;
  readonly isDue: boolean;
}

/** Places the run that is due. */
export function TriggerRun({ schedule: { scheduleId, created }, isDue }: Props): ReactNode {
  const { packed, order, input } = created;
  return (
    <ActionForm
      title="Run it"
      submit="Place the run"
      done="The run was placed."
      disabled={!isDue}
      run={(client) => triggerSchedule(client, { packed, order, input })}
    >
      {isDue ? <Reward scheduleId={scheduleId} created={created} /> : <p className="muted">No run is due now.</p>}
    </ActionForm>
  );
}

function Reward({ scheduleId, created }: Pick<ScheduleView, "scheduleId" | "created">): ReactNode {
  const { packed, input } = created;
  const due = useRead(["due", scheduleId], (client) => getDueRun(client, { packed, input }));
  if (due.data === undefined) {
    return <p className="muted">{due.error === null ? "Asking what it earns …" : errorText(due.error).sentence}</p>;
  }
  return (
    <p>
      Anyone can. You pay the gas, and earn about <Amount value={due.data.reward} /> in the market’s balance; the reward
      rises for a while.
    </p>
  );
}
