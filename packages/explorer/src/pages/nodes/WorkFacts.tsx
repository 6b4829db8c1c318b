import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";

import { disputesOf } from "../../entities/disputes.ts";
import type { JobSummary } from "../../entities/jobs.ts";
import { agreementOf, latenciesOf } from "../../entities/usage.ts";
import { useHistory } from "../../history/useHistory.ts";
import { quartiles } from "../../parts/charts/statistics.ts";
import { Duration } from "../../parts/Duration.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { to } from "../../routes.ts";
import { AgreementText } from "../models/AgreementText.tsx";

interface Props {
  readonly address: string;
  /** Those that the node has a part in. */
  readonly jobs: readonly JobSummary[];
}

/** How a node did: what it stated, whether that stands, how long it took. */
export function WorkFacts({ address, jobs }: Props): ReactNode {
  const { index } = useHistory();
  const games = useMemo(() => disputesOf(index).filter(({ game }) => game.node === address), [index, address]);
  const seconds = quartiles(latenciesOf(jobs).get(address) ?? []);
  return (
    <Facts
      items={[
        ["Jobs with a part of it", jobs.length.toLocaleString("en")],
        [
          "Statements equal to the output that stands",
          <AgreementText key="agreement" agreement={agreementOf(jobs, address)} />,
        ],
        ["From order to statement, median", seconds && <Duration key="median" seconds={Math.round(seconds.median)} />],
        [
          "Disputes of what it stated",
          <Link key="disputes" href={to.disputes()}>
            {games.length.toLocaleString("en")}
          </Link>,
        ],
      ]}
    />
  );
}
