import type { ReactNode } from "react";

import { Field } from "./Field.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with a text; undefined if nothing is. */
  readonly check?: (text: string) => string | undefined;
  /** Several lines. */
  readonly rows?: number;
  readonly maxLength?: number;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

/** A text. */
export function TextField(props: Props): ReactNode {
  const { label, value, onChange, check, rows, maxLength, hint, required = true } = props;
  const isEmpty = value.trim() === "";
  return (
    <Field label={label} hint={hint} error={isEmpty ? undefined : check?.(value)} isEmpty={isEmpty} required={required}>
      {(control) => {
        const common = {
          ...control,
          value,
          maxLength,
          onChange: ({ target }: { readonly target: { readonly value: string } }) => {
            onChange(target.value);
          },
        };
        return rows === undefined ? (
          <input {...common} type="text" autoComplete="off" />
        ) : (
          <textarea {...common} rows={rows} />
        );
      }}
    </Field>
  );
}
