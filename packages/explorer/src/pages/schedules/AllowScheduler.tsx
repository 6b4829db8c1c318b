import { allowSpender } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { ScheduleView } from "../../entities/schedules.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";

/** Lets the scheduler use the owner's balance, without which no run can be placed. */
export function AllowScheduler({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const [cap, setCap] = useState<bigint | undefined>(schedule.budget);
  const isOfOne = "node" in schedule.created.order;
  return (
    <ActionForm
      title="What the scheduler may use"
      submit="Allow"
      done="Allowed."
      run={async (client) => {
        if (cap === undefined) return;
        const { optimistic, market, scheduler: spender } = client.addresses;
        await allowSpender(client, { ledger: isOfOne ? optimistic : market, spender, cap });
      }}
    >
      <AmountField
        label="Of your balance in that market"
        value={cap}
        onChange={setCap}
        hint="For all your schedules together, in place of what you have allowed before. Zero allows nothing."
      />
    </ActionForm>
  );
}
