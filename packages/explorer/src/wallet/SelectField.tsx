import type { ReactNode } from "react";

import { Field } from "./Field.tsx";

/** One of several choices. */
export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

interface Props {
  readonly label: string;
  /** Empty: nothing was chosen. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly SelectOption[];
  /** Shown as long as nothing was chosen; without it, one of the options always is. */
  readonly placeholder?: string;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

/** A choice. */
export function SelectField(props: Props): ReactNode {
  const { label, value, onChange, options, placeholder, hint, required = true } = props;
  return (
    <Field label={label} hint={hint} error={undefined} isEmpty={value === ""} required={required}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={({ target }) => {
            onChange(target.value);
          }}
        >
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
