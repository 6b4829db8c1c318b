import { ZeroHash } from "ethers";
import type { ReactNode } from "react";

import type { ModelView } from "../../entities/models.ts";
import type { VersionView } from "../../entities/versions.ts";
import { AddressLink } from "../../parts/AddressLink.tsx";
import { Bytes } from "../../parts/Bytes.tsx";
import { Facts } from "../../parts/Facts.tsx";
import { ForeignLink } from "../../parts/ForeignLink.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";
import { Time } from "../../parts/Time.tsx";

interface Props {
  readonly version: VersionView;
  readonly model: ModelView | undefined;
}

/** What a version is: all of it is final. */
export function VersionFacts({ version, model }: Props): ReactNode {
  const { identity, release, versionId } = version;
  return (
    <Facts
      items={[
        ["Id", <Hash key="id" value={versionId} />],
        ["Publisher of the model", model && <AddressLink key="publisher" address={model.publisher} />],
        ["Owner of the model now", model && <AddressLink key="owner" address={model.owner} />],
        ["Released", <Time key="released" at={version.releasedAt} tx={version.releasedTx} />],
        ["Licence", <ForeignText key="licence" text={release.licence} />],
        ["Format", <ForeignText key="format" text={identity.format} />],
        ["Size", <Bytes key="size" value={identity.artifactSize} />],
        ["Artifact, sha-256", <Hash key="digest" value={identity.artifactDigest} />],
        ["Test input, root", <Hash key="input" value={release.goldenInputRoot} />],
        ["Test output, root", <Hash key="output" value={release.goldenOutputRoot} />],
        ["Description", release.metadataURI === "" ? undefined : <ForeignLink key="uri" uri={release.metadataURI} />],
        ["Description, sha-256", unlessZero(release.metadataHash)],
        ["Profile", unlessZero(identity.profile) ?? "none"],
        ["Graph root", unlessZero(identity.graphRoot) ?? "none"],
        ["Referee", <Referee key="referee" version={version} />],
      ]}
    />
  );
}

function Referee({ version: { admission, identity } }: { readonly version: VersionView }): ReactNode {
  if (admission !== undefined) {
    return (
      <>
        <AddressLink address={admission.referee} /> can judge its answers, shown{" "}
        <Time at={admission.at} tx={admission.tx} />
      </>
    );
  }
  if (identity.graphRoot === ZeroHash) return "none: several nodes have to agree";
  return "not admitted to disputes yet: no node can answer alone";
}

const unlessZero = (hash: string): ReactNode => (hash === ZeroHash ? undefined : <Hash value={hash} />);
