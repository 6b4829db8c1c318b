/** What the facts of a query say of its integers: between which numbers they are, and so which comparisons hold anyway. */
import type { Query } from "./query.ts";
import { both, divided, either, isBounded, least, most, negated, plus, type Range, times } from "./ranges.ts";
import { isList, numberOf, print, type Term } from "./terms.ts";

/** What stands for it would need bits without a bound, or is not known here. */
export class Untold extends Error {}

const NOTHING: Term = [];
const ROUNDS = 60;

export const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);
const WORD_OPERATIONS = new Set(["bvand", "bvor", "bvxor", "bvnot", "bvneg", "bvshl", "bvlshr", "bvashr"]);

/** `((_ head n …) argument)` */
export function indexed(
  term: Term,
): { readonly head: Term; readonly numbers: readonly number[]; readonly of: Term } | undefined {
  if (!isList(term)) return undefined;
  const [operator, of = NOTHING] = term;
  if (!isList(operator) || operator[0] !== "_") return undefined;
  return { head: operator[1] ?? "", numbers: operator.slice(2).map(Number), of };
}

export class Bounds {
  readonly #bounds = new Map<string, Range>();
  readonly #sorts: Query["sorts"];

  constructor(facts: readonly Term[], sorts: Query["sorts"]) {
    this.#sorts = sorts;
    for (let round = 0, moved = true; moved && round < ROUNDS; ++round) {
      moved = false;
      for (const fact of facts) if (this.#learn(fact)) moved = true;
    }
  }

  /** What has no head that is known here stands for itself, whatever it is: the same text is the same value. */
  isAtom(term: Term): boolean {
    if (typeof term === "string") return this.#sorts.has(term);
    const [head] = term;
    if (typeof head !== "string") return false;
    return head === "select" || head.startsWith("|") || this.#sorts.has(head);
  }

  #narrow(term: Term, range: Range): boolean {
    if (!this.isAtom(term)) return false;
    const key = print(term);
    const before = this.#bounds.get(key) ?? {};
    const after = both(before, range);
    if (after.least === before.least && after.most === before.most) return false;
    this.#bounds.set(key, after);
    return true;
  }

