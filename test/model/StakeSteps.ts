import { parseEther, ZeroAddress } from "ethers";

import type { NodeBooks } from "./NodeBooks.ts";
import type { Random } from "./Random.ts";
import { OWN } from "./StakingModel.ts";
import type { Call, Step } from "./steps.ts";
import type { World } from "./World.ts";

const DAY = 86_400;
const OWN_STAKE = parseEther("1000");
const COMFORTABLE = parseEther("100");
const ENOUGH = parseEther("250");
const LEAST_BACKING = parseEther("400");

/** Makes the steps with which stake comes, goes, serves, and is lost to a consumer beside the market. */
export class StakeSteps {
  constructor(
    private readonly random: Random,
    private readonly world: World,
  ) {}

  /** Everything that must stand before the first job. */
  opening(): Step[] {
    const { cast, versions, market, addresses, refereed } = this.world;
    const now = this.world.clock.now;
    const nodes = cast.operators.flatMap(({ node, signer }, i) => [
      this.step(node, {
        kind: "register",
        ownStake: OWN_STAKE,
        signer,
        consentFor: node,
        commissionBps: BigInt(i) * 400n,
      }),
      this.step(node, { kind: "authorise", node, consumer: market.constants.address, cap: OWN_STAKE * 3n }),
      this.step(node, { kind: "authorise", node, consumer: addresses.sessions, cap: OWN_STAKE }),
      this.step(signer, {
        kind: "serveSessions",
        node,
        version: refereed,
        maxLock: ENOUGH / 2n,
        endsAt: now + 80 * DAY,
      }),
      ...versions.map((version) =>
        this.step(signer, {
          kind: "serve",
          node,
          version,
          weight: OWN_STAKE,
          maxLock: ENOUGH,
          endsAt: now + 80 * DAY,
        }),
      ),
    ]);
    const deposits = cast.requesters.map((requester) =>
      this.step(requester, { kind: "deposit", ledger: "market", account: requester, amount: parseEther("20000") }),
    );
    return [...nodes, ...deposits];
  }

  next(): Step {
    const { random, world } = this;
    const { node } = random.pick(world.cast.operators);
    const repair = this.repair(node);
    if (repair !== undefined && random.chance(0.9)) return repair;
    const books = world.staking.of(node);
    const makers: readonly (() => Step)[] = [
      () => this.ownStake(node, books),
      () => this.delegation(node, books),
      () => this.consumer(node, books),
      () => this.serving(node, books),
      () => this.money(node, books),
      () => this.identity(node, books),
    ];
    return random.pick(makers)();
  }

  /** What a node needs so that it can go on sitting in draws. */
  private repair(node: string): Step | undefined {
    const { random, world } = this;
    const { staking, market, clock, cast, versions } = world;
    const books = staking.of(node);
    if (books.signer === ZeroAddress) return this.newSigner(node, books);
    const backing = staking.backing(books);
    if (backing < LEAST_BACKING || !books.covered) {
      return this.step(books.owner, { kind: "stake", node, amount: OWN_STAKE });
    }
    const version = random.pick(versions);
    const { maxLock, used, endsAt } = market.seats.of(node, version);
    const fine =
      market.weightsOf(node, version).present > 0n && maxLock - used > COMFORTABLE && endsAt > clock.now + DAY;
    if (fine) return undefined;
    const lock = books.lock(market.constants.address, version);
    const free = backing - books.locked;
    const authorised = books.authorisation(market.constants.address);
    if (authorised.cap < authorised.locked + OWN_STAKE / 2n) {
      const cap = authorised.locked + OWN_STAKE * 2n;
      return this.step(books.owner, { kind: "authorise", node, consumer: market.constants.address, cap });
    }
    if (free < COMFORTABLE * 2n) return this.step(cast.publisher, { kind: "stake", node, amount: OWN_STAKE / 2n });
    const more = used + ENOUGH;
    const period = random.chance(0.2) ? random.between(250, 600) : 80 * DAY;
    return this.step(books.signer, {
      kind: "serve",
      node,
      version,
      weight: backing - random.amount(backing / 4n),
      maxLock: more,
      endsAt: Math.max(clock.now + period, lock.endsAt),
    });
  }

  private newSigner(node: string, books: NodeBooks): Step {
    const { clock, cast, staking } = this.world;
    if (books.nextSigner !== ZeroAddress) {
      return this.step(cast.stranger, { kind: "activateSigner", node }, books.nextSignerAt - clock.now);
    }
    const free = [...cast.spareSigners, ...cast.operators.map(({ signer }) => signer)];
    const signer = free.find((key) => !staking.nodeOfSigner.has(key)) ?? cast.stranger;
    return this.step(books.owner, { kind: "proposeSigner", node, signer, consentFor: node });
  }

