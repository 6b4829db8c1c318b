import type { EventIndex, TimedEvent } from "../history/EventIndex.ts";
import { to } from "../routes.ts";
import { isNode, nameOfModel, nameOfVersion } from "./names.ts";
import { sameId } from "./sameId.ts";

/** Something that was looked for, and the page about it. */
export interface SearchHit {
  readonly kind: "Job" | "Version" | "Model" | "Node" | "Session" | "Schedule" | "Dispute" | "Proposal" | "Delegator";
  /** A name where there is one, else the id. Names are of whoever gave them. */
  readonly label: string;
  readonly to: string;
}

/** What a search has come to. */
export interface SearchResult {
  /** Best first, each page once. */
  readonly hits: readonly SearchHit[];
  /** The hash, if it is one of a transaction in which something of this deployment happened. */
  readonly transaction: string | undefined;
}

const NOTHING: SearchResult = { hits: [], transaction: undefined };
/** Hits beyond that help nobody. */
const MOST_HITS = 20;
/** A version can have many thousand events; the first ones tell what it is. */
const MOST_EVENTS = 200;
/** Letters that a name must share. */
const LEAST_LETTERS = 2;

/** Finds pages by an id, an address, a transaction, or a part of a model's name. Pure. */
export function search(index: EventIndex, text: string): SearchResult {
  const wanted = text.trim();
  if (/^0x[0-9a-f]{64}$/i.test(wanted)) return byWord(index, wanted);
  if (/^0x[0-9a-f]{40}$/i.test(wanted)) return found(byAddress(index, wanted));
  if (/^\d{1,78}$/.test(wanted)) return found([...byNumber(index, wanted), ...byName(index, wanted)]);
  return wanted.length < LEAST_LETTERS ? NOTHING : found(byName(index, wanted));
}

function found(hits: readonly SearchHit[], transaction?: string): SearchResult {
  const pages = new Map(hits.toReversed().map((hit) => [hit.to, hit]));
  return { hits: [...pages.values()].toReversed().slice(0, MOST_HITS), transaction };
}

/** An id, a root, or a transaction: its own page, or else those of what it has to do with. */
function byWord(index: EventIndex, word: string): SearchResult {
  const about = index.about(word).slice(0, MOST_EVENTS);
  const own = about.flatMap((event) => subjectsOf(index, event, word));
  if (own.length > 0) return found(own);
  const inTransaction = index.inTransaction(word);
  const hits = [...about, ...inTransaction.slice(0, MOST_EVENTS)].flatMap((event) => subjectsOf(index, event));
  return found(hits, inTransaction[0]?.transactionHash);
}

/** What an event is about; of one `id` only that. */
function subjectsOf(index: EventIndex, event: TimedEvent, id?: string): readonly SearchHit[] {
  return Object.entries(event.args).flatMap(([name, value]) => {
    if (typeof value !== "string" || (id !== undefined && !sameId(value, id))) return [];
    const hit = subjectOf(index, event, name, value);
    return hit === undefined ? [] : [hit];
  });
}

function subjectOf(index: EventIndex, event: TimedEvent, name: string, id: string): SearchHit | undefined {
  switch (name) {
    case "jobId":
    case "first":
      return { kind: "Job", label: id, to: to.job(id) };
    case "versionId":
      return { kind: "Version", label: nameOfVersion(index, id), to: to.version(id) };
    case "modelId":
      return { kind: "Model", label: nameOfModel(index, id), to: to.model(id) };
    case "sessionId":
      return { kind: "Session", label: id, to: to.session(id) };
    case "scheduleId":
    case "successor":
      return event.contract === "scheduler" ? { kind: "Schedule", label: id, to: to.schedule(id) } : undefined;
    case "gameId":
      return { kind: "Dispute", label: id, to: to.dispute(id) };
    case "roundId":
      return jobOfRound(index, id);
    default:
      return undefined;
  }
}

function jobOfRound(index: EventIndex, roundId: string): SearchHit | undefined {
  const opened = index.about(roundId).find((event) => event.name === "RoundOpened" || event.name === "JobAnswered");
  if (opened?.name !== "RoundOpened" && opened?.name !== "JobAnswered") return undefined;
  const { jobId } = opened.args;
  return { kind: "Job", label: jobId, to: to.job(jobId) };
}

/** A node; else somebody who has ordered, delegated or opened something. */
function byAddress(index: EventIndex, address: string): readonly SearchHit[] {
  const about = index.about(address).toReversed();
  const [registered] = index
    .about(address)
    .flatMap((event) => (event.name === "NodeRegistered" ? [event.args.node] : []));
  const node: SearchHit[] =
    registered !== undefined && isNode(index, address)
      ? [{ kind: "Node", label: registered, to: to.node(registered) }]
      : [];
  const delegated: SearchHit[] = about.some(({ args }) => "delegator" in args && sameId(args.delegator, address))
    ? [{ kind: "Delegator", label: address, to: to.delegate(address) }]
    : [];
  const made = about.filter(({ name }) => MADE.has(name));
  return [
    ...node,
    ...delegated,
    ...made.flatMap((event) => subjectsOf(index, event).filter(({ kind }) => OWN.has(kind))),
  ];
}

/** What somebody makes in its own name. */
const MADE: ReadonlySet<string> = new Set([
  "JobRequested",
  "JobOffered",
  "SessionOpened",
  "ScheduleCreated",
  "ModelRegistered",
]);
const OWN: ReadonlySet<SearchHit["kind"]> = new Set(["Job", "Session", "Schedule", "Model"]);

function byNumber(index: EventIndex, digits: string): readonly SearchHit[] {
  const wanted = BigInt(digits);
  const proposed = index.named("ProposalCreated").some(({ args }) => args.proposalId === wanted);
  return proposed ? [{ kind: "Proposal", label: digits, to: to.proposal(digits) }] : [];
}

/** A part of the name of a model or of one of its versions; what is called exactly so comes first. */
function byName(index: EventIndex, text: string): readonly SearchHit[] {
  const wanted = text.toLowerCase();
  const models = index.named("ModelRegistered").map(({ args }): SearchHit => {
    return { kind: "Model", label: args.slug, to: to.model(args.modelId) };
  });
  const versions = index.named("VersionReleased").map(({ args }): SearchHit => {
    return { kind: "Version", label: nameOfVersion(index, args.versionId), to: to.version(args.versionId) };
  });
  const hits = [...models, ...versions].filter(({ label }) => label.toLowerCase().includes(wanted));
  return hits.toSorted((a, b) => distance(a, wanted) - distance(b, wanted));
}

const distance = ({ label }: SearchHit, wanted: string): number => label.length - wanted.length;
