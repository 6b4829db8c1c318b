import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { isAddress, isHexString, parseEther } from "ethers";
import ipaddr from "ipaddr.js";
import JSON5 from "json5";
import { z } from "zod";

const address = z.string().refine(isAddress, "must be an address");
/** As the chain gives ids: whoever compares them need not think of capitals. */
const bytes32 = z
  .string()
  .refine((text): boolean => isHexString(text, 32), "must be 32 bytes in hex")
  .transform((text) => text.toLowerCase());
const amount = z.string().transform((text, context) => {
  try {
    const value = parseEther(text);
    if (value >= 0n) return value;
  } catch {
    // says the same
  }
  context.addIssue({ code: "custom", message: "must be a decimal number that is not negative" });
  return z.NEVER;
});
/** As `PriceBook` has it. */
const MOST_URL_BYTES = 256;
const providerUrl = z.url({ protocol: /^(https?|wss?)$/, error: "must be an http(s) or ws(s) URL" });

/** What everybody reads on chain: it names a place and nothing else, and the book of prices takes no more of it. */
const publicUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL", abort: true }).refine((text) => {
  const { username, password, search, hash } = new URL(text);
  return [username, password, search, hash].every((part) => part === "") && Buffer.byteLength(text) <= MOST_URL_BYTES;
}, `must have at most ${MOST_URL_BYTES} bytes, and no user, query or fragment`);

const version = z.strictObject({
  id: bytes32,
  /** What callers over HTTP can name it by, beside its id. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must be up to 64 letters, digits, dots, dashes")
    .optional(),
  /** OPG that weigh in draws; all of the node's stake unless given. */
  weight: amount.optional(),
  /** Most OPG that may answer for this version at once; a twentieth of the own stake unless given. */
  maxLock: amount.optional(),
  /** Least price of a seat, OPG. */
  floorPrice: amount.default(0n),
  /** Jobs of a version with a referee that this node answers by itself; none unless given. */
  alone: z
    .strictObject({
      /** Most OPG that may answer for them at once; a twentieth of the own stake unless given. */
      maxLock: amount.optional(),
      /** Least price of an answer, OPG. */
      floorPrice: amount.default(0n),
      /** And for each byte that a text may have, OPG; none unless given. */
      tokenPrice: amount.optional(),
      /** Whether it lets itself be drawn to audit others' answers, at the same least price. */
      audits: z.boolean().default(false),
    })
    .optional(),
  /** Calls of the version that this node answers in sessions; none unless given. */
  sessions: z
    .strictObject({
      /** Of one call, OPG. */
      price: amount,
      /** Of each byte of a text, OPG, which costs `price` at most; a text costs what any call does unless given. */
      tokenPrice: amount.optional(),
      /** Most OPG that may answer for all sessions at once. */
      maxLock: amount,
      /** Most OPG that answer for one session; a tenth of that unless given. */
      mostCollateral: amount.optional(),
    })
    .optional(),
});

/** Others on the way could read what is run there, and change what comes back. */
const backendUrl = z.url({ protocol: /^https?$/, abort: true }).refine((url) => {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || isLoopback(hostname);
}, "must be https, or http to this machine");

const backend = z.strictObject({
  /** Base URL of a server of the Open Inference Protocol v2, without `/v2`. */
  kserve: backendUrl,
  /** What that calls the versions that run there, by id; the others run embedded. */
  models: z.record(bytes32, z.strictObject({ name: z.string().min(1), version: z.string().min(1).optional() })),
  /** How tensors travel to it: as numbers of JSON where it does not know the extension for binary data. */
  form: z.enum(["binary", "json"]).default("binary"),
  /** Runs that it gets at once. */
  runs: z.int().min(1).default(8),
  /** Largest answer. */
  answerMiB: z.number().positive().default(64),
  /** Minutes after which it is checked again that it computes what ONNX Runtime does here. */
  checkMinutes: z.number().positive().default(10),
});

/** Where a daemon answers. */
const serving = (port: number) =>
  z
    .strictObject({ host: z.string().default("127.0.0.1"), port: z.int().min(0).max(65_535).default(port) })
    .prefault({});

