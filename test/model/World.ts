import { HDNodeWallet, keccak256, Mnemonic, toUtf8Bytes, TypedDataEncoder, ZeroHash } from "ethers";

import type { AbiValue } from "../../packages/sdk/src/codecs/abi.ts";
import { sealHash } from "../../packages/sdk/src/codecs/commitment.ts";
import {
  bytesTensor,
  encodePayload,
  errorRoot,
  PayloadError,
  payloadRoot,
} from "../../packages/sdk/src/codecs/payload.ts";
import type { Pack } from "../support/packs.ts";
import type { AccountBook } from "./AccountBook.ts";
import type { Clock } from "./Clock.ts";
import type { GuardianModel } from "./GuardianModel.ts";
import type { JobModel } from "./JobModel.ts";
import type { Ledger } from "./Ledger.ts";
import type { MarketModel } from "./MarketModel.ts";
import type { MandatesModel } from "./orders/MandatesModel.ts";
import type { OfferModel, OffersModel } from "./orders/OffersModel.ts";
import type { ScheduleModel, SchedulesModel } from "./orders/SchedulesModel.ts";
import type { RegisteredModel, RegistryModel } from "./RegistryModel.ts";
import type { DisputesModel, OpenedGame } from "./sessions/DisputesModel.ts";
import type { ReceiptsModel } from "./sessions/ReceiptsModel.ts";
import type { SessionModel } from "./sessions/SessionModel.ts";
import type { SessionsModel } from "./sessions/SessionsModel.ts";
import type { StakingModel } from "./StakingModel.ts";
import type { PackFault, SeatFault } from "./steps.ts";
import type { ContractName, LedgerName } from "./views.ts";

/** Everybody who acts, by lower-case address. */
export interface Cast {
  readonly admin: string;
  readonly guardian: string;
  readonly publisher: string;
  readonly stranger: string;
  /** A consumer of stake beside the market: locks and slashes as it likes. */
  readonly consumer: string;
  readonly treasury: string;
  readonly requesters: readonly string[];
  readonly delegators: readonly string[];
  readonly operators: readonly { readonly node: string; readonly signer: string }[];
  readonly spareSigners: readonly string[];
  /** A callback that takes results unless it is told to refuse them. */
  readonly recorder: string;
  /** Gives inputs to schedules and takes note of their runs, unless it is told to refuse. */
  readonly source: string;
}

/** An event with which a contract says that it has left something out, and why. */
export interface Report {
  readonly contract: ContractName;
  readonly event: string;
  readonly args: readonly AbiValue[];
}

/** An output by its number: what is sealed, and what is delivered. */
export interface Output {
  readonly root: string;
  readonly fault: PayloadError;
  readonly payload: Uint8Array;
}

const NOTHING = new Uint8Array();
const errorOutput = (fault: PayloadError): Output => ({ root: errorRoot(fault), fault, payload: NOTHING });
function textOutput(text: string): Output {
  const tensors = [bytesTensor(toUtf8Bytes(text))];
  return { root: payloadRoot(tensors), fault: PayloadError.None, payload: encodePayload(tensors) };
}

export const OUTPUTS: readonly Output[] = [
  { root: ZeroHash, fault: PayloadError.None, payload: NOTHING },
  textOutput("right"),
  textOutput("wrong"),
  textOutput("also wrong"),
  errorOutput(PayloadError.InputMissing),
  errorOutput(PayloadError.RefusedByModel),
];

/** The models of the contracts, which know each other. */
export interface Models {
  readonly token: Ledger;
  readonly guardian: GuardianModel;
  readonly registry: RegistryModel;
  readonly staking: StakingModel;
  readonly mandates: MandatesModel;
  readonly market: MarketModel;
  readonly offers: OffersModel;
  readonly schedules: SchedulesModel;
  readonly receipts: ReceiptsModel;
  readonly disputes: DisputesModel;
  readonly sessions: SessionsModel;
}

/** What contracts that keep balances are called here. */
const BOOKS = { market: "market", optimistic: "offers", sessions: "sessions" } as const;

/** The model of the whole suite. */
export class World {
  /** What steps have made, by the numbers that they gave it. */
  readonly jobs = new Map<number, JobModel>();
  readonly offers = new Map<number, OfferModel>();
  readonly schedules = new Map<number, ScheduleModel>();
  readonly sessions = new Map<number, SessionModel>();
  readonly games = new Map<number, OpenedGame>();
  /** How often what happened. */
  readonly seen = new Map<string, number>();
  /** What the running step leaves out and says so. */
  readonly reports: Report[] = [];
  /** Tokens sent to a contract that nobody is owed. */
  private readonly gifts = new Map<string, bigint>();
  refuses = false;

  constructor(
    readonly cast: Cast,
    readonly clock: Clock,
    readonly addresses: Readonly<Record<ContractName, string>>,
    readonly models: Models,
  ) {}

  get token(): Ledger {
    return this.models.token;
  }

  get guardian(): GuardianModel {
    return this.models.guardian;
  }

  get registry(): RegistryModel {
    return this.models.registry;
  }

  get staking(): StakingModel {
    return this.models.staking;
  }

  get market(): MarketModel {
    return this.models.market;
  }

  book(ledger: LedgerName): AccountBook {
    return this.models[BOOKS[ledger]].accounts;
  }

  note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  /** Says that a step has left something out, as an event does. */
  report(contract: ContractName, event: string, ...args: readonly AbiValue[]): void {
    this.reports.push({ contract, event, args });
  }

