import { formatOpg } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { opgText } from "../parts/format.ts";
import { Field } from "./Field.tsx";
import { readAmount } from "./inputs.ts";
import { useTyped } from "./useTyped.ts";

interface Props {
  readonly label: string;
  /** Base units of OPG; undefined as long as nothing right was typed. */
  readonly value: bigint | undefined;
  readonly onChange: (value: bigint | undefined) => void;
  /** Inclusive. */
  readonly min?: bigint | undefined;
  /** Inclusive; offered by a button. */
  readonly max?: bigint | undefined;
  /** The amount must be a multiple of this. */
  readonly step?: bigint | undefined;
  /** What `max` is, such as `Balance`. */
  readonly maxLabel?: string;
  readonly hint?: ReactNode;
  readonly required?: boolean;
}

/** An amount of OPG. */
export function AmountField(props: Props): ReactNode {
  const { label, value, onChange, min, max, step, maxLabel = "At most", hint, required = true } = props;
  const { text, reading, type } = useTyped(
    value,
    onChange,
    (typed) => readAmount(typed, { min, max, step }),
    formatOpg,
  );
  const hints = [max !== undefined && `${maxLabel}: ${opgText(max)}.`, hint].filter(
    (part) => part !== false && part !== undefined,
  );
  return (
    <Field
      label={`${label} (OPG)`}
      hint={hints.length === 0 ? undefined : hints.map((part, i) => <span key={i}>{part} </span>)}
      error={reading.error}
      isEmpty={text.trim() === ""}
      required={required}
    >
      {(control) => (
        <span className="field-row">
          <input
            {...control}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={({ target }) => {
              type(target.value);
            }}
          />
          {max !== undefined && (
            <button
              type="button"
              aria-label={`Max: ${label}`}
              onClick={() => {
                type(formatOpg(step === undefined ? max : max - (max % step)));
              }}
            >
              Max
            </button>
          )}
        </span>
      )}
    </Field>
  );
}
