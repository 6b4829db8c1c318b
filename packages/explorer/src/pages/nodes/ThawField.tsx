import type { ReactNode } from "react";

import type { ThawView } from "../../entities/nodeView.ts";
import { formatTime, opgText } from "../../parts/format.ts";
import { SelectField } from "../../wallet/SelectField.tsx";

interface Props {
  readonly thaws: readonly ThawView[];
  readonly value: bigint | undefined;
  readonly onChange: (id: bigint | undefined) => void;
}

/** Which stake that thaws. */
export function ThawField({ thaws, value, onChange }: Props): ReactNode {
  return (
    <SelectField
      label="Which"
      placeholder="Choose"
      value={value?.toString() ?? ""}
      onChange={(id) => {
        onChange(id === "" ? undefined : BigInt(id));
      }}
      options={thaws.map(({ id, worth, endsAt }) => ({
        value: id.toString(),
        label: `${opgText(worth)}, until ${formatTime(endsAt)}`,
      }))}
    />
  );
}
