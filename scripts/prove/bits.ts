/**
 * A query in bit vectors instead of unbounded integers: there shifts, masks and bounded products are what they are to a
 * processor. Every integer gets as many bits as its bounds need, one of them for the sign, so nothing wraps that did not
 * before. What cannot be said so is left out; facts alone can be, so what is without a model here is without one there.
 */
import { Bounds, COMPARISONS, indexed, Untold } from "./Bounds.ts";
import { withoutUnused, type Query } from "./query.ts";
import { bitsOf, isBounded, negated, plus, times, widthOf } from "./ranges.ts";
import { factsOf, isList, numberOf, print, rewrite, type Term } from "./terms.ts";

interface Word {
  readonly text: string;
  readonly width: number;
}
interface Whole extends Word {
  readonly least: bigint;
  readonly most: bigint;
}

const NOTHING: Term = [];
/** A sum or product beyond it is left to integers. */
const MOST_WIDTH = 1100;

class Translation {
  readonly #bounds: Bounds;
  readonly #declared = new Map<string, string>();
  readonly #sorts: Query["sorts"];

  constructor(facts: readonly Term[], sorts: Query["sorts"]) {
    this.#bounds = new Bounds(facts, sorts);
    this.#sorts = sorts;
  }

  declarations(): string[] {
    return [...this.#declared.values()];
  }

  #fit({ text, width }: Word, to: number): string {
    if (width === to) return text;
    return width < to ? `((_ sign_extend ${to - width}) ${text})` : `((_ extract ${to - 1} 0) ${text})`;
  }