  private ownStake(node: string, books: NodeBooks): Step {
    const { random } = this;
    const thawId = this.someThaw(books, OWN);
    const most = random.chance(0.1) ? books.ownBonded * 2n : books.ownBonded / 3n;
    const calls: readonly Call[] = [
      { kind: "stake", node, amount: random.amount(OWN_STAKE) },
      { kind: "stake", node, amount: random.chance(0.3) ? 0n : random.amount(OWN_STAKE) },
      { kind: "thaw", node, amount: random.amount(most) },
      { kind: "thaw", node, amount: random.chance(0.1) ? 0n : random.amount(most) },
      { kind: "cancelThaw", node, thawId },
      { kind: "withdrawStake", node, thawId },
    ];
    const call = random.pick(calls);
    const waits = call.kind === "withdrawStake" && random.chance(0.5);
    return this.step(this.ownerOf(books), call, waits ? this.untilThawed(books, OWN, thawId) : 0);
  }

  private delegation(node: string, books: NodeBooks): Step {
    const { random, world } = this;
    const delegator = random.pick(world.cast.delegators);
    const held = books.sharesOf(delegator);
    const thawId = this.someThaw(books, delegator);
    const room = books.ownBonded * world.staking.parameters.delegationRatio - books.delegated.assets;
    const most = random.chance(0.1) ? room * 2n : room;
    const amount = random.amount(most > 0n ? most : OWN_STAKE);
    const greedy = random.chance(0.05) ? parseEther("100000000") : 0n;
    const calls: readonly Call[] = [
      { kind: "delegate", node, amount: random.chance(0.05) ? 1n : amount, leastShares: greedy },
      { kind: "delegate", node, amount, leastShares: 0n },
      { kind: "undelegate", node, shares: random.amount(held), leastAmount: greedy },
      { kind: "undelegate", node, shares: random.chance(0.2) ? held * 2n : held, leastAmount: 0n },
      { kind: "cancelUndelegate", node, thawId, leastShares: greedy },
      { kind: "withdrawDelegation", node, thawId },
    ];
    const leaves = thawId < books.thawsOf(delegator).length || random.chance(0.1);
    const call = random.pick(leaves ? calls : calls.slice(0, -2));
    const waits = call.kind === "withdrawDelegation" && random.chance(0.5);
    return this.step(delegator, call, waits ? this.untilThawed(books, delegator, thawId) : 0);
  }

  /** A consumer without mercy: locks, lets go, and takes whatever it can. */
  private consumer(node: string, books: NodeBooks): Step {
    const { random, world } = this;
    const { consumer, stranger } = world.cast;
    const obligation = random.pick(world.versions);
    const held = books.lock(consumer, obligation);
    const backing = world.staking.backing(books);
    const free = backing > books.locked ? backing - books.locked : 0n;
    const whole = random.chance(0.3);
    const amount = whole ? held.amount + free : random.amount(free / 3n + 1n);
    const requested = random.chance(0.6) ? held.amount : random.amount(held.amount * 2n);
    const endsAt = world.clock.now + random.pick([100, 400, 4_000, 89 * DAY, 91 * DAY]);
    const { address } = world.market.constants;
    const slash: Call = {
      kind: "slash",
      node,
      obligation,
      requested,
      harm: random.amount(requested),
      compensation: random.amount(requested),
    };
    const calls: readonly Call[] = [
      { kind: "lock", node, obligation, amount, endsAt: random.chance(0.3) ? held.endsAt : endsAt },
      { kind: "lock", node, obligation, amount, endsAt: Math.max(endsAt, held.endsAt) },
      { kind: "unlock", node, obligation, amount: random.amount(held.amount * 2n) },
      slash,
      slash,
    ];
    if (random.chance(0.3)) return this.ruin(node, books, obligation);
    if (random.chance(0.2)) {
      const cap = random.chance(0.7) ? OWN_STAKE * 5n : random.amount(OWN_STAKE);
      return this.step(this.ownerOf(books), { kind: "authorise", node, consumer, cap });
    }
    if (random.chance(0.15)) {
      const of = random.pick([consumer, consumer, address]);
      return this.step(stranger, { kind: "release", node, consumer: of, obligation });
    }
    return this.step(consumer, random.pick(calls));
  }

  /** Locks all that backs a node, and then takes it. */
  private ruin(node: string, books: NodeBooks, obligation: string): Step {
    const { staking, clock, cast } = this.world;
    const { consumer } = cast;
    const held = books.lock(consumer, obligation);
    const backing = staking.backing(books);
    const all = held.amount + (backing > books.locked ? backing - books.locked : 0n);
    const authorised = books.authorisation(consumer);
    const endsAt = Math.max(clock.now + 1_000, held.endsAt);
    if (held.amount * 2n > all && held.endsAt > clock.now) {
      const asked = { requested: all * 2n, harm: all / 2n, compensation: all / 2n };
      return this.step(consumer, { kind: "slash", node, obligation, ...asked });
    }
    if (authorised.cap < authorised.locked + all) {
      return this.step(books.owner, { kind: "authorise", node, consumer, cap: authorised.locked + all * 2n });
    }
    return this.step(consumer, { kind: "lock", node, obligation, amount: all, endsAt });
  }

