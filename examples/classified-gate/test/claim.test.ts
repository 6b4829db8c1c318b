import assert from "node:assert/strict";

import {
  depositOptimistic,
  formatOpg,
  getClosing,
  parseOpg,
  payloadRoot,
  quoteOptimistic,
  type Tensor,
} from "@opg-protocol/sdk";
import { formatEther, parseEther, Wallet, ZeroAddress } from "ethers";

import { eight, three } from "./pictures.ts";
import { connect, deploy, now, passTime, untilDelivered } from "./suite.ts";

/** Accounts of the development chain. */
const HOLDER = 1;
const INSURER = 14;
const KEEPER = 15;

const AMOUNT = parseEther("3");
const LEVEL = 7n;
/** Seconds. */
const COVERED = 1_000;
/** An answer of one node; whoever takes it first while its price rises. A local chain has short clocks. */
const TERMS = {
  price: parseOpg("1"),
  lowestPrice: parseOpg("0.2"),
  auctionDelay: 5,
  auctionRamp: 20,
  answerPeriod: 60,
  windowPeriod: 40,
  valueAtStake: 50,
  callbackGas: 150_000,
  deliveryTip: parseOpg("0.05"),
};

/** A cover that the insurer has paid in, and whose holder can pay for two claims. */
async function given() {
  const suite = connect();
  const [holder, insurer, keeper] = await Promise.all([HOLDER, INSURER, KEEPER].map((account) => suite.as(account)));
  assert.ok(holder?.account && insurer && keeper);
  const versionId = suite.versions.digits;
  const terms = { ...TERMS, versionId };
  // There is no cover yet, and what an order costs does not depend on who gets its result.
  const { escrow, royalty: maxRoyalty } = await quoteOptimistic(holder, { ...terms, callback: holder.account });
  const endsAt = (await now(suite)) + COVERED;
  const struct = { ...terms, node: ZeroAddress, maxRoyalty, auditBps: 0, provisional: false, acceptUntil: 0 };
  const args = [holder.addresses.optimistic, holder.account, keeper.account, LEVEL, endsAt, struct];
  const cover = await deploy(insurer, "GaugeCover", args, AMOUNT);
  await depositOptimistic(holder, { account: await cover.getAddress(), amount: 2n * escrow });
  return { suite, cover, holder, insurer, keeper, endsAt };
}

type Given = Awaited<ReturnType<typeof given>>;

/** The keeper publishes a picture, the holder hands it in, a node reads it. */
async function claim({ suite, cover, holder, keeper }: Given, picture: Tensor) {
  await (await cover.connect(keeper.signer ?? null).getFunction("attest")(payloadRoot([picture]))).wait();
  const claimed = await (await cover.connect(holder.signer ?? null).getFunction("claim")([picture])).wait();
  const job = (await cover.getFunction("running")()) as string;
  await untilDelivered(suite, holder, job);
  const [event] = await cover.queryFilter(cover.filters["GaugeRead"]?.(job) ?? "GaugeRead");
  assert.ok(event !== undefined && "args" in event);
  const closing = await getClosing(holder, { jobId: job });
  assert.ok(closing);
  const { pay, fee, royalty, refund } = closing;
  assert.ok(pay >= TERMS.lowestPrice && pay <= TERMS.price);
  const { level, margin } = event.args as unknown as { level: bigint; margin: bigint };
  console.log(
    `    read ${level}, ahead by ${formatEther(margin)}: ${claimed?.gasUsed} gas of the claim; OPG: node ${formatOpg(pay)},` +
      ` fee ${formatOpg(fee)}, royalty ${formatOpg(royalty)}, back ${formatOpg(refund)}`,
  );
  return { level, margin };
}

describe("GaugeCover on the suite", () => {
  it("pays when a node reads a high level, not when it reads a low one", async () => {
    const all = await given();
    const { suite, cover, holder } = all;
    const leastMargin = (await cover.getFunction("LEAST_MARGIN")()) as bigint;
    const isDue = async () => (await cover.getFunction("isDue")()) as boolean;

    const low = await claim(all, three);
    assert.equal(low.level, 3n);
    assert.equal(await isDue(), false);

    const high = await claim(all, eight);
    assert.equal(high.level, 8n);
    assert.ok(high.margin >= leastMargin);
    assert.equal(await isDue(), true);

    const to = Wallet.createRandom().address;
    await (await cover.connect(holder.signer ?? null).getFunction("collect")(to)).wait();
    assert.equal(await suite.provider.getBalance(to), AMOUNT);
    suite.provider.destroy();
  });

  it("gives the insurer its money back when nothing has happened", async () => {
    const { suite, cover, insurer, endsAt } = await given();
    await passTime(suite, endsAt + 1 - (await now(suite)));
    const to = Wallet.createRandom().address;
    await (await cover.connect(insurer.signer ?? null).getFunction("reclaim")(to)).wait();
    assert.equal(await suite.provider.getBalance(to), AMOUNT);
    suite.provider.destroy();
  });
});
