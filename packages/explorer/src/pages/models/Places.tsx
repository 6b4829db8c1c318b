import type { ReactNode } from "react";

import type { VersionView } from "../../entities/versions.ts";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { Time } from "../../parts/Time.tsx";

/** Where the artifact of a version can be fetched, as its owner says. */
export function Places({ version: { places } }: { readonly version: VersionView }): ReactNode {
  return (
    <>
      <p className="muted">Whatever is served there is right only if its sha-256 is the digest above.</p>
      <ul>
        {places.map(({ uri, isMirror, at, tx }) => (
          <li key={`${tx} ${uri}`}>
            <ForeignLink uri={uri} />{" "}
            {isMirror && (
              <span className="muted">
                added <Time at={at} tx={tx} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
