import type { ReactNode } from "react";

import { schedulesOf } from "../../entities/schedules.ts";
import { sameId } from "../../entities/sameId.ts";
import { useEntities } from "../../history/useHistory.ts";
import { Section } from "../../parts/Section.tsx";
import { SchedulesTable } from "../schedules/SchedulesTable.tsx";

/** The schedules that an account owns; nothing if it has none. */
export function OwnSchedules({ account }: { readonly account: string }): ReactNode {
  const schedules = useEntities(schedulesOf).filter(({ created }) => sameId(created.schedule.owner, account));
  if (schedules.length === 0) return undefined;
  return (
    <Section title="Your schedules">
      <SchedulesTable caption="Schedules that this account owns" schedules={schedules} pageSize={10} empty="None." />
    </Section>
  );
}
