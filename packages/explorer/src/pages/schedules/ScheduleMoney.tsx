import { type Client, getBalance, getOptimisticBalance, getSpenderCap } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { runsLeft } from "../../entities/scheduleRuns.ts";
import type { ScheduleView } from "../../entities/schedules.ts";
import { useRead } from "../../network/useRead.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Async } from "../../parts/Async.tsx";
import { RangeBar } from "../../parts/charts/index.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { opgText } from "../../parts/format.ts";
import { Section } from "../../parts/Section.tsx";

/** What the owner has in the market of the order, and lets the scheduler use of it. Base units of OPG. */
interface Purse {
  readonly balance: bigint;
  readonly cap: bigint;
}

/** What runs may take, have taken, and whether the owner's balance allows the next one. */
export function ScheduleMoney({ schedule }: { readonly schedule: ScheduleView }): ReactNode {
  const { scheduleId, created, createdTx, granted, budget } = schedule;
  const { mostCost, mostReward } = created.schedule;
  const purse = useRead(["purse", scheduleId], (client) => readPurse(client, schedule));
  return (
    <Section title="Money">
      <p className="muted" aria-hidden="true">
        Budget left, of what was given
      </p>
      <RangeBar label="Budget left, of what was given" min={0n} max={granted} value={budget} format={opgText} />
      <Facts
        items={[
          ["Budget left", <Amount key="budget" value={budget} tx={schedule.runs.at(-1)?.tx ?? createdTx} />],
          ["Runs that it lasts for at least", runsLeft(schedule).toLocaleString("en")],
          ["One run’s escrow, at most", <Amount key="cost" value={mostCost} tx={createdTx} />],
          ["One run’s reward, at most", <Amount key="reward" value={mostReward} tx={createdTx} />],
        ]}
      />
      <h3>What the next run can be paid with</h3>
      <Async read={purse} what="the owner’s balance">
        {({ balance, cap }) => (
          <>
            <Facts
              items={[
                ["Owner’s balance in that market", <Amount key="balance" value={balance} />],
                ["Of it, the scheduler may use", balance <= cap ? "all" : <Amount key="cap" value={cap} />],
              ]}
            />
            {(balance < mostCost || cap < mostCost) && (
              <p className="note wait">
                {balance < mostCost
                  ? "A run can cost more than the owner has in that market: it may fail until more is deposited."
                  : "A run can cost more than the scheduler may use: it may fail until the owner allows more."}
              </p>
            )}
          </>
        )}
      </Async>
    </Section>
  );
}

async function readPurse(client: Client, { created }: ScheduleView): Promise<Purse> {
  const account = created.schedule.owner;
  const isOfOne = "node" in created.order;
  const ledger = isOfOne ? client.addresses.optimistic : client.addresses.market;
  const [{ balance }, cap] = await Promise.all([
    isOfOne ? getOptimisticBalance(client, { account }) : getBalance(client, { account }),
    getSpenderCap(client, { ledger, account, spender: client.addresses.scheduler }),
  ]);
  return { balance, cap };
}
