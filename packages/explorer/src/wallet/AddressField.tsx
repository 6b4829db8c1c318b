import type { ReactNode } from "react";

import { Field } from "./Field.tsx";
import { readAddress } from "./inputs.ts";
import { useTyped } from "./useTyped.ts";

interface Props {
  readonly label: string;
  /** With its checksum; undefined as long as nothing right was typed. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

const same = (address: string): string => address;

/** The address of an account. */
export function AddressField({ label, value, onChange, hint, required = true }: Props): ReactNode {
  const { text, reading, type } = useTyped(value, onChange, readAddress, same);
  return (
    <Field label={label} hint={hint} error={reading.error} isEmpty={text.trim() === ""} required={required}>
      {(control) => (
        <input
          {...control}
          type="text"
          autoComplete="off"
          spellCheck={false}
          placeholder="0x…"
          value={text}
          onChange={({ target }) => {
            type(target.value);
          }}
        />
      )}
    </Field>
  );
}
