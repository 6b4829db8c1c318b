/**
 * Models that are shown their own output. Such a model takes, beside what it is asked, what is said to be its answer, and makes
 * what the answer must be: a right answer is one that it makes again. So anybody checks an answer of many parts in one run, but
 * whoever has to find it looks for it.
 */
import { type InferenceSession, Tensor } from "onnxruntime-node";

/** An input of this name holds what the output before the suffix is said to be. */
const SUFFIX = ".stated";

/** A model that says of nothing that it is its answer. No input is at fault for that. */
export class UnsettledError extends Error {
  constructor(outputs: readonly string[], runs: number) {
    super(`it settles on no ${outputs.join(", ")} in ${runs} runs`);
    this.name = "UnsettledError";
  }
}

type Feeds = Readonly<Record<string, Tensor>>;
type Results = Readonly<Record<string, Tensor>>;

/** What a model has made, and in how many runs. */
export interface Settled {
  readonly results: Results;
  readonly runs: number;
}

/** Inputs of a model that hold its own outputs, and are not given. */
function missing(session: InferenceSession, feeds: Feeds): string[] {
  return session.inputNames.filter(
    (name) =>
      name.endsWith(SUFFIX) && feeds[name] === undefined && session.outputNames.includes(name.slice(0, -SUFFIX.length)),
  );
}

/**
 * Runs a model; one that is shown its own output until it makes what it was shown, from a draft or zeros on. Where each element
 * depends on earlier ones alone, as in a text, every run settles one more of them at least, whatever the draft.
 * @param drafts by the names of the outputs.
 * @throws UnsettledError if it settles on nothing in one run more than there are elements.
 */
export async function runToFixedPoint(
  session: InferenceSession,
  feeds: Feeds,
  outputs: readonly string[],
  drafts: Feeds,
): Promise<Settled> {
  const names = missing(session, feeds);
  if (names.length === 0) return { results: await session.run(feeds, [...outputs]), runs: 1 };
  const asked = [...new Set([...outputs, ...names.map(outputOf)])];
  let shown = Object.fromEntries(names.map((name) => [name, drafts[outputOf(name)] ?? zeros(session, name)]));
  const most = 1 + Object.values(shown).reduce((sum, { size }) => sum + size, 0);
  for (let runs = 1; runs <= most; runs += 1) {
    const results = await session.run({ ...feeds, ...shown }, asked);
    const made = Object.fromEntries(names.map((name) => [name, results[outputOf(name)] as Tensor]));
    if (names.every((name) => isEqual(made[name], shown[name]))) return { results, runs };
    shown = made;
  }
  throw new UnsettledError(names.map(outputOf), most);
}

const outputOf = (name: string): string => name.slice(0, -SUFFIX.length);

function zeros(session: InferenceSession, name: string): Tensor {
  const input = session.inputMetadata.find((given) => given.name === name);
  if (input?.isTensor !== true) throw new Error(`${name} is no tensor`);
  const shape = input.shape.map((size) => {
    if (typeof size === "number" && size > 0) return size;
    throw new Error(`${name} has the dimension ${size}, not a number`);
  });
  const size = shape.reduce((product, length) => product * length, 1);
  if (input.type === "uint8") return new Tensor("uint8", new Uint8Array(size), shape);
  if (input.type === "int32") return new Tensor("int32", new Int32Array(size), shape);
  throw new Error(`${name} has elements of type ${input.type}, not uint8 or int32`);
}

function isEqual(a: Tensor | undefined, b: Tensor | undefined): boolean {
  if (a === undefined || b === undefined || a.type !== b.type || a.size !== b.size) return false;
  const [left, right] = [a.data as ArrayLike<unknown>, b.data as ArrayLike<unknown>];
  for (let i = 0; i < a.size; i += 1) if (left[i] !== right[i]) return false;
  return true;
}
