import { topUpSchedule } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import type { ScheduleView } from "../../entities/schedules.ts";
import { ActionForm } from "../../wallet/ActionForm.tsx";
import { AmountField } from "../../wallet/AmountField.tsx";

/** Lets runs take more. */
export function TopUp({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const [amount, setAmount] = useState<bigint>();
  const { packed } = schedule.created;
  return (
    <ActionForm
      title="Top up"
      submit="Raise the budget"
      done="The budget was raised."
      run={async (client) => (amount === undefined ? undefined : topUpSchedule(client, { schedule: packed, amount }))}
      onDone={() => {
        setAmount(undefined);
      }}
    >
      <AmountField
        label="By"
        value={amount}
        onChange={setAmount}
        min={1n}
        hint="Moves no money: it is the most that runs can take out of your balance."
      />
    </ActionForm>
  );
}