  #literal(value: bigint, width: number): string {
    return `(_ bv${value < 0n ? value + (1n << BigInt(width)) : value} ${width})`;
  }

  #trimmed(text: string, width: number, range: { least: bigint; most: bigint }): Whole {
    const needed = Math.min(width, widthOf(range.least, range.most));
    return { text: this.#fit({ text, width }, needed), width: needed, ...range };
  }

  integer(term: Term): Whole {
    const value = numberOf(term);
    if (value !== undefined) {
      const width = widthOf(value, value);
      return { text: this.#literal(value, width), width, least: value, most: value };
    }
    const range = this.#bounds.rangeOf(term);
    if (!isBounded(range)) throw new Untold(`No bound of ${print(term).slice(0, 80)}`);
    if (range.least > range.most) throw new Untold("Bounds exclude each other");
    if (widthOf(range.least, range.most) > MOST_WIDTH) throw new Untold("Too wide");
    if (this.#bounds.isAtom(term)) return this.#atom(term, range);
    const [head = NOTHING, a = NOTHING, b = NOTHING, c = NOTHING] = isList(term) ? term : [term];
    if (head === "bv2nat" || head === "ubv_to_int") {
      const word = this.word(a);
      return this.#trimmed(`(concat #b0 ${word.text})`, word.width + 1, range);
    }
    if (head === "ite") {
      const decided = this.#bounds.decided(a);
      if (decided !== undefined) return this.integer(decided ? b : c);
      const [then, otherwise] = [this.integer(b), this.integer(c)];
      const width = Math.max(then.width, otherwise.width);
      const text = `(ite ${this.truth(a)} ${this.#fit(then, width)} ${this.#fit(otherwise, width)})`;
      return this.#trimmed(text, width, range);
    }
    const operation = new Map([
      ["+", "bvadd"],
      ["-", "bvsub"],
      ["*", "bvmul"],
    ]).get(print(head));
    if (operation === undefined || !isList(term)) throw new Untold(print(term).slice(0, 80));
    const parts = term.slice(1).map((part) => this.integer(part));
    if (parts.length === 1) parts.unshift(this.integer("0"));
    const [first, ...rest] = parts;
    if (first === undefined) throw new Untold(print(term));
    return rest.reduce((x, y) => {
      const exact = head === "+" ? plus(x, y) : head === "-" ? plus(x, negated(y)) : times(x, y);
      if (!isBounded(exact)) throw new Untold(print(term));
      const width = Math.max(x.width, y.width, widthOf(exact.least, exact.most));
      const text = `(${operation} ${this.#fit(x, width)} ${this.#fit(y, width)})`;
      return this.#trimmed(text, width, exact);
    }, first);
  }

  #atom(term: Term, range: { least: bigint; most: bigint }): Whole {
    const name = `|${print(term).replaceAll("|", "")}|`;
    const isNatural = range.least >= 0n;
    const width = widthOf(range.least, range.most);
    const text = isNatural ? `(concat #b0 ${name})` : name;
    if (!this.#declared.has(name))
      this.#declared.set(
        name,
        `(declare-const ${name} (_ BitVec ${isNatural ? width - 1 : width}))\n` +
          `(assert (and (bvsle ${this.#literal(range.least, width)} ${text}) (bvsle ${text} ${this.#literal(range.most, width)})))`,
      );
    return { text, width, ...range };
  }

  /**
   * The term over integers alone, as far as that goes: a shift is a product or quotient, a mask a remainder, and what its
   * bounds keep from wrapping does not wrap. Each is what the term is wherever all facts hold.
   */
  lowered(term: Term): Term {
    if (!isList(term)) return term;
    const [head, a = NOTHING, b = NOTHING, c = NOTHING] = term;
    if (head === "ite") {
      const decided = this.#bounds.decided(a);
      if (decided !== undefined) return this.lowered(decided ? b : c);
    }
    if (head === "bv2nat") {
      const natural = this.#natural(a);
      if (natural !== undefined) return natural;
    }
    return term.map((part) => this.lowered(part));
  }

  #within(term: Term, width: number): Term {
    const range = this.#bounds.rangeOf(term);
    const end = 1n << BigInt(width);
    return isBounded(range) && range.least >= 0n && range.most < end ? term : ["mod", term, String(end)];
  }

  /** The number that a word stands for, without words. */
  #natural(word: Term): Term | undefined {
    if (!isList(word)) return undefined;
    const made = indexed(word);
    if (made?.head === "int2bv") return this.#within(this.lowered(made.of), made.numbers[0] ?? 0);
    const [head, a = NOTHING, b = NOTHING, c = NOTHING] = word;
    if (head === "ite") {
      const decided = this.#bounds.decided(a);
      if (decided !== undefined) return this.#natural(decided ? b : c);
    }
    if (head === "bvand") {
      const masked = [
        [a, b],
        [b, a],
      ].map(([x = NOTHING, y = NOTHING]) => {
        const mask = this.#bounds.literalOf(y);
        const natural = this.#natural(x);
        return mask === undefined || natural === undefined || (mask & (mask + 1n)) !== 0n
          ? undefined
          : this.#within(natural, bitsOf(mask));
      });
      return masked.find((term) => term !== undefined);
    }
    if (head !== "bvshl" && head !== "bvlshr") return undefined;
    const [shifted, by] = [this.#natural(a), this.#bounds.literalOf(b)];
    if (shifted === undefined || by === undefined || by > 4096n) return undefined;
    const factor = String(1n << by);
    return head === "bvlshr"
      ? ["div", shifted, factor]
      : this.#within(["*", shifted, factor], this.#bounds.widthOfWord(word));
  }

  word(term: Term): Word {
    const width = this.#bounds.widthOfWord(term);
    if (typeof term === "string") return { text: term, width };
    const made = indexed(term);
    if (made?.head === "int2bv") {
      // Of something without bounds its lowest bits are anything.
      if (this.#bounds.isAtom(made.of) && !isBounded(this.#bounds.rangeOf(made.of))) {
        const name = `|${print(made.of).replaceAll("|", "")}:${width}|`;
        this.#declared.set(name, `(declare-const ${name} (_ BitVec ${width}))`);
        return { text: name, width };
      }
      const whole = this.integer(made.of);
      return { text: this.#fit(whole, width), width };
    }
    if (made?.head === "extract") {
      const [high = 0, low = 0] = made.numbers;
      return { text: `((_ extract ${high} ${low}) ${this.word(made.of).text})`, width };
    }
    const [head = "", a = NOTHING, b = NOTHING, c = NOTHING] = term;
    if (head === "ite") {
      const decided = this.#bounds.decided(a);
      if (decided !== undefined) return this.word(decided ? b : c);
      return { text: `(ite ${this.truth(a)} ${this.word(b).text} ${this.word(c).text})`, width };
    }
    return {
      text: `(${print(head)} ${term
        .slice(1)
        .map((part) => this.word(part).text)
        .join(" ")})`,
      width,
    };
  }

  #isWord(term: Term): boolean {
    try {
      this.#bounds.widthOfWord(term);
      return true;
    } catch (error) {
      if (error instanceof Untold) return false;
      throw error;
    }
  }

  #isTruth(term: Term): boolean {
    if (typeof term === "string") return term === "true" || term === "false" || this.#sorts.get(term) === "Bool";
    const [head = "", , then = NOTHING] = term;
    if (head === "ite") return this.#isTruth(then);
    return ["and", "or", "not", "=>", "=", ...COMPARISONS].includes(print(head));
  }

  truth(term: Term): string {
    const decided = this.#bounds.decided(term);
    if (decided !== undefined) return String(decided);
    if (typeof term === "string") {
      if (this.#sorts.get(term) !== "Bool") throw new Untold(term);
      this.#declared.set(term, `(declare-const ${term} Bool)`);
      return term;
    }
    const [head = "", a = NOTHING, b = NOTHING, c = NOTHING] = term;
    const name = print(head);
    if (["and", "or", "not", "=>"].includes(name))
      return `(${name} ${term
        .slice(1)
        .map((part) => this.truth(part))
        .join(" ")})`;
    if (name === "ite") return `(ite ${this.truth(a)} ${this.truth(b)} ${this.truth(c)})`;
    if (name === "=" && (this.#isTruth(a) || this.#isTruth(b))) return `(= ${this.truth(a)} ${this.truth(b)})`;
    if (name === "=" && this.#isWord(a)) return `(= ${this.word(a).text} ${this.word(b).text})`;
    const comparison = new Map([
      ["=", "="],
      ["<", "bvslt"],
      ["<=", "bvsle"],
      [">", "bvsgt"],
      [">=", "bvsge"],
    ]).get(name);
    if (comparison === undefined) throw new Untold(print(term).slice(0, 80));
    const [x, y] = [this.integer(a), this.integer(b)];
    const width = Math.max(x.width, y.width);
    return `(${comparison} ${this.#fit(x, width)} ${this.#fit(y, width)})`;
  }
}

/** The query with as few words among its integers as can be. */
export function inIntegers(query: Query): Query {
  const translation = new Translation(query.facts, query.sorts);
  const none = new Map<string, Term>();
  return withoutUnused({
    ...query,
    facts: query.facts.flatMap((fact) => factsOf(rewrite(translation.lowered(fact), none))),
  });
}

/** The query in bit vectors, and whether it has all of its facts; nothing where the goal itself cannot be said so. */
export function inBits({
  facts,
  goal,
  sorts,
}: Query): { readonly text: string; readonly isWhole: boolean } | undefined {
  const translation = new Translation(facts, sorts);
  const told = (fact: Term): string | undefined => {
    try {
      return translation.truth(fact);
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      return undefined;
    }
  };
  const goals = goal.map(told).filter((text) => text !== undefined);
  if (goals.length < goal.length) return undefined;
  const said = facts.map(told).filter((text) => text !== undefined);
  const asserted = [...new Set([...said, ...goals])].map((text) => `(assert ${text})`);
  const text = ["(set-logic QF_BV)", ...translation.declarations(), ...asserted, "(check-sat)"].join("\n");
  return { text, isWhole: said.length === facts.length };
}
