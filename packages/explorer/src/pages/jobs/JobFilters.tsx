import { type ReactNode, useId } from "react";

import { JOB_STATES } from "../../entities/jobs.ts";
import type { JobFilter } from "./filter.ts";

interface Props {
  readonly filter: JobFilter;
  readonly setFilter: (filter: JobFilter) => void;
}

const MARKETS: readonly Choice[] = [
  ["all", "both markets"],
  ["market", "several nodes"],
  ["optimistic", "one node"],
];
const STATES: readonly Choice[] = [
  ["all", "all states"],
  ["running", "not final"],
  ...JOB_STATES.map((state): Choice => [state, state]),
];

type Choice = readonly [value: string, label: string];

/** What to look for among jobs. */
export function JobFilters({ filter, setFilter }: Props): ReactNode {
  return (
    <form
      role="search"
      aria-label="Jobs"
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <Choose
        label="Answered by"
        value={filter.market}
        choices={MARKETS}
        onChange={(market) => {
          const found = MARKET_NAMES.find((name) => name === market);
          if (found !== undefined) setFilter({ ...filter, market: found });
        }}
      />
      <Choose
        label="State"
        value={filter.state}
        choices={STATES}
        onChange={(state) => {
          const found = STATE_NAMES.find((name) => name === state);
          if (found !== undefined) setFilter({ ...filter, state: found });
        }}
      />
      <Write
        label="Model version (name or id)"
        value={filter.version}
        onChange={(version) => {
          setFilter({ ...filter, version });
        }}
      />
      <Write
        label="Requester or node (address)"
        value={filter.account}
        onChange={(account) => {
          setFilter({ ...filter, account });
        }}
      />
    </form>
  );
}

const MARKET_NAMES = ["all", "market", "optimistic"] as const;
const STATE_NAMES = ["all", "running", ...JOB_STATES] as const;

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choose({ label, value, choices, onChange }: FieldProps & { readonly choices: readonly Choice[] }): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>{" "}
      <select
        id={id}
        value={value}
        onChange={({ target }) => {
          onChange(target.value);
        }}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function Write({ label, value, onChange }: FieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>{" "}
      <input
        id={id}
        type="search"
        autoComplete="off"
        maxLength={80}
        value={value}
        onChange={({ target }) => {
          onChange(target.value);
        }}
      />
    </div>
  );
}