const schema = z.strictObject({
  /** The node: the address that registered it. Its key is never on this machine. */
  node: address,
  addresses: z.strictObject({
    token: address,
    access: address,
    mandates: address,
    registry: address,
    staking: address,
    commitments: address,
    policy: address,
    refereedPolicy: address,
    disputes: address,
    auditRoster: address,
    optimisticPolicy: address,
    optimistic: address,
    receipts: address,
    sessions: address,
    prices: address,
    sessionLens: address,
    scheduler: address,
    jobChain: address,
    inferenceLens: address,
    optimisticLens: address,
    market: address,
    relay: address,
    timelock: address,
    governor: address,
    pauseGuardian: address,
    distribution: address,
  }),
  chain: z.strictObject({
    rpcUrl: providerUrl,
    /** A second, independent provider that must know the block of a job before stake is put at risk for it. */
    witnessUrl: providerUrl.optional(),
    /** Blocks on top of a seal before it is revealed. */
    confirmations: z.int().min(0).default(2),
    /** Milliseconds between looks at the chain's head, where the provider does not push it. */
    pollingInterval: z.int().min(50).default(4_000),
    /** Most blocks of one request for logs. */
    logRange: z.int().min(1).default(2_000),
  }),
  versions: z.array(version).min(1),
  key: z
    .strictObject({ file: z.string().default("signer.json"), passwordFile: z.string().default("signer.password") })
    .prefault({}),
  offer: z
    .strictObject({
      /** Days for which stake is locked at a time; renewed when half of it is over. At most 90. */
      lockDays: z.number().min(1).max(90).default(60),
      /** Earnings are moved into stake when they reach this, OPG. */
      claimAbove: amount.default(parseEther("100")),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Most that gas may cost in 24 hours, in the chain's coin. */
      gasPerDay: amount.default(parseEther("0.05")),
      /** Jobs that are looked after at the same time. */
      jobs: z.int().min(1).default(256),
      /** Runs that may wait for the runtime. */
      runs: z.int().min(1).default(64),
      runSeconds: z.number().positive().default(60),
      memoryMiB: z.int().min(64).default(2_048),
      artifactMiB: z.int().min(1).default(1_024),
      inputMiB: z.int().min(1).default(16),
    })
    .prefault({}),
  fetch: z
    .strictObject({
      gateways: z.array(z.url({ protocol: /^https?$/ })).default(["https://ipfs.io", "https://dweb.link"]),
      fileRoots: z.array(z.string()).default([]),
      allowPrivateHosts: z.boolean().default(false),
      seconds: z.number().positive().default(120),
    })
    .prefault({}),
  /** Relayers that post seals and reveals for this node, as URLs without a path; none unless given. */
  relays: z
    .array(z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")))
    .max(8)
    .default([]),
  /** What `opg-node relay` brings signed orders for; without it, it brings none. */
  orders: z
    .strictObject({
      /** OPG that it wants for one whole coin of gas; zero for nothing. */
      opgPerCoin: amount,
    })
    .optional(),
  http: serving(8_700),
  /** Calls of models over HTTP; without `free` there are none. */
  serve: z
    .strictObject({
      /** Whether callers on this machine are answered for nothing. */
      free: z.boolean().default(false),
      /** And those elsewhere. */
      anyone: z.boolean().default(false),
      /** Base URL under which callers elsewhere reach this: what sessions cost is published with it, and not without. */
      publicUrl: publicUrl.optional(),
      /** Largest body of a call. */
      requestMiB: z.number().positive().default(4),
      /** Calls that may be here at once, and of one caller. */
      calls: z.int().min(1).default(64),
      callsPerCaller: z.int().min(1).default(8),
      /** Calls that are run at once, beside jobs. */
      runs: z.int().min(1).default(2),
      /** Most time in which a call arrives and waits for its turn. */
      seconds: z.number().positive().default(30),
      /** Most time that calls are waited for when the node stops. */
      drainSeconds: z.number().min(0).default(30),
    })
    .prefault({}),
  /** How vouchers become money. */
  sessions: z
    .strictObject({
      /** What a session owes is redeemed when it reaches this, OPG. */
      redeemAbove: amount.default(parseEther("10")),
      /** Or when it is so old. */
      redeemHours: z.number().positive().default(24),
      /** While gas costs more than this, gwei, only what would be lost otherwise is redeemed. */
      mostGasPrice: z.number().positive().optional(),
      /** Calls of one session that may wait while another one of it is run. */
      waiting: z.int().min(0).default(1),
      /** Minutes before the end of a session in which nothing is served in it any more, and all that it owes is redeemed. */
      endMinutes: z.number().positive().default(30),
    })
    .prefault({}),
  /** What runs the versions that are offered: ONNX Runtime here, or a server elsewhere. */
  backend: z.union([z.literal("embedded"), backend]).default("embedded"),
  /** What `opg-node watch` does. */
  watch: z
    .strictObject({
      /** Part of others' statements that is run again, 0 to 1. */
      share: z.number().min(0).max(1).default(1),
      /** Most OPG that may be at stake in open challenges and demands. */
      openBonds: amount.default(parseEther("10000")),
    })
    .prefault({}),
  log: z.enum(["debug", "info", "warn", "error"]).default("info"),
});
/** Who only watches needs no node, and may have one beside it. */
const watchSchema = schema.partial({ node: true, versions: true }).extend({ http: serving(8_701) });
/** Nor does who only relays. */
const relaySchema = watchSchema.extend({ http: serving(8_702) });

export type Config = z.output<typeof schema>;
/** What both who runs a node and who watches have configured. */
export type WatchConfig = z.output<typeof watchSchema>;
export type VersionConfig = z.output<typeof version>;
export type BackendConfig = z.output<typeof backend>;

/** What flags and environment say instead of the file. */
export interface Overrides {
  readonly rpcUrl?: string | undefined;
  readonly log?: string | undefined;
  readonly port?: number | undefined;
}

/** The configuration does not say what the node needs. */
export class ConfigError extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
    this.name = "ConfigError";
  }
}

