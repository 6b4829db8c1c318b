import { cancelUndelegate } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { ThawView } from "../../entities/nodeView.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { ThawField } from "../nodes/ThawField.tsx";

interface Props {
  readonly node: string;
  readonly thaws: readonly ThawView[];
}

/** Bonds the user's thawing stake again. */
export function CancelUndelegate({ node, thaws }: Props): ReactNode {
  const [thawId, setThawId] = useState<bigint>();
  return (
    <ActionForm
      title="Leave it in"
      submit="Bond it again"
      disabled={thawId === undefined}
      run={(client) => cancelUndelegate(client, { node, thawId: thawId ?? 0n })}
      onDone={() => {
        setThawId(undefined);
      }}
      done="It is delegated again."
    >
      <ThawField thaws={thaws} value={thawId} onChange={setThawId} />
    </ActionForm>
  );
}