  job(number: number): JobModel {
    return found(this.jobs, number);
  }

  offer(number: number): OfferModel {
    return found(this.offers, number);
  }

  schedule(number: number): ScheduleModel {
    return found(this.schedules, number);
  }

  session(number: number): SessionModel {
    return found(this.sessions, number);
  }

  game(number: number): OpenedGame {
    return found(this.games, number);
  }

  get versions(): readonly [string, string] {
    const [first, second] = this.registry.models;
    if (first === undefined || second === undefined) throw new Error("Two versions are ordered");
    return [first.versionId, second.versionId];
  }

  donate(from: string, to: string, amount: bigint): void {
    this.token.move(from, to, amount);
    this.gifts.set(to, (this.gifts.get(to) ?? 0n) + amount);
  }

  /** What contracts hold beyond what they owe and were given, and what is not where the supply is; nothing, if the model adds up. */
  surpluses(): bigint[] {
    const { addresses, models, token } = this;
    const owed: Partial<Record<ContractName, bigint>> = {
      market: models.market.owed(),
      optimistic: models.offers.owed(),
      sessions: models.sessions.owed(),
      disputes: models.disputes.owed(),
      staking: models.staking.owed(),
    };
    const held = (Object.entries(addresses) as [ContractName, string][]).map(
      ([name, address]) => token.of(address) - (owed[name] ?? 0n) - (this.gifts.get(address) ?? 0n),
    );
    return [...held, token.supply - token.total];
  }

  /** The version with a referee: that of sessions, and of what one node answers. */
  get refereed(): string {
    return this.models.sessions.constants.admitted[0] ?? "";
  }

  registered(version: string): RegisteredModel {
    const model = this.registry.models.find(({ versionId }) => versionId === version);
    if (model === undefined) throw new Error(`No version ${version}`);
    return model;
  }

  /** What a node seals in the running draw of a job. */
  commitment(job: JobModel, node: string, output: number): string {
    const { chainId, commitments } = this.market.constants;
    const outputRoot = rootOf(output);
    return sealHash({ chainId, commitments, roundId: job.round.id, node, outputRoot, salt: saltOf(job, node) });
  }

  /** The seats of a job, with a fault. */
  seats(job: JobModel, fault: SeatFault): string[] {
    const seats = job.seats;
    switch (fault) {
      case "none":
        return seats;
      case "missing":
        return seats.slice(1);
      case "doubled":
        return seats.length === 0 ? [this.cast.stranger] : [...seats.slice(0, 1), ...seats.slice(0, -1)];
      case "descending":
        return [...seats].reverse();
      case "foreign":
        return [...seats.slice(0, -1), this.cast.stranger];
    }
  }

  /** What somebody gives of a packed round, with a fault. */
  packOf(job: JobModel, attempt: number, fault: PackFault): Pack {
    const pack = job.rounds[attempt]?.pack;
    if (pack === undefined) throw new Error(`There is no attempt ${attempt}`);
    const { round, seals } = pack;
    switch (fault) {
      case "none":
        return pack;
      case "missing":
        return { ...pack, seals: seals.slice(1) };
      case "reversed":
        return { ...pack, seals: seals.toReversed() };
      case "repeated":
        return { ...pack, seals: [...seals, ...seals.slice(-1)] };
      case "later":
        return { ...pack, round: round + 1n };
    }
  }

  /** The signature with which a hot key agrees to act for a node. */
  consent(signer: string, node: string): string {
    const { chainId } = this.market.constants;
    const domain = { name: "OPG NodeStaking", version: "1", chainId, verifyingContract: this.staking.address };
    const message = { node, signer, nonce: this.staking.nonces.get(signer) ?? 0 };
    return sign(signer, TypedDataEncoder.hash(domain, CONSENT, message));
  }
}

export function found<K, T>(map: ReadonlyMap<K, T>, key: K): T {
  const value = map.get(key);
  if (value === undefined) throw new Error(`There is no ${String(key)}`);
  return value;
}

const signatures = new Map<string, string>();

/** The signature of one of the chain's well-known accounts. Signing takes long, so nothing is signed twice. */
export function sign(signer: string, digest: string): string {
  const key = `${signer} ${digest}`;
  const signature = signatures.get(key) ?? keyOf(signer).signingKey.sign(digest).serialized;
  signatures.set(key, signature);
  return signature;
}

export const rootOf = (output: number): string => (OUTPUTS[output] ?? textOutput(`output ${output}`)).root;
/** Everybody's salts can be guessed here, so that a shrunk sequence still reveals what it sealed. */
export const saltOf = (job: JobModel, node: string): string => keccak256(`${job.id}${node.slice(2)}`);

const CONSENT = {
  SignerConsent: [
    { name: "node", type: "address" },
    { name: "signer", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

const MNEMONIC = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
const ACCOUNTS = 60;
const keys = new Map<string, HDNodeWallet>();

/** The key of one of the chain's well-known accounts. */
function keyOf(address: string): HDNodeWallet {
  if (keys.size === 0) {
    const root = HDNodeWallet.fromMnemonic(MNEMONIC, "m/44'/60'/0'/0");
    for (let i = 0; i < ACCOUNTS; i++) keys.set(root.deriveChild(i).address.toLowerCase(), root.deriveChild(i));
  }
  const key = keys.get(address);
  if (key === undefined) throw new Error(`No key for ${address}`);
  return key;
}

/** Arguments of a call; structs by the names of their fields. */
export type Arguments = readonly (AbiValue | object)[];
