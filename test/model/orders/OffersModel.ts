import { MaxUint256, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import {
  type OptimisticOrder,
  optimisticJobId,
  OptimisticState,
  packOptimisticOrder,
  type PackedOptimisticJob,
} from "../../../packages/sdk/src/codecs/optimisticJob.ts";
import { unpackOptimisticRules } from "../../../packages/sdk/src/codecs/optimisticRules.ts";
import type { AccountBook } from "../AccountBook.ts";
import { atomically, type Revertible, saveMap, together } from "../atomically.ts";
import type { Clock } from "../Clock.ts";
import type { GuardianModel } from "../GuardianModel.ts";
import { checkInput, within } from "../orders.ts";
import { demand } from "../Refusal.ts";
import type { RegistryModel } from "../RegistryModel.ts";
import type { BroughtOrder, MandatesModel } from "./MandatesModel.ts";

const BPS = 10_000n;
const UNIT = 10n ** 12n;
const MOST_PRICE = ((1n << 40n) - 1n) * UNIT;
const MOST_AUCTION_DELAY = 3_600;
const MOST_AUCTION_RAMP = 86_400;
const REQUESTED_AT_SHIFT = 216n;

/** A job for one node that nobody answers. */
export class OfferModel {
  constructor(
    readonly id: string,
    readonly packed: PackedOptimisticJob,
    readonly order: OptimisticOrder,
    readonly escrow: bigint,
    public state: OptimisticState,
    public since: number,
  ) {}

  get isUnderWay(): boolean {
    return this.state === OptimisticState.Open || this.state === OptimisticState.Named;
  }

  /** Nobody can take it from then on. */
  get endsAt(): number {
    const { answerPeriod, auctionDelay = 0, auctionRamp = 0 } = this.order;
    return this.since + answerPeriod + auctionDelay + auctionRamp;
  }

  /** What storage keeps. @see the layout of OptimisticRecord in contracts/types/OptimisticTypes.sol */
  get record(): bigint {
    return BigInt(this.state) | (BigInt(this.since) << 56n);
  }
}

export interface OfferConstants {
  readonly chainId: bigint;
  readonly address: string;
  readonly rules: string;
  readonly leastWindowPeriod: number;
  readonly mostInputBytes: number;
  /** Versions with a referee. */
  readonly refereed: readonly string[];
}

/** Orders of IOptimisticMarketplace: placed by whoever may, and taken back or left to expire. */
export class OffersModel implements Revertible {
  private readonly offers = new Map<string, OfferModel>();

  constructor(
    readonly constants: OfferConstants,
    readonly accounts: AccountBook,
    private readonly clock: Clock,
    private readonly mandates: MandatesModel,
    private readonly registry: RegistryModel,
    private readonly guardian: GuardianModel,
  ) {}

  request(caller: string, order: OptimisticOrder, inputBytes: number): OfferModel {
    return atomically([this, this.mandates], () => {
      const offer = this.place(order, inputBytes);
      this.accounts.checkSpender(caller, order.requester, offer.escrow);
      return offer;
    });
  }

  /** An order that its requester has signed, for whoever brings it. */
  requestFor(
    caller: string,
    order: OptimisticOrder,
    inputBytes: number,
    brought: BroughtOrder,
    repay: bigint,
  ): OfferModel {
    return atomically([this, this.mandates], () => {
      const offer = this.place(order, inputBytes);
      this.mandates.useOrder(order.requester, offer.escrow, repay, brought);
      if (repay > 0n) this.accounts.move(order.requester, caller, repay);
      return offer;
    });
  }

  cancel(caller: string, offer: OfferModel): void {
    const { requester } = offer.order;
    demand(caller === requester, "MarketNotRequester", caller, requester);
    demand(offer.state === OptimisticState.Open, "MarketWrongPhase", offer.id, offer.state);
    this.end(offer, OptimisticState.Cancelled);
  }

  expire(_caller: string, offer: OfferModel): void {
    demand(offer.isUnderWay, "MarketWrongPhase", offer.id, offer.state);
    demand(this.clock.now >= offer.endsAt, "MarketNotExpired", offer.id, offer.endsAt);
    this.end(offer, OptimisticState.Unanswered);
  }

  all(): OfferModel[] {
    return [...this.offers.values()];
  }

  owed(): bigint {
    const underWay = this.all().filter(({ isUnderWay }) => isUnderWay);
    return this.accounts.owed + underWay.reduce((sum, { escrow }) => sum + escrow, 0n);
  }

  /** What a request changes. */
  save(): () => void {
    return together([this.accounts.save(), saveMap(this.offers)]);
  }

  private place(order: OptimisticOrder, inputBytes: number): OfferModel {
    const { address, chainId, rules, refereed } = this.constants;
    const numbers = unpackOptimisticRules(rules);
    checkInput(inputBytes, this.constants.mostInputBytes);
    this.guardian.checkOpen();
    this.checkOrder(order);
    const quote = this.registry.quote(order.versionId, order.requester);
    demand(refereed.includes(order.versionId), "MarketVersionNotRefereed", order.versionId);
    const cap = (order.price * numbers.royaltyCapBps) / BPS;
    const royalty = quote.royalty < cap ? quote.royalty : cap;
    demand(royalty <= (order.maxRoyalty ?? 0n), "MarketRoyaltyTooHigh", royalty, order.maxRoyalty ?? 0n);

    const { now } = this.clock;
    const { since = 0 } = order;
    const draft = packOptimisticOrder({ ...order, since: 0 });
    const requestedAt = BigInt(since > 0 && since <= now ? since : now);
    const packed = {
      ...draft,
      royalty: toBeHex(BigInt(quote.payee) | (royalty << 160n), 32),
      shape: toBeHex(BigInt(draft.shape) | (requestedAt << REQUESTED_AT_SHIFT), 32),
      rules,
    };
    const id = optimisticJobId(chainId, address, packed);
    const escrow = order.price + (order.price * numbers.feeBps) / BPS + royalty;
    this.accounts.debit(order.requester, escrow);
    demand(!this.offers.has(id), "MarketJobExists", id);
    const state = order.node === undefined ? OptimisticState.Open : OptimisticState.Named;
    const offer = new OfferModel(id, packed, order, escrow, state, now);
    this.offers.set(id, offer);
    return offer;
  }

  /** Orders have neither a callback nor an audit here. */
  private checkOrder(order: OptimisticOrder): void {
    const { mostWindowPeriod, maxAnswerPeriod } = unpackOptimisticRules(this.constants.rules);
    const isOpen = order.node === undefined || order.node === ZeroAddress;
    within("inputRoot", order.inputRoot === ZeroHash ? 0 : 1, 1, MaxUint256);
    checkPrice("price", order.price, UNIT, MOST_PRICE);
    checkPrice("lowestPrice", order.lowestPrice ?? 0n, 0n, isOpen ? order.price : 0n);
    within("auctionDelay", order.auctionDelay ?? 0, 0, isOpen ? MOST_AUCTION_DELAY : 0);
    within("auctionRamp", order.auctionRamp ?? 0, isOpen ? 5 : 0, isOpen ? MOST_AUCTION_RAMP : 0);
    within("windowPeriod", order.windowPeriod, this.constants.leastWindowPeriod, mostWindowPeriod);
    within("answerPeriod", order.answerPeriod, 5, maxAnswerPeriod);
  }

  private end(offer: OfferModel, state: OptimisticState): void {
    this.accounts.credit(offer.order.requester, offer.escrow);
    offer.state = state;
    offer.since = this.clock.now;
  }
}

function checkPrice(field: string, price: bigint, least: bigint, most: bigint): void {
  within(field, price, least, most);
  demand(price % UNIT === 0n, "MarketPriceNotWhole", price, UNIT);
}
