import { grantKey } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import { useNow } from "../../network/context.tsx";
import { Time } from "../../parts/Time.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AddressField } from "../../wallet/AddressField.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";
import { IntegerField } from "../../wallet/IntegerField.tsx";

const DAY = 86_400;
/** Ends fit 48 bits by far; ten years are more than anybody should grant. */
const MOST_DAYS = 3_650;

/** Lets a key open sessions in the name of the connected account. */
export function GrantKey(): ReactNode {
  const now = useNow();
  const [key, setKey] = useState<string>();
  const [limit, setLimit] = useState<bigint>();
  const [days, setDays] = useState<number | undefined>(30);
  const expiresAt = now + (days ?? 0) * DAY;
  return (
    <ActionForm
      title="Grant a key"
      submit="Grant"
      done="Granted."
      run={async (client) => {
        if (key === undefined || limit === undefined) return;
        await grantKey(client, { key, limit, expiresAt });
      }}
      onDone={() => {
        setKey(undefined);
        setLimit(undefined);
      }}
    >
      <AddressField label="Key" value={key} onChange={setKey} hint="The address; the key itself stays where it is." />
      <AmountField label="It can put into sessions in all" value={limit} onChange={setLimit} min={1n} />
      <IntegerField
        label="Days"
        value={days}
        onChange={setDays}
        min={1}
        max={MOST_DAYS}
        hint={
          days !== undefined && (
            <>
              Until <Time at={expiresAt} />. It replaces what the key could before.
            </>
          )
        }
      />
    </ActionForm>
  );
}
