import { confirm, isCancel } from "@clack/prompts";
import {
  type Client,
  type Deployment,
  type VersionIdentity,
  createClient,
  formatOpg,
  parseOpg,
  payloadRoot,
  readDeployment,
} from "@opg-protocol/sdk";
import { ZeroHash, formatEther, getAddress, isHexString, JsonRpcProvider } from "ethers";

import { ExitCode } from "../exits.ts";
import { UsageError, readBytes } from "../files.ts";
import { printJson, printTable } from "../print.ts";
import { type AccountOptions, unlock } from "./account.ts";
import { goldenOutput } from "./golden.ts";
import { identify, sha256 } from "./identity.ts";
import { licenceOf } from "./licence.ts";
import { goldenInputIn } from "./metadata.ts";
import { type PlacesOptions, checkPlaces, fetchMetadata } from "./places.ts";
import { type Plan, type Publication, type Step, estimate, planSteps } from "./steps.ts";

export interface PublishOptions extends AccountOptions, PlacesOptions {
  readonly deployment: string;
  readonly rpcUrl: string;
  readonly slug: string;
  /** Such as "1.0". */
  readonly number: string;
  readonly licence: string;
  readonly uri: readonly string[];
  readonly metadataUri: string;
  /** OPG. */
  readonly royalty: string;
  readonly from?: string;
  readonly calldata?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Publishes a file as a version of a model. Gives the code that the process ends with. */
export async function publish(path: string, options: PublishOptions): Promise<number> {
  const deployment = deploymentIn(options.deployment);
  const publication = await prepare(path, options);
  const provider = new JsonRpcProvider(options.rpcUrl, undefined, { cacheTimeout: -1 });
  try {
    const sends = options.calldata !== true && options.dryRun !== true;
    const signer = sends ? await unlock(options) : undefined;
    const publisher = signer?.address ?? (await publisherOf(options));
    const client = await createClient({ provider, ...deployment, ...(signer !== undefined && { signer }) });
    const plan = await planSteps(client, publisher, publication);
    if (plan.steps.length === 0) return report(plan, options, [], ExitCode.NothingToDo);

    const steps = await estimate(provider, publisher, plan.steps);
    if (options.json !== true) {
      // Beside calldata, which a program reads, people read the other stream.
      const stream = options.calldata === true ? process.stderr : process.stdout;
      await describe(publication, { ...plan, steps }, provider, stream);
    }
    if (!sends) return report({ ...plan, steps }, options, [], ExitCode.Success);
    if (!(await isApproved(options))) return ExitCode.NeedsApproval;
    return report({ ...plan, steps }, options, await send(client, steps), ExitCode.Success);
  } finally {
    provider.destroy();
  }
}

/** Who would sign: a named address, or that of the key. */
async function publisherOf(options: PublishOptions): Promise<string> {
  const { from } = options;
  if (from === undefined) return (await unlock(options)).address;
  if (isHexString(from, 20)) return getAddress(from);
  throw new UsageError(`--from ${from} is no address`);
}

/** All that can be known without the chain, checked as nodes will check it. */
async function prepare(path: string, options: PublishOptions): Promise<Publication> {
  const file = readBytes(path);
  const licence = licenceOf(options.licence);
  const [, major, minor] = /^(\d{1,9})\.(\d{1,9})$/.exec(options.number) ?? [];
  if (major === undefined || minor === undefined)
    throw new UsageError(`--number ${options.number} must be two numbers, such as 1.0`);
  const royalty = amountOf(options.royalty);
  const identified = identify(file);
  await checkPlaces(options.uri, file, options);
  const metadata = await fetchMetadata(options.metadataUri, options);
  const input = goldenInputIn(options.metadataUri, metadata);
  const output = await goldenOutput(file, identified, input);
  const { identity, program } = identified;
  const release = {
    major: Number(major),
    minor: Number(minor),
    goldenInputRoot: payloadRoot(input),
    goldenOutputRoot: payloadRoot(output),
    licence,
    uris: options.uri,
    metadataURI: options.metadataUri,
    metadataHash: sha256(metadata),
  };
  return { slug: options.slug, royalty, version: { identity, release }, program };
}

function amountOf(text: string): bigint {
  try {
    const amount = parseOpg(text);
    if (amount >= 0n) return amount;
  } catch {
    // says the same
  }
  throw new UsageError(`--royalty ${text} must be an amount of OPG, such as 0.1`);
}

function deploymentIn(path: string): Deployment {
  try {
    return readDeployment(JSON.parse(new TextDecoder().decode(readBytes(path))));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

const shapes = (specs: VersionIdentity["inputs"]): string =>
  specs.map(({ name, dtype, shape }) => `${name}, type ${dtype}, [${shape.join(", ")}]`).join("; ");

/** Says what will be sent, and what it will cost, before anything is. */
async function describe(
  publication: Publication,
  plan: Plan,
  provider: JsonRpcProvider,
  stream: NodeJS.WritableStream,
): Promise<void> {
  const { identity, release } = publication.version;
  const isJudged = identity.graphRoot !== ZeroHash;
  const facts = [
    ["Model", `${publication.slug}, ${plan.modelId}`],
    ["Version", `${release.major}.${release.minor}, ${plan.versionId}`],
    ["File", `${identity.artifactSize} bytes, sha-256 ${identity.artifactDigest}`],
    ["Input", shapes(identity.inputs)],
    ["Output", shapes(identity.outputs)],
    ["Licence", release.licence],
    ["Royalty", `${formatOpg(plan.royalty)} OPG for each inference`],
    [
      "Judged",
      isJudged ? `by a referee, graph root ${identity.graphRoot}` : "by other nodes alone: see `opg model lint`",
    ],
  ];
  printTable(facts, stream);
  const { gasPrice } = await provider.getFeeData();
  const cost = (gas: bigint | undefined) =>
    gas === undefined ? "known after the step before" : `${gas} gas, ${formatEther(gas * (gasPrice ?? 0n))} coin`;
  stream.write("\n");
  printTable(
    plan.steps.map(({ does, gas }, i) => [`${i + 1}`, does, cost(gas)]),
    stream,
  );
}

async function isApproved({ yes, json }: PublishOptions): Promise<boolean> {
  if (yes === true) return true;
  if (json === true || !process.stdin.isTTY) {
    process.stderr.write("Nothing was sent: --yes sends it.\n");
    return false;
  }
  const answer = await confirm({ message: "Send these transactions?", initialValue: false });
  return !isCancel(answer) && answer;
}

async function send(client: Client, steps: readonly Step[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const step of steps) hashes.push(await step.send(client));
  return hashes;
}

function report(plan: Plan, { json, calldata }: PublishOptions, transactions: readonly string[], code: number): number {
  const calls = plan.steps.map(({ does, call, gas }, i) => ({
    does,
    ...call,
    gas: gas?.toString(),
    transaction: transactions[i],
  }));
  const { modelId, versionId, royalty } = plan;
  if (json === true) printJson({ modelId, versionId, royalty: royalty.toString(), steps: calls });
  else if (calldata === true) printJson(calls.map(({ to, data }) => ({ to, value: "0", data })));
  else if (code === ExitCode.NothingToDo) process.stdout.write(`Version ${versionId} is published already.\n`);
  else if (transactions.length > 0) process.stdout.write(`\nPublished. Nodes offer it as { id: "${versionId}" }.\n`);
  return code;
}
