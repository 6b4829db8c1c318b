import assert from "node:assert/strict";

import {
  allowSpender,
  type Client,
  createSchedule,
  decodePayload,
  depositOptimistic,
  formatOpg,
  getClosing,
  getDueRun,
  getOptimisticBalance,
  getOptimisticJob,
  getSchedule,
  packOptimisticOrder,
  parseOpg,
  ProtocolError,
  quoteOptimistic,
  triggerSchedule,
} from "@opg-protocol/sdk";
import { getBytes, parseEther, ZeroHash } from "ethers";

import { forecast } from "./forecast.ts";
import { connect, deploy, now, passTime, type Suite, untilDelivered } from "./suite.ts";

/** Accounts of the development chain. */
const PROVIDER = 1;
const KEEPER = 13;

const RETURNS = 32;
const WAD = 1e18;
const LIQUIDITY = parseEther("1000000");
/** Seconds. */
const INTERVAL = 300;
const OBSERVATION_PERIOD = 1;
const ACCEPT_PERIOD = 600;
const FRESH_PERIOD = 600;
/** What a keeper is paid for, whatever is used of it: the pool's answer takes three quarters of the first. */
const SOURCE_GAS = 200_000;
const NOTICE_GAS = 80_000;
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

const float = (wad: bigint): number => Math.fround(Number(wad) / WAD);

/** A pool with liquidity, that follows a schedule of its provider. */
async function given() {
  const suite = connect();
  const client = await suite.as(PROVIDER);
  const { optimistic, scheduler } = client.addresses;
  const { account } = client;
  assert.ok(account);
  const tokens = [await deploy(client, "MockOPG", []), await deploy(client, "MockOPG", [])];
  const pool = await deploy(client, "VolatilityFee", [
    optimistic,
    scheduler,
    suite.versions.volatility,
    ...tokens,
    OBSERVATION_PERIOD,
    FRESH_PERIOD,
  ]);
  for (const token of tokens) {
    await (await token.getFunction("mint")(account, 2n * LIQUIDITY)).wait();
    await (await token.getFunction("approve")(pool, 2n * LIQUIDITY)).wait();
  }
  await (await pool.getFunction("provide")(LIQUIDITY, LIQUIDITY)).wait();

  const terms = { ...TERMS, versionId: suite.versions.volatility, callback: await pool.getAddress() };
  const { escrow, royalty } = await quoteOptimistic(client, terms);
  const budget = 10n * escrow;
  await depositOptimistic(client, { amount: budget });
  await allowSpender(client, { ledger: optimistic, spender: scheduler, cap: budget });
  const schedule = await createSchedule(client, {
    order: packOptimisticOrder({ ...terms, maxRoyalty: royalty, requester: account, inputRoot: ZeroHash }),
    input: "0x",
    source: terms.callback,
    sourceGas: SOURCE_GAS,
    noticeGas: NOTICE_GAS,
    startAt: (await now(suite)) + INTERVAL,
    interval: INTERVAL,
    mostCost: escrow,
    mostReward: parseOpg("0.1"),
    budget,
  });
  await (await pool.getFunction("follow")(schedule.scheduleId, ACCEPT_PERIOD)).wait();
  return { suite, client, pool, schedule };
}

type Given = Awaited<ReturnType<typeof given>>;

/** A market in which the price goes up and down by so much, as a share of 1. */
async function trade({ suite, pool }: Given, move: number): Promise<void> {
  // Of a constant product, half of the move has to be swapped.
  const amount = (LIQUIDITY * BigInt(Math.round((move / 2) * 1e6))) / 1_000_000n;
  for (let i = 0; i <= RETURNS; i += 1) {
    await passTime(suite, OBSERVATION_PERIOD);
    await (await pool.getFunction("swap")(i % 2 === 0, amount, 0)).wait();
  }
}

