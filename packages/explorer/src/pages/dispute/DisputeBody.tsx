import { type ReactNode, useMemo } from "react";

import type { Dispute } from "../../entities/disputes.ts";
import { Section } from "../../parts/Section.tsx";
import { Explanation } from "./Explanation.tsx";
import { GameActions } from "./GameActions.tsx";
import { GameFacts } from "./GameFacts.tsx";
import { GameMoney } from "./GameMoney.tsx";
import { MovesTimeline } from "./MovesTimeline.tsx";
import { questionOf } from "./run/question.ts";
import { useOwnRun } from "./run/useOwnRun.ts";
import { Standing } from "./Standing.tsx";

/** All about one game. */
export function DisputeBody({ dispute }: { readonly dispute: Dispute }): ReactNode {
  const { stated, game } = dispute;
  const question = useMemo(() => questionOf(stated, game.inputRoot), [stated, game.inputRoot]);
  const own = useOwnRun(question);
  return (
    <>
      <Section title="Where it stands">
        <Standing dispute={dispute} />
        <GameActions dispute={dispute} own={own.result} />
      </Section>
      <Section title="What it is about">
        <Explanation dispute={dispute} own={own} />
      </Section>
      <div className="columns">
        <Section title="Moves">
          <MovesTimeline dispute={dispute} />
        </Section>
        <Section title="The game">
          <GameFacts dispute={dispute} />
        </Section>
      </div>
      <Section title="Bond and stake">
        <GameMoney dispute={dispute} />
      </Section>
    </>
  );
}
