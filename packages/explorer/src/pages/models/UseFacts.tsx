import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Use } from "../../entities/usage.ts";
import { Amount } from "../../parts/Amount.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { to } from "../../routes.ts";
import { AgreementText } from "./AgreementText.tsx";

/** What became of a version, in numbers. */
export function UseFacts({ use }: { readonly use: Use }): ReactNode {
  return (
    <Facts
      items={[
        ["Jobs", use.jobs.length.toLocaleString("en")],
        ["Sessions", use.sessions.length.toLocaleString("en")],
        ["Earned by the model's owner", <Amount key="royalties" value={use.royalties} />],
        ["Earned by nodes", <Amount key="pay" value={use.pay} />],
        ["Statements equal to the output that stands", <AgreementText key="agreement" agreement={use.agreement} />],
        [
          "Disputes",
          <Link key="disputes" href={to.disputes()}>
            {use.disputes.toLocaleString("en")}
          </Link>,
        ],
      ]}
    />
  );
}
