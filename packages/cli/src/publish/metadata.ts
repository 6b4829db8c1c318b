import { type Tensor, decodePayload, encodePayload, payloadRoot } from "@opg-protocol/sdk";
import { hexlify } from "ethers";
import { z } from "zod";

import { readBytes, UsageError, writeBytes } from "../files.ts";
import { readTensors } from "../model/tensors.ts";
import { printJson, printTable } from "../print.ts";
import { goldenOutput, madeInput } from "./golden.ts";
import { UnpublishableError, identify, sha256 } from "./identity.ts";

export interface MetadataOptions {
  readonly output: string;
  readonly name: string;
  readonly description?: string;
  /** File of the golden input. */
  readonly input?: string;
  /** File of a graph that writes texts, and where nodes will find it. */
  readonly decode?: string;
  readonly decodeUri?: string;
  readonly json?: boolean;
}

/** Most characters of a URI that nodes read. */
const MOST_URI = 2_048;

/** A place that nodes read; those of a development chain read the latter two. */
const uriSchema = z.url({
  protocol: /^(https|ipfs|http|file)$/,
  error: "must begin with https:, ipfs:, http: or file:",
});

/** Where nodes find the graph that writes texts. */
const decodeSchema = z.object({ uri: uriSchema.max(MOST_URI), sha256: z.string().regex(/^0x[0-9a-f]{64}$/i) });

const metadataSchema = z.object({
  golden: z.object({ input: z.string().regex(/^0x([0-9a-f]{2})+$/i) }),
  decode: decodeSchema.optional(),
});

/** Writes what a release points to beside its file: what people call it, and the input of its golden vector. */
export async function writeMetadata(path: string, options: MetadataOptions): Promise<void> {
  const file = readBytes(path);
  const identified = identify(file);
  const { identity } = identified;
  const input = options.input === undefined ? madeInput(identity) : readTensors(options.input, identity.inputs);
  const decode = decodeEntry(options);
  const output = await goldenOutput(file, identified, input); // now, and not when it has been uploaded
  const { name, description = "" } = options;
  const text = JSON.stringify({ name, description, golden: { input: hexlify(encodePayload(input)) }, decode }, null, 2);
  const bytes = new TextEncoder().encode(`${text}\n`);
  writeBytes(options.output, bytes);
  const said = { output: options.output, sha256: sha256(bytes), goldenOutputRoot: payloadRoot(output) };
  if (options.json === true) printJson(said);
  else
    printTable([
      ["Metadata", said.output],
      ["sha-256", said.sha256],
      ["Golden output", said.goldenOutputRoot],
    ]);
}

/** How nodes find the graph that writes texts. Whether its texts are the model's, they find out with each. */
function decodeEntry({ decode, decodeUri: uri }: MetadataOptions): z.output<typeof decodeSchema> | undefined {
  if (decode === undefined && uri === undefined) return undefined;
  if (decode === undefined || uri === undefined) throw new UsageError("--decode and --decode-uri go together");
  const place = decodeSchema.shape.uri.safeParse(uri);
  if (!place.success)
    throw new UsageError(`--decode-uri ${uri} is no place that nodes read: ${messageIn(place.error)}`);
  return { uri, sha256: sha256(readBytes(decode)) };
}

const messageIn = ({ issues }: z.ZodError): string => issues.map(({ message }) => message).join("; ");

/**
 * The golden input that metadata hold.
 * @throws UnpublishableError if there is none, or if they name the graph that writes texts in a way that nodes do not read.
 */
export function goldenInputIn(uri: string, bytes: Uint8Array): Tensor[] {
  const fix = "make the file with `opg model metadata`";
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UnpublishableError(`${uri} serves no JSON: ${fix}.`);
  }
  const metadata = metadataSchema.safeParse(json);
  if (!metadata.success) {
    const isGolden = metadata.error.issues.some(({ path: [part] }) => part !== "decode");
    const what = isGolden ? "no golden input" : "a malformed decode section";
    throw new UnpublishableError(`${uri} serves ${what} (${z.prettifyError(metadata.error)}): ${fix}.`);
  }
  try {
    return decodePayload(Buffer.from(metadata.data.golden.input.slice(2), "hex"));
  } catch {
    throw new UnpublishableError(`${uri} serves a golden input that is no payload: ${fix}.`);
  }
}
