import type { ReactNode } from "react";

import { type ScheduleStage, scheduleStage } from "../../entities/scheduleRuns.ts";
import type { ScheduleView } from "../../entities/schedules.ts";
import { useNow } from "../../network/context.tsx";
import { Badge, type Tone } from "../../parts/Badge.tsx";

interface StageText {
  readonly tone: Tone;
  readonly text: string;
  /** What that means, and what comes next. */
  readonly meaning: string;
}

/** What each stage of a schedule is called. */
export const STAGE_TEXT: Readonly<Record<ScheduleStage, StageText>> = {
  waiting: { tone: "good", text: "waiting", meaning: "This period has run, or the first one has not begun." },
  due: { tone: "wait", text: "due", meaning: "A run can be placed now. Anyone can do it, and earns the reward." },
  paused: { tone: "wait", text: "paused", meaning: "Its owner has stopped it, and can let it go on." },
  over: { tone: "plain", text: "over", meaning: "Its end is past, or it has run as often as it was to." },
  ended: { tone: "plain", text: "ended", meaning: "Its owner has ended it. Jobs that it has ordered go on." },
};

/** Where a schedule stands now. */
export function StageBadge({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const { tone, text } = STAGE_TEXT[scheduleStage(schedule, useNow())];
  return <Badge tone={tone}>{text}</Badge>;
}