/** A keeper runs the schedule, a node answers, and the pool takes the forecast. */
async function run({ suite, pool, schedule }: Given, keeper: Client) {
  const ordered = await triggerSchedule(keeper, await getSchedule(keeper, schedule));
  await untilDelivered(suite, keeper, ordered.jobId);
  const [event] = await pool.queryFilter(pool.filters["FeeForecast"]?.(ordered.jobId) ?? "FeeForecast");
  assert.ok(event !== undefined && "args" in event);
  return { ordered, volatility: event.args["volatility"] as bigint, fee: event.args["fee"] as bigint };
}

/** What a keeper has in the market. */
async function earnedBy(keeper: Client): Promise<bigint> {
  const { balance } = await getOptimisticBalance(keeper, { account: keeper.account ?? "" });
  return balance;
}

/** The returns that a job was ordered for. */
async function orderedReturns(client: Client, jobId: string): Promise<readonly number[]> {
  const { input } = await getOptimisticJob(client, { jobId });
  const [returns] = decodePayload(getBytes(input));
  assert.ok(returns);
  return [...new Float32Array(returns.data.slice().buffer)];
}

describe("VolatilityFee on the suite", () => {
  it("adapts its fee to what a node forecasts, whenever a keeper runs the schedule", async () => {
    const all = await given();
    const { suite, client, pool, schedule } = all;
    const keeper = await suite.as(KEEPER);
    const feeNow = async () => (await pool.getFunction("fee")()) as bigint;
    const [standard, mostMove] = (await Promise.all(
      ["DEFAULT_FEE", "MOST_MOVE"].map((name) => pool.getFunction(name)()),
    )) as [bigint, bigint];
    assert.equal(await feeNow(), standard);
    await assert.rejects(getDueRun(keeper, schedule), isRefusal("SchedulerNotDue"));

    const earned = await earnedBy(keeper);
    await trade(all, 0.02);
    await passTime(suite, INTERVAL);
    const restless = await run(all, keeper);
    const returns = await orderedReturns(client, restless.ordered.jobId);
    assert.equal(returns.length, RETURNS);
    // To the bit: the node ran ONNX Runtime, the test what the referee computes.
    assert.equal(float(restless.volatility), forecast(returns));
    assert.ok(restless.volatility > parseEther("0.015") && restless.volatility < parseEther("0.03"));
    assert.equal(restless.fee, standard + mostMove);
    assert.equal(await feeNow(), restless.fee);

    const closing = await getClosing(client, restless.ordered);
    assert.equal(closing?.node, suite.node);
    assert.ok(closing.pay >= TERMS.lowestPrice && closing.pay <= TERMS.price);
    const { gasUsed, cost, reward } = restless.ordered;
    const { pay, fee, royalty, refund } = closing;
    console.log(
      `    a run: ${gasUsed} gas of a keeper who earns ${formatOpg(reward)} OPG; of an escrow of ${formatOpg(cost)} OPG` +
        ` node ${formatOpg(pay)}, fee ${formatOpg(fee)}, royalty ${formatOpg(royalty)}, back ${formatOpg(refund)}`,
    );
    assert.ok(restless.ordered.reward > 0n);
    assert.equal(await earnedBy(keeper), earned + restless.ordered.reward);
    await assert.rejects(triggerSchedule(keeper, schedule), isRefusal("SchedulerNotDue"));

    await trade(all, 0.002);
    await passTime(suite, INTERVAL);
    const calm = await run(all, keeper);
    assert.equal(float(calm.volatility), forecast(await orderedReturns(client, calm.ordered.jobId)));
    assert.ok(calm.volatility < restless.volatility / 4n);
    assert.equal(calm.fee, restless.fee - mostMove);
    assert.equal(await feeNow(), calm.fee);
    assert.equal((await getSchedule(client, schedule)).record.runs, 2n);

    await passTime(suite, FRESH_PERIOD + 1);
    assert.equal(await feeNow(), standard);
    suite.provider.destroy();
  });
});

const isRefusal = (name: string) => (error: unknown) => error instanceof ProtocolError && error.decoded.name === name;
