import { ZeroHash } from "ethers";

import { decodePayload, payloadRoot, type Tensor, type TensorSpec, type Version } from "@opg-protocol/sdk";
import { windowOf } from "@opg-protocol/sdk/completions";
import type { Program } from "@opg-protocol/sdk/onnx";
import { z } from "zod";

import type { ArtifactStore } from "../artifacts/ArtifactStore.ts";
import type { Chain } from "../chain/Chain.ts";
import type { Executable, Executor } from "../execute/Executor.ts";
import type { CheckedFile } from "../execute/protocol.ts";
import { fits } from "../jobs/Inputs.ts";
import type { Logger } from "../log.ts";
import { type Golden, type Profile, ProfileError } from "../profile/Profile.ts";
import { type BackendCheck, BackendDiffersError } from "./BackendCheck.ts";

/** The one format that the runtime of this node takes. */
const FORMAT = "onnx";

/** Characters of a URI in metadata. */
const MOST_URI = 2_048;

/** What the metadata of a version must hold for a node: the input of its golden vector, as an encoded payload in hex. */
const metadataSchema = z.object({ golden: z.object({ input: z.string().regex(/^0x([0-9a-f]{2})+$/i) }) });

/** What the metadata of a language model may hold: where the graph is that writes its texts. */
const decodeSchema = z.object({
  decode: z.object({ uri: z.string().max(MOST_URI), sha256: z.string().regex(/^0x[0-9a-f]{64}$/i) }).optional(),
});

/** A version that this node must not offer. */
export class VersionRefusedError extends Error {
  constructor(
    readonly versionId: string,
    readonly reason: string,
  ) {
    super(`Version ${versionId} cannot be offered: ${reason}`);
    this.name = "VersionRefusedError";
  }
}

/** Checks a version before it is offered: where its file comes from, what it is, and that it gives here what it must. */
export class Inspector {
  constructor(
    private readonly chain: Chain,
    private readonly artifacts: ArtifactStore,
    private readonly executor: Executor,
    private readonly profile: Profile,
    private readonly log: Logger,
    /** Of what runs it, where that is not the executor. */
    private readonly backend?: BackendCheck,
  ) {}

  /**
   * A version that this node can run.
   * @throws VersionRefusedError, or what fetching and running throw.
   */
  async inspect(versionId: string, signal?: AbortSignal): Promise<Executable> {
    const version = await this.chain.version(versionId);
    if (version === undefined) throw new VersionRefusedError(versionId, "the registry does not know it");
    if (version.isDeprecated) throw new VersionRefusedError(versionId, "its owner has deprecated it");
    const { identity } = version;
    if (identity.format !== FORMAT) throw new VersionRefusedError(versionId, `its format is ${identity.format}`);
    const digest = identity.artifactDigest;
    const path = await this.artifacts.path({ digest, size: Number(identity.artifactSize), uris: version.uris }, signal);
    const { inputs, outputs, graphRoot } = identity;
    const isJudged = graphRoot !== ZeroHash;
    const executable: Executable = { versionId, path, digest, inputs, outputs, isJudged };
    const golden = await this.checkGolden(executable, version, signal);
    const isShown = isJudged && (await this.checkProfile(executable, version, golden)).stated.length > 0;
    await this.checkBackend(executable, golden.inputs, signal);
    if (!isShown) return executable;
    const decode = await this.decodeGraph(executable, version, signal);
    return { ...executable, isShown, ...(decode !== undefined && { decode }) };
  }

  /** The graph that writes texts of a language model, if its metadata name one. Without it, they take longer to find. */
  private async decodeGraph(
    { versionId, inputs, outputs }: Executable,
    version: Version,
    signal?: AbortSignal,
  ): Promise<CheckedFile | undefined> {
    const warn = (fields: object) => {
      this.log.warn({ versionId, ...fields }, "serves texts without the graph that writes them");
    };
    const metadata = decodeSchema.safeParse(parseJson(await this.metadata(version, signal)));
    if (!metadata.success) warn({ reason: z.prettifyError(metadata.error) });
    const decode = metadata.data?.decode;
    if (decode === undefined) return undefined;
    const { uri } = decode;
    const digest = decode.sha256.toLowerCase();
    try {
      windowOf({ inputs, outputs });
      return { path: await this.artifacts.path({ digest, uris: [uri] }, signal), digest };
    } catch (error) {
      signal?.throwIfAborted();
      warn({ uri, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  private metadata({ release }: Version, signal?: AbortSignal): Promise<Uint8Array> {
    return this.artifacts.bytes({ digest: release.metadataHash, uris: [release.metadataURI] }, signal);
  }

  /** What is right here must be right where it will run. */
  private async checkBackend(executable: Executable, golden: readonly Tensor[], signal?: AbortSignal): Promise<void> {
    try {
      await this.backend?.check(executable, golden, signal);
    } catch (error) {
      throw error instanceof BackendDiffersError ? new VersionRefusedError(error.versionId, error.message) : error;
    }
  }

  /** Runs the golden vector: a model that differs by processor would have honest nodes slashed. */
  private async checkGolden(executable: Executable, version: Version, signal?: AbortSignal): Promise<Golden> {
    const { versionId } = executable;
    const inputs = await this.goldenInput(versionId, version, signal);
    if (!fits(inputs, executable.inputs)) {
      throw new VersionRefusedError(versionId, "its golden input is not of the types and shapes of its signature");
    }
    const outputs = await this.executor.run(executable, inputs, signal);
    if (!fits(outputs, executable.outputs)) {
      throw new VersionRefusedError(versionId, "its outputs are not of the types and shapes of its signature");
    }
    const root = payloadRoot(outputs);
    if (root !== version.release.goldenOutputRoot) {
      throw new VersionRefusedError(
        versionId,
        `its golden vector gives ${root} here, not ${version.release.goldenOutputRoot}`,
      );
    }
    return { inputs, outputs };
  }

  /** What is judged of such a version is its graph: here it must be that of the file, and computed as the referee does. */
  private async checkProfile({ versionId, path }: Executable, { identity }: Version, golden: Golden): Promise<Program> {
    try {
      const program = await this.profile.program(identity, path);
      if (!takesAlike(identity.inputs, program.inputs)) {
        throw new ProfileError("its graph takes inputs of other types or shapes than its signature");
      }
      await this.profile.check(path, program, golden);
      return program;
    } catch (error) {
      throw error instanceof ProfileError ? new VersionRefusedError(versionId, error.message) : error;
    }
  }

  private async goldenInput(versionId: string, version: Version, signal?: AbortSignal): Promise<Tensor[]> {
    const metadata = metadataSchema.safeParse(parseJson(await this.metadata(version, signal)));
    if (!metadata.success) throw new VersionRefusedError(versionId, "its metadata holds no golden input");
    const inputs = decodePayload(Buffer.from(metadata.data.golden.input.slice(2), "hex"));
    const root = payloadRoot(inputs);
    if (root !== version.release.goldenInputRoot) {
      throw new VersionRefusedError(
        versionId,
        `its golden input has the root ${root}, not ${version.release.goldenInputRoot}`,
      );
    }
    return inputs;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Whether an input fits the one just when it fits the other: what a node says of it is judged by the graph. */
function takesAlike(signature: readonly TensorSpec[], taken: readonly Omit<TensorSpec, "name">[]): boolean {
  const key = ({ dtype, shape }: Omit<TensorSpec, "name">) => `${dtype} ${shape.join(",")}`;
  return signature.map(key).join(";") === taken.map(key).join(";");
}
