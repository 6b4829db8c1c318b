import type { ReactNode } from "react";

import type { JobView } from "../../entities/jobs.ts";
import { Section } from "../../parts/Section.tsx";
import { CancelForm } from "./CancelForm.tsx";
import { DeliverForm } from "./DeliverForm.tsx";
import { NextOfMarket } from "./NextOfMarket.tsx";
import { NextOfOptimistic } from "./NextOfOptimistic.tsx";

/** What comes next, who can do it, and the means to. */
export function NextSection({ view }: { readonly view: JobView }): ReactNode {
  const { summary, order, delivery } = view;
  if (summary.isFinal) {
    const { outputRoot } = summary;
    const isDue = delivery.state === "waiting" || delivery.state === "failed";
    if (!isDue || outputRoot === undefined) return undefined;
    return (
      <Section title="What comes next">
        <DeliverForm view={view} outputRoot={outputRoot} />
      </Section>
    );
  }
  const { terms } = order;
  return (
    <Section title="What comes next">
      {terms.market === "market" ? (
        <NextOfMarket view={view} job={terms.packed} />
      ) : (
        <NextOfOptimistic view={view} job={terms.packed} terms={terms.job} />
      )}
      <CancelForm view={view} />
    </Section>
  );
}