  private serving(node: string, books: NodeBooks): Step {
    const { random, world } = this;
    const version = random.pick(world.versions);
    const { market, staking, clock } = world;
    const { used, maxLock } = market.seats.of(node, version);
    const backing = staking.backing(books);
    const calls: readonly Call[] = [
      { kind: "unserve", node, version },
      { kind: "refreshServing", node, version },
      { kind: "claim", ledger: "market", node, version },
      { kind: "claim", ledger: "market", node, version },
      {
        kind: "serve",
        node,
        version,
        weight: random.chance(0.2) ? backing + 1n : random.amount(backing),
        maxLock: random.pick([used / 2n, maxLock, maxLock, maxLock, OWN_STAKE * 10n]),
        endsAt: clock.now + random.pick([50 * DAY, 85 * DAY, 95 * DAY]),
      },
    ];
    const operator = books.signer === ZeroAddress ? books.owner : books.signer;
    const from = random.chance(0.1) ? world.cast.stranger : random.pick([operator, books.owner]);
    return this.step(from, random.pick(calls));
  }

  private money(node: string, books: NodeBooks): Step {
    const { random, world } = this;
    const { cast, market, staking } = world;
    const requester = random.pick(cast.requesters);
    const { balance } = market.accounts.of(requester);
    const amount = random.amount(random.chance(0.2) ? balance * 2n + 2n : balance / 20n);
    const payee = random.chance(0.1) ? ZeroAddress : requester;
    const choices: readonly [string, Call][] = [
      [requester, { kind: "deposit", ledger: "market", account: payee, amount: random.amount(parseEther("500")) }],
      [requester, { kind: "withdraw", ledger: "market", to: payee, amount }],
      [
        random.pick([cast.stranger, cast.publisher]),
        { kind: "withdraw", ledger: "market", to: cast.stranger, amount: 1n },
      ],
      [requester, { kind: "withdraw", ledger: "market", to: requester, amount: random.chance(0.2) ? balance : 0n }],
      [cast.stranger, { kind: "collectFees", ledger: "market", accounts: [requester, requester, cast.stranger] }],
      [this.ownerOf(books), { kind: "withdrawEarnings", node }],
      [cast.publisher, { kind: "reward", node, amount: random.amount(parseEther("20")) }],
      [cast.publisher, { kind: "reward", node: cast.stranger, amount: 1n }],
      [cast.publisher, { kind: "donate", to: market.constants.address, amount: random.amount(parseEther("5")) }],
      [cast.publisher, { kind: "donate", to: staking.address, amount: random.amount(parseEther("5")) }],
      [cast.stranger, { kind: "setRefuses", refuses: random.chance(0.3) }],
    ];
    const [from, call] = random.pick(choices);
    return this.step(from, call);
  }

  private identity(node: string, books: NodeBooks): Step {
    const { random, world } = this;
    const { cast } = world;
    const signer = random.pick([...cast.spareSigners, random.pick(cast.operators).signer]);
    const consentFor = random.chance(0.2) ? cast.stranger : node;
    const nextOwner = random.pick([node, cast.publisher, cast.delegators[0] ?? node]);
    const accepts = books.nextOwner === ZeroAddress ? cast.stranger : books.nextOwner;
    const commissionBps = BigInt(random.between(0, 5_200));
    const owner = this.ownerOf(books);
    const choices: readonly [string, Call, number?][] = [
      [owner, { kind: "proposeSigner", node, signer, consentFor }],
      [owner, { kind: "proposeSigner", node, signer, consentFor }],
      [cast.stranger, { kind: "activateSigner", node }],
      [owner, { kind: "revokeSigner", node }],
      [owner, { kind: "proposeOwner", node, nextOwner }],
      [random.chance(0.2) ? cast.stranger : accepts, { kind: "acceptOwnership", node }],
      [owner, { kind: "proposeCommission", node, commissionBps }],
      [owner, { kind: "proposeCommission", node, commissionBps }],
      [node, { kind: "register", ownStake: OWN_STAKE, signer, consentFor: node, commissionBps: 0n }],
      [
        cast.stranger,
        {
          kind: "register",
          ownStake: random.pick([0n, OWN_STAKE]),
          signer: random.chance(0.5) ? signer : (cast.operators[0]?.signer ?? signer),
          consentFor: node,
          commissionBps,
        },
      ],
    ];
    const [from, call] = random.pick(choices);
    return this.step(from, call);
  }

  private ownerOf(books: NodeBooks): string {
    return this.random.chance(0.03) ? this.world.cast.stranger : books.owner;
  }

  private someThaw(books: NodeBooks, holder: string): number {
    const { random } = this;
    const thaws = books.thawsOf(holder);
    const open = thaws.flatMap((thaw, thawId) => (thaw === undefined ? [] : [thawId]));
    return open.length === 0 || random.chance(0.1) ? random.int(thaws.length + 1) : random.pick(open);
  }

  private untilThawed(books: NodeBooks, holder: string, thawId: number): number {
    return Math.max(0, (books.thawsOf(holder)[thawId]?.endsAt ?? 0) - this.world.clock.now);
  }

  private step(from: string, call: Call, seconds = 0): Step {
    return { from, call, seconds: Math.max(0, seconds), blocks: 0 };
  }
}
