import { drip, getNextDripAt } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { useNetwork, useNow } from "../../network/context.tsx";
import { useRead } from "../../network/useRead.ts";
import { Async } from "../../parts/Async.tsx";
import { Clock } from "../../parts/Clock.tsx";
import { Section } from "../../parts/Section.tsx";
import { ActionForm } from "../../wallet/ActionForm.tsx";

interface Props {
  readonly account: string;
  readonly refetch: () => unknown;
}

/** OPG to try things with; only where the deployment has a faucet. */
export function Faucet({ account, refetch }: Props): ReactNode {
  const { config } = useNetwork();
  return config.deployment.faucet === undefined ? undefined : <Drip account={account} refetch={refetch} />;
}

function Drip({ account, refetch }: Props): ReactNode {
  const now = useNow();
  const next = useRead(["faucet", account], (client) => getNextDripAt(client, { account }));
  return (
    <Section title="Faucet">
      <Async read={next} what="the faucet">
        {(nextAt) => (
          <ActionForm
            title="OPG to try things with"
            submit="Ask the faucet"
            done="The faucet has paid."
            disabled={Number(nextAt) > now}
            run={async (client) => {
              await drip(client, { account });
            }}
            onDone={() => {
              refetch();
              next.refetch();
            }}
          >
            {Number(nextAt) > now ? (
              <p>
                You can ask again <Clock until={nextAt} />.
              </p>
            ) : (
              <p>OPG is worth nothing here. You can ask now.</p>
            )}
          </ActionForm>
        )}
      </Async>
    </Section>
  );
}
