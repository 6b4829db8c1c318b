import { ZeroAddress } from "ethers";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { scheduleStage } from "../../entities/scheduleRuns.ts";
import type { ScheduleView } from "../../entities/schedules.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useNow } from "../../network/context.tsx";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Duration } from "../../parts/Duration.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Section } from "../../parts/Section.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";
import { NextRun } from "./SchedulesTable.tsx";
import { STAGE_TEXT, StageBadge } from "./stages.tsx";

/** What is ordered, how often, and where that stands. */
export function ScheduleFacts({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const { index } = useHistory();
  const stage = scheduleStage(schedule, useNow());
  const { created, createdAt, createdTx, endedAt, endedTx, runs, successor, predecessor } = schedule;
  const terms = created.schedule;
  return (
    <Section title="Where it stands">
      <p>
        <StageBadge schedule={schedule} /> {STAGE_TEXT[stage].meaning}
      </p>
      <Facts
        items={[
          ["Next run", <NextRun key="next" schedule={schedule} />],
          [
            "Version",
            <Link key="version" href={to.version(created.order.versionId)}>
              <ForeignText text={nameOfVersion(index, created.order.versionId)} />
            </Link>,
          ],
          ["Answered by", "node" in created.order ? "one node" : "several nodes"],
          ["Owner", <AddressLink key="owner" address={terms.owner} />],
          ["Every", <Duration key="interval" seconds={terms.interval} />],
          ["First period begins", <Time key="start" at={terms.startAt} />],
          ["No run from", terms.endsAt === 0 ? "no end" : <Time key="end" at={terms.endsAt} />],
          ["Runs", terms.mostRuns === 0 ? `${runs.length}, any number` : `${runs.length} of ${terms.mostRuns}`],
          [
            "Input",
            terms.source === ZeroAddress ? "always the same" : <AddressLink key="source" address={terms.source} />,
          ],
          ["Created", <Time key="created" at={createdAt} tx={createdTx} />],
          [
            "Ended",
            endedAt === undefined ? undefined : (
              <Time key="ended" at={endedAt} {...(endedTx !== undefined && { tx: endedTx })} />
            ),
          ],
          [
            "Goes on as",
            successor === undefined ? undefined : <Hash key="next" value={successor} to={to.schedule(successor)} />,
          ],
          [
            "Took the place of",
            predecessor === undefined ? undefined : (
              <Hash key="last" value={predecessor} to={to.schedule(predecessor)} />
            ),
          ],
        ]}
      />
    </Section>
  );
}