export const CONFIG_FILE = "node.json5";

/** Reads the configuration of a data folder. A flag counts more than a variable, a variable more than the file. */
export function loadConfig(folder: string, flags: Overrides = {}, env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(join(folder, CONFIG_FILE), readConfig(folder, flags, env));
}

/** The same for who only watches: without a node, and without versions to offer. */
export function loadWatchConfig(
  folder: string,
  flags: Overrides = {},
  env: NodeJS.ProcessEnv = process.env,
): WatchConfig {
  return parseWatchConfig(join(folder, CONFIG_FILE), readConfig(folder, flags, env));
}

/** The same for who only relays. */
export function loadRelayConfig(
  folder: string,
  flags: Overrides = {},
  env: NodeJS.ProcessEnv = process.env,
): WatchConfig {
  return parseWith(relaySchema, join(folder, CONFIG_FILE), readConfig(folder, flags, env));
}

function readConfig(folder: string, flags: Overrides, env: NodeJS.ProcessEnv): unknown {
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) throw new ConfigError(path, "is not there; make it with `opg-node init`");
  let file: Record<string, unknown>;
  try {
    file = { ...JSON5.parse<Record<string, unknown> | null>(readFileSync(path, "utf8")) };
  } catch (error) {
    throw new ConfigError(path, error instanceof Error ? error.message : String(error));
  }
  const variable = (name: string) => (env[name] === "" ? undefined : env[name]);
  const rpcUrl = flags.rpcUrl ?? variable("OPG_NODE_RPC_URL");
  const log = flags.log ?? variable("OPG_NODE_LOG");
  const portVariable = variable("OPG_NODE_PORT");
  const port = flags.port ?? (portVariable === undefined ? undefined : Number(portVariable));
  return {
    ...file,
    ...(rpcUrl !== undefined && { chain: { ...(file.chain as object), rpcUrl } }),
    ...(port !== undefined && { http: { ...(file.http as object), port } }),
    ...(log !== undefined && { log }),
  };
}

/**
 * Checks a configuration and fills in what it leaves open.
 * @param path What the error names.
 * @throws ConfigError
 */
export function parseConfig(path: string, config: unknown): Config {
  return parseWith(schema, path, config);
}

/** The same for who only watches. */
export function parseWatchConfig(path: string, config: unknown): WatchConfig {
  return parseWith(watchSchema, path, config);
}

function parseWith<Output>(form: z.ZodType<Output>, path: string, config: unknown): Output {
  const result = form.safeParse(config);
  if (!result.success) throw new ConfigError(path, z.prettifyError(result.error));
  return result.data;
}

/** Whether a host of a URL is this machine. */
function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "");
  return host === "localhost" || (ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback");
}

/** A path of the configuration, which may be relative to its folder. */
export const inFolder = (folder: string, path: string): string => resolve(folder, path);
