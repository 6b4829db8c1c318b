import { withdrawDelegation } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { ThawView } from "../../entities/nodeView.ts";
import { useHead } from "../../network/context.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { ThawField } from "../nodes/ThawField.tsx";

interface Props {
  readonly node: string;
  /** The first to end comes first. */
  readonly thaws: readonly ThawView[];
}

/** Pays the user's thawed stake out. */
export function WithdrawDelegation({ node, thaws }: Props): ReactNode {
  const [thawId, setThawId] = useState<bigint>();
  const now = useHead()?.timestamp ?? 0;
  const due = thaws.filter(({ endsAt }) => endsAt <= now);
  const [first] = thaws;
  return (
    <ActionForm
      title="Withdraw"
      submit="Withdraw"
      disabled={thawId === undefined || due.length === 0}
      run={(client) => withdrawDelegation(client, { node, thawId: thawId ?? 0n })}
      onDone={() => {
        setThawId(undefined);
      }}
      done="It is in your account."
    >
      {due.length > 0 ? (
        <ThawField thaws={due} value={thawId} onChange={setThawId} />
      ) : (
        <p>Nothing waits to be withdrawn. {first && <Clock label="The first is ready" until={first.endsAt} />}</p>
      )}
    </ActionForm>
  );
}
