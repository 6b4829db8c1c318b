import { cancelThaw } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { ThawView } from "../../entities/nodeView.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { ThawField } from "./ThawField.tsx";

interface Props {
  readonly address: string;
  readonly thaws: readonly ThawView[];
}

/** Bonds thawing own stake again. */
export function CancelThaw({ address, thaws }: Props): ReactNode {
  const [thawId, setThawId] = useState<bigint>();
  return (
    <ActionForm
      title="Cancel a thaw"
      submit="Bond it again"
      disabled={thawId === undefined}
      run={(client) => cancelThaw(client, { node: address, thawId: thawId ?? 0n })}
      onDone={() => {
        setThawId(undefined);
      }}
      done="It is bonded again."
    >
      <ThawField thaws={thaws} value={thawId} onChange={setThawId} />
    </ActionForm>
  );
}
