import { lazy, type ReactNode, Suspense, useState } from "react";

import type { JobView } from "../../entities/jobs.ts";
import { Loading } from "../../parts/Loading.tsx";
import { Section } from "../../parts/Section.tsx";

const ChallengePanel = lazy(() => import("../dispute/ChallengePanel.tsx"));

/** The way to challenge what was stated, as long as the job is not settled. */
export function ChallengeSection({ view }: { readonly view: JobView }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const { summary, order, statements } = view;
  if (summary.isFinal || statements.length === 0 || order.terms.job.windowPeriod === 0) return undefined;
  return (
    <Section title="Challenge">
      <p>
        Whoever runs the model and gets another output can challenge an answer, with a bond. Your browser can do that:
        it runs the model here first.
      </p>
      {isOpen ? (
        <Suspense fallback={<Loading what="the challenge" />}>
          <ChallengePanel jobId={summary.id} />
        </Suspense>
      ) : (
        <button
          type="button"
          onClick={() => {
            setIsOpen(true);
          }}
        >
          Check the answers and challenge
        </button>
      )}
    </Section>
  );
}
