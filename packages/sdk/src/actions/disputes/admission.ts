import { ZeroHash } from "ethers";

import type { Client } from "../../client.ts";
import type { VersionIdentity } from "../../codecs/model.ts";
import { interfaces } from "../../contracts.ts";
import { explained } from "../../errors/ProtocolError.ts";
import { encodeHeader, type Program } from "../../onnx/index.ts";
import { action } from "../action.ts";
import type { VersionParameters } from "../models/versions.ts";
import { identityFields } from "./statements.ts";

const { disputes } = interfaces;

/** Whether it was shown that statements about a version can be disputed; nobody can answer for it alone before. */
export async function isVersionAdmitted(client: Client, { versionId }: VersionParameters): Promise<boolean> {
  return explained(client.disputes.isAdmitted(versionId));
}

/** Parameters of {@link admitVersion}. */
export interface AdmitVersionParameters {
  readonly modelId: string;
  readonly identity: VersionIdentity;
  /** What the version's artifact compiles to. */
  readonly program: Program;
}

/**
 * Shows that statements about a version can be disputed. Once for each version; anyone may.
 * @throws ProtocolError `DisputeNoReferee`, `DisputeWrongGraph`, `RefereeWrongHeader`.
 */
export const admitVersion = action("disputes", ({ modelId, identity, program }: AdmitVersionParameters) =>
  disputes.encodeFunctionData("admit", [
    modelId,
    identityFields(identity),
    encodeHeader(program),
    program.steps.map(() => ZeroHash),
  ]),
);
