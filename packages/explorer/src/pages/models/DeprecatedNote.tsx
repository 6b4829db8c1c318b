import type { ReactNode } from "react";
import { Link } from "wouter";

import { nameOfVersion } from "../../entities/names.ts";
import type { VersionView } from "../../entities/versions.ts";
import { useHistory } from "../../history/useHistory.ts";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Time } from "../../parts/Time.tsx";
import { to } from "../../routes.ts";

/** Says that a version takes no orders any more, and what to order instead. */
export function DeprecatedNote({ version: { deprecation } }: { readonly version: VersionView }): ReactNode {
  const { index } = useHistory();
  if (deprecation === undefined) return null;
  const { at, tx, successor } = deprecation;
  return (
    <p className="note bad" role="note">
      Deprecated since <Time at={at} tx={tx} />: new orders of it are refused. Jobs that run go on.{" "}
      {successor === undefined ? (
        "The owner names no successor."
      ) : (
        <>
          Order{" "}
          <Link href={to.version(successor)}>
            <ForeignText text={nameOfVersion(index, successor)} />
          </Link>{" "}
          instead.
        </>
      )}
    </p>
  );
}
