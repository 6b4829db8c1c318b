import type { ReactNode } from "react";

import type { PackedContract } from "../../entities/parameters.ts";
import { valuesIn } from "../../entities/parameters.ts";
import { Async } from "../../parts/Async.tsx";
import { Badge } from "../../parts/Badge.tsx";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { formatParameter, parameterTitle } from "./parameterText.ts";
import { useParameters } from "./useParameters.ts";
import type { GovernedParameter } from "../../entities/parameters.ts";

interface Props {
  readonly contract: PackedContract;
  readonly word: string;
  readonly marginPeriod: bigint | undefined;
}

interface Change {
  readonly parameter: GovernedParameter;
  readonly proposed: bigint;
}

const COLUMNS: readonly Column<Change>[] = [
  { key: "name", title: "Number", render: ({ parameter }) => parameterTitle(parameter.name) },
  {
    key: "now",
    title: "Now",
    align: "end",
    render: ({ parameter: { value, unit } }) => formatParameter(value, unit),
  },
  {
    key: "then",
    title: "Then",
    align: "end",
    render: ({ parameter: { unit }, proposed }) => formatParameter(proposed, unit),
  },
  {
    key: "bounds",
    title: "Bounds",
    render: ({ parameter: { least, most, unit }, proposed }) =>
      proposed < least || proposed > most ? (
        <Badge tone="bad">outside of its bounds: the call will fail</Badge>
      ) : (
        `${formatParameter(least, unit)} to ${formatParameter(most, unit)}`
      ),
  },
];

/** Which numbers a call would change, beside what they are now. */
export function RulesDifference({ contract, word, marginPeriod }: Props): ReactNode {
  const groups = useParameters();
  const proposed = valuesIn(contract, word, marginPeriod);
  return (
    <Async read={groups} what="the numbers as they are">
      {(known) => {
        const parameters = known.find((group) => group.contract === contract)?.parameters ?? [];
        const changes = parameters.flatMap((parameter) => {
          const value = proposed[parameter.name];
          return value === undefined || value === parameter.value ? [] : [{ parameter, proposed: value }];
        });
        return (
          <DataTable
            caption="Numbers that would change"
            columns={COLUMNS}
            rows={changes}
            rowKey={({ parameter }) => parameter.name}
            empty="All numbers are as they would be after this call."
          />
        );
      }}
    </Async>
  );
}
