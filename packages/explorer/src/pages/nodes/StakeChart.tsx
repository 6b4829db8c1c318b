import { type ReactNode, useMemo } from "react";

import { heldUntil } from "../../entities/heldUntil.ts";
import { type Slash, slashesOf, stakeHistoryOf, type StakeStep } from "../../entities/nodeView.ts";
import { useHistory } from "../../history/useHistory.ts";
import { useHead } from "../../network/context.tsx";
import { opgNumber, TimeSeries } from "../../parts/charts/index.tsx";

/** A node's stake after each thing that moved it, and what slashes took. */
export function StakeChart({ address }: { readonly address: string }): ReactNode {
  const { index } = useHistory();
  const [steps, slashes] = useMemo(
    () => [stakeHistoryOf(index, address), slashesOf(index, address)] as const,
    [index, address],
  );
  const now = useHead()?.timestamp ?? 0;
  const points = (amount: (step: StakeStep) => bigint) =>
    heldUntil(
      steps.map((step) => [step.at, opgNumber(amount(step))] as const),
      now,
    );
  return (
    <>
      <TimeSeries
        title="Stake"
        kind="step"
        unit="OPG"
        series={[
          { label: "Own, bonded", points: points(({ own }) => own) },
          { label: "Delegated, bonded", points: points(({ delegated }) => delegated) },
          { label: "Thawing", points: points(({ thawing }) => thawing) },
        ]}
      />
      {slashes.length > 0 && (
        <TimeSeries
          title="Taken by slashes"
          kind="bars"
          unit="OPG"
          series={[
            { label: "Own stake", points: taken(slashes, ({ own }) => own) },
            { label: "Delegated stake", points: taken(slashes, ({ delegated }) => delegated) },
          ]}
        />
      )}
    </>
  );
}

const taken = (slashes: readonly Slash[], amount: (slash: Slash) => bigint) =>
  slashes.map((slash) => [slash.at, opgNumber(amount(slash))] as const).toReversed();
