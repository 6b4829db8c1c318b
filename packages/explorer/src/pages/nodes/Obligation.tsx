import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import { versionOf } from "../../entities/versions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { to } from "../../routes.ts";

/** What stake answers for: of the markets and of sessions a version, of others whatever they call it. */
export function Obligation({ id }: { readonly id: string }): ReactNode {
  const { index } = useHistory();
  if (versionOf(index, id) === undefined) return <Hash value={id} />;
  return (
    <Link href={to.version(id)}>
      <ForeignText text={nameOfVersion(index, id)} />
    </Link>
  );
}
