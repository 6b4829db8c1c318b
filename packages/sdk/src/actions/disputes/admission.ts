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

/** Whether it was shown that answers of a version can be disputed; without that no node can serve it by itself. */
export async function isAdmitted(client: Client, { versionId }: VersionParameters): Promise<boolean> {
  return explained(client.disputes.isAdmitted(versionId));
}

/** Parameters of {@link admitVersion}. */
export interface AdmitVersionParameters {
  readonly modelId: string;
  readonly identity: VersionIdentity;
  /** What the version's file compiles to. */
  readonly program: Program;
}

/**
 * Shows, once for each version, that answers of it can be disputed. Anyone may.
 * @throws ProtocolError `DisputeNoReferee`, `DisputeWrongGraph`, `DisputeOutOfBounds`, `RefereeWrongHeader`.
 */
export const admitVersion = action("disputes", ({ modelId, identity, program }: AdmitVersionParameters) => {
  const words = program.steps.map(() => ZeroHash);
  return disputes.encodeFunctionData("admit", [modelId, identityFields(identity), encodeHeader(program), words]);
});
