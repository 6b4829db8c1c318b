import type { ReactNode } from "react";

import type { GovernedParameter, ParameterGroup } from "../../entities/parameters.ts";
import { Async } from "../../parts/Async.tsx";
import { RangeBar } from "../../parts/charts/index.tsx";
import { Time } from "../../parts/Time.tsx";
import { CONTRACT_TITLES, formatParameter, parameterTitle } from "./parameterText.ts";
import { useParameters } from "./useParameters.ts";

/** Each governed number inside its hard bounds. */
export function Parameters(): ReactNode {
  const groups = useParameters();
  return (
    <>
      <p>
        Votes can move these numbers inside the bounds shown, which are constants of the contracts (
        <code>docs/parameters.md</code> says why each is so). A change never reaches a job, session or game that exists.
      </p>
      <Async read={groups} what="parameters">
        {(known) =>
          known
            .filter(({ parameters }) => parameters.length > 0)
            .map((group, i) => <Group key={group.contract} group={group} isOpen={i === 0} />)
        }
      </Async>
    </>
  );
}

function Group({ group, isOpen }: { readonly group: ParameterGroup; readonly isOpen: boolean }): ReactNode {
  return (
    <details open={isOpen}>
      <summary>
        {CONTRACT_TITLES[group.contract]} ({group.parameters.length})
      </summary>
      <ul className="parameters">
        {group.parameters.map((parameter) => (
          <Parameter key={parameter.name} parameter={parameter} />
        ))}
      </ul>
    </details>
  );
}

function Parameter({ parameter }: { readonly parameter: GovernedParameter }): ReactNode {
  const { name, unit, value, least, most, since, tx } = parameter;
  const title = parameterTitle(name);
  return (
    <li>
      <span className="parameter-name" title={name}>
        {title}
      </span>
      <RangeBar label={title} min={least} max={most} value={value} format={(number) => formatParameter(number, unit)} />
      <span className="muted parameter-since">
        since <Time at={since} tx={tx} />
      </span>
    </li>
  );
}
