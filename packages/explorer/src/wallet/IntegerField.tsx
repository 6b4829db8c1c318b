import type { ReactNode } from "react";

import { Field } from "./Field.tsx";
import { readInteger } from "./inputs.ts";
import { useTyped } from "./useTyped.ts";

interface Props {
  readonly label: string;
  /** Undefined as long as nothing right was typed. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  /** Inclusive. */
  readonly min?: number | undefined;
  /** Inclusive. */
  readonly max?: number | undefined;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

/** A whole number. */
export function IntegerField(props: Props): ReactNode {
  const { label, value, onChange, min, max, hint, required = true } = props;
  const { text, reading, type } = useTyped(value, onChange, (typed) => readInteger(typed, { min, max }), String);
  return (
    <Field label={label} hint={hint} error={reading.error} isEmpty={text.trim() === ""} required={required}>
      {(control) => (
        <input
          {...control}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            type(target.value);
          }}
        />
      )}
    </Field>
  );
}