  /** Bounds that a fact gives to what it names. */
  #learn(fact: Term): boolean {
    if (!isList(fact)) return false;
    const [head, a = NOTHING, b = NOTHING] = fact;
    if (head === "not" && isList(a)) {
      const [inner = "", x = NOTHING, y = NOTHING] = a;
      const turned = new Map([
        ["<", ">="],
        ["<=", ">"],
        [">", "<="],
        [">=", "<"],
      ]).get(print(inner));
      return turned === undefined ? false : this.#learn([turned, x, y]);
    }
    if (head === "=") return this.#learnEquation(a, b);
    if (typeof head !== "string" || !COMPARISONS.has(head)) return false;
    const [low, high] = head.startsWith("<") ? [a, b] : [b, a];
    const gap = head.length === 1 ? 1n : 0n;
    const [under, over] = [this.rangeOf(low), this.rangeOf(high)];
    const lowered = this.#narrow(low, { most: over.most === undefined ? undefined : over.most - gap });
    const raised = this.#narrow(high, { least: under.least === undefined ? undefined : under.least + gap });
    return lowered || raised;
  }

  #learnEquation(a: Term, b: Term): boolean {
    let moved = this.#narrow(a, this.rangeOf(b));
    if (this.#narrow(b, this.rangeOf(a))) moved = true;
    const sum = new Map<string, { readonly term: Term; readonly factor: bigint }>();
    let rest = 0n;
    const add = (term: Term, factor: bigint): void => {
      const value = numberOf(term);
      if (value !== undefined) {
        rest += factor * value;
        return;
      }
      if (isList(term)) {
        const [head, ...parts] = term;
        if (head === "+" || head === "-") {
          const isNegation = head === "-" && parts.length === 1;
          for (const [place, part] of parts.entries())
            add(part, isNegation || (head === "-" && place > 0) ? -factor : factor);
          return;
        }
        const known = parts.map(numberOf);
        const at = known.findIndex((number) => number !== undefined);
        if (head === "*" && parts.length === 2 && at >= 0) {
          add(parts[1 - at] ?? NOTHING, factor * (known[at] ?? 0n));
          return;
        }
      }
      const key = print(term);
      sum.set(key, { term, factor: factor + (sum.get(key)?.factor ?? 0n) });
    };
    add(a, 1n);
    add(b, -1n);
    for (const { term, factor } of sum.values()) {
      if (factor === 0n) continue;
      let others: Range = { least: rest, most: rest };
      for (const other of sum.values()) {
        if (other.term === term) continue;
        others = plus(others, times(this.rangeOf(other.term), { least: other.factor, most: other.factor }));
      }
      // factor · term = -others
      const range = factor > 0n ? negated(others) : others;
      const size = factor > 0n ? factor : -factor;
      const quotient: Range = {
        least: range.least === undefined ? undefined : -divided(-range.least, size),
        most: range.most === undefined ? undefined : divided(range.most, size),
      };
      if (this.#narrow(term, quotient)) moved = true;
      if (this.#learnQuotient(term, quotient)) moved = true;
    }
    return moved;
  }

  /**
   * The compiler says `quotient · divisor + rest = dividend` of a division, and `rest < divisor or divisor = 0`. By nothing, it
   * does not look at the quotient, so that one within these bounds is as good as any.
   */
  #learnQuotient(term: Term, product: Range): boolean {
    if (!isList(term) || term[0] !== "*" || term.length !== 3 || !isBounded(product)) return false;
    const [, quotient = NOTHING, divisor = NOTHING] = term;
    if (typeof quotient !== "string" || !quotient.startsWith("d_div_mod_")) return false;
    if ((this.rangeOf(divisor).least ?? -1n) < 0n) return false;
    return this.#narrow(quotient, { least: least(product.least, 0n), most: most(product.most, 0n) });
  }

  /** Bounds of an integer; `assumed` has those of terms by their text where a condition around them holds. */
  rangeOf(term: Term, assumed: ReadonlyMap<string, Range> = new Map()): Range {
    const value = numberOf(term);
    if (value !== undefined) return { least: value, most: value };
    const known = assumed.size === 0 ? undefined : assumed.get(print(term));
    const range = this.#plainRangeOf(term, assumed);
    return known === undefined ? range : both(known, range);
  }

  #plainRangeOf(term: Term, assumed: ReadonlyMap<string, Range>): Range {
    if (this.isAtom(term)) return this.#bounds.get(print(term)) ?? {};
    if (!isList(term)) return {};
    const [head, a = NOTHING, b = NOTHING, c = NOTHING] = term;
    const parts = (): Range[] => term.slice(1).map((part) => this.rangeOf(part, assumed));
    if (head === "+") return parts().reduce(plus);
    if (head === "*") return parts().reduce(times);
    if (head === "-" && term.length === 2) return negated(this.rangeOf(a, assumed));
    if (head === "-") return parts().reduce((x, y) => plus(x, negated(y)));
    if (head === "bv2nat" || head === "ubv_to_int") return { least: 0n, most: this.#mostOfWord(a) };
    const divisor = numberOf(b);
    if ((head === "div" || head === "mod") && divisor !== undefined && divisor > 0n) {
      const range = this.rangeOf(a, assumed);
      if (head === "mod")
        return {
          least: 0n,
          most: isBounded(range) && range.least >= 0n ? least(divisor - 1n, range.most) : divisor - 1n,
        };
      return {
        least: range.least === undefined ? undefined : divided(range.least, divisor),
        most: range.most === undefined ? undefined : divided(range.most, divisor),
      };
    }
    if (head !== "ite") return {};
    const decided = this.decided(a, assumed);
    if (decided !== undefined) return this.rangeOf(decided ? b : c, assumed);
    return either(
      this.rangeOf(b, this.#assuming(a, true, assumed)),
      this.rangeOf(c, this.#assuming(a, false, assumed)),
    );
  }

  #assuming(condition: Term, holds: boolean, assumed: ReadonlyMap<string, Range>): ReadonlyMap<string, Range> {
    if (!isList(condition)) return assumed;
    const [head, a = NOTHING, b = NOTHING] = condition;
    const bound = numberOf(b);
    if (typeof head !== "string" || !COMPARISONS.has(head) || bound === undefined) return assumed;
    const isUpper = head.startsWith("<") === holds;
    const isStrict = (head.length === 1) === holds;
    const gap = isStrict ? 1n : 0n;
    const range = isUpper ? { most: bound - gap } : { least: bound + gap };
    const key = print(a);
    return new Map([...assumed, [key, both(assumed.get(key) ?? {}, range)]]);
  }

  /** Whether bounds alone decide a comparison. */
  decided(condition: Term, assumed: ReadonlyMap<string, Range> = new Map()): boolean | undefined {
    if (condition === "true" || condition === "false") return condition === "true";
    if (!isList(condition)) return undefined;
    const [head, x = NOTHING, y = NOTHING] = condition;
    if (typeof head !== "string" || !COMPARISONS.has(head)) return undefined;
    const [low, high] = head.startsWith("<") ? [x, y] : [y, x];
    const [a, b] = [this.rangeOf(low, assumed), this.rangeOf(high, assumed)];
    const isStrict = head.length === 1;
    if (a.most !== undefined && b.least !== undefined && (isStrict ? a.most < b.least : a.most <= b.least)) return true;
    if (a.least !== undefined && b.most !== undefined && (isStrict ? a.least >= b.most : a.least > b.most))
      return false;
    return undefined;
  }

  #mostOfWord(term: Term): bigint {
    const all = (1n << BigInt(this.widthOfWord(term))) - 1n;
    if (!isList(term)) return all;
    const [head, a = NOTHING, b = NOTHING] = term;
    if (head === "bvlshr") {
      const by = this.literalOf(b);
      return by === undefined ? this.#mostOfWord(a) : this.#mostOfWord(a) >> by;
    }
    if (head === "bvand") return least(this.#mostOfWord(a), this.#mostOfWord(b));
    const made = indexed(term);
    if (made?.head === "int2bv") {
      const range = this.rangeOf(made.of);
      if (isBounded(range) && range.least >= 0n) return least(all, range.most);
    }
    if (head === "ite") {
      const decided = this.decided(a);
      if (decided !== undefined) return this.#mostOfWord(decided ? b : (term[3] ?? NOTHING));
    }
    return all;
  }

  literalOf(term: Term): bigint | undefined {
    if (isList(term) && term[0] === "ite") {
      const decided = this.decided(term[1] ?? NOTHING);
      return decided === undefined ? undefined : this.literalOf((decided ? term[2] : term[3]) ?? NOTHING);
    }
    const made = indexed(term);
    const value = made?.head === "int2bv" ? numberOf(made.of) : undefined;
    return value !== undefined && value >= 0n && value < 1n << BigInt(made?.numbers[0] ?? 0) ? value : undefined;
  }

  widthOfWord(term: Term): number {
    if (typeof term === "string") {
      if (/^#b[01]+$/.test(term)) return term.length - 2;
      throw new Untold(term);
    }
    const made = indexed(term);
    const [high = 0, low = 0] = made?.numbers ?? [];
    if (made?.head === "int2bv") return high;
    if (made?.head === "extract") return high - low + 1;
    const [head, a = NOTHING, b = NOTHING] = term;
    if (head === "ite") return this.widthOfWord(b);
    if (typeof head === "string" && WORD_OPERATIONS.has(head)) return this.widthOfWord(a);
    throw new Untold(print(term).slice(0, 80));
  }
}
