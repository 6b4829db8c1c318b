import type { ReactNode } from "react";
import { Link } from "wouter";

import type { ModelView } from "../../entities/models.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

/** Warns of models of other publishers with a name that is easily taken for this one's. */
export function Lookalikes({ model: { publisher, lookalikes } }: { readonly model: ModelView }): ReactNode {
  if (lookalikes.length === 0) return null;
  return (
    <div className="note wait" role="note">
      <p>
        Other publishers have models whose names look like this one. Anyone can take a name: go by the publisher. This
        one is of <AddressLink address={publisher} />, the others are:
      </p>
      <ul>
        {lookalikes.map((other) => (
          <li key={other.modelId}>
            <Link href={to.model(other.modelId)}>
              <ForeignText text={other.slug} />
            </Link>{" "}
            of <AddressLink address={other.publisher} />, registered <Time at={other.registeredAt} />
          </li>
        ))}
      </ul>
    </div>
  );
}
