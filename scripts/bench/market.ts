import { parseEther, type ContractTransactionResponse } from "ethers";

import { bytesTensor, encodePayload, payloadRoot } from "../../packages/sdk/src/codecs/payload.ts";
import { packRules, unpackRules } from "../../packages/sdk/src/codecs/rules.ts";
import { LOCK_PERIOD, MAX_LOCK, OWN_STAKE, registerNode, served, type Served } from "../../test/support/fixtures.ts";
import { all, each, RIGHT, WRONG } from "../../test/support/jobs.ts";
import { time } from "../../test/support/network.ts";
import { serveCrowd } from "./crowd.ts";
import { figure, nth, type Figure, type Figures } from "./figures.ts";
import { agreedJob, drawnNodes, order, relayedJob, transactionsOf, unpacking } from "./jobs.ts";

const CROWD = 10_000;
const APPEAL = 2;
const APPEAL_SIZE = 15;
/** As in `local.json5`, seconds. */
const MARGIN_PERIOD = 20n;

/** What it costs to come in, to leave, and to serve. */
export async function accountFigures(): Promise<Figures> {
  const suite = await served(1);
  const { token, market, staking, deployer, requester, operators, version } = suite;
  const newcomer = nth(operators, 1);
  await token.connect(deployer).approve(market, parseEther("10"));
  const deposit = await market.connect(deployer).deposit(requester, parseEther("10"));
  await token.connect(deployer).transfer(requester, 1n);
  const withdraw = await market.connect(requester).withdraw(requester, parseEther("1"));

  const { owner, signer, node } = newcomer;
  await registerNode(suite, newcomer);
  await staking.connect(owner).authorise(node, market, OWN_STAKE);
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  const serve = await market.connect(signer).serve(node, version, OWN_STAKE, MAX_LOCK, endsAt);
  return {
    "market.deposit": await figure("By an allowance of as much, into a balance that is not empty.", deposit),
    "market.withdraw": await figure("A part of a balance, to a holder of OPG.", withdraw),
    "market.serve": await figure("A node's first version, which others serve already.", serve),
  };
}

/** What a job costs on which all agree, move by move and as a whole. */
export async function agreementFigures(): Promise<Figures> {
  const settled = "All agree; by a stranger, after the last reveal.";
  const seven = await served(7);
  const t7 = await agreedJob(seven, seven.nodes, "settle");
  const settleT7 = await figure(settled, t7.end);

  const three = await served(3); // on the same chain, brought back to where the seven began
  const two = three.nodes.slice(0, 2);
  const t2 = await agreedJob(three, two, "settle");
  const t3 = await agreedJob(three, three.nodes, "settle");
  const whole2 = await agreedJob(three, two, "revealAndSettle");
  const whole3 = await agreedJob(three, three.nodes, "revealAndSettle");

  const each2 = await relayedJob(three, two, "each");
  const each3 = await relayedJob(three, three.nodes, "each");
  const packed2 = await relayedJob(three, two, "packed");
  const packed3 = await relayedJob(three, three.nodes, "packed");
  const unpacking3 = await unpacking(three, three.nodes);

  const first = await figure("", nth(t2.commits, 0));
  const next = await figure("", nth(t2.commits, 1));
  const opening = `The first of a job costs ${first.gas - next.gas} more: it records the seed and opens the round.`;
  const sealing = "All seals of a job, signed by its nodes and posted by a stranger; opens the round.";
  const ending = "All reveals of a job, and its settlement.";
  const packing = "The same seals, posted all or none: packed.";
  const whole = "Order, seals, reveals, settled by the last reveal; exactly t nodes sit, none for the first time.";
  return {
    "market.request": await figure("Input by a URI of 66 bytes; the model asks a royalty.", t2.request),
    "market.request.inline1k": await inlineRequest(three),
    "market.commit": { ...next, note: `Any seal of a job but the first. ${opening}` },
    "market.reveal.first": await figure("Writes the leading output.", nth(t2.reveals, 0)),
    "market.reveal.next": await figure("Agrees with the leading output.", nth(t2.reveals, 1)),
    "market.settle.t2": await figure(settled, t2.end),
    "market.settle.t3": await figure(settled, t3.end),
    "market.settle.t7": settleT7,
    "lifecycle.replicated.t2": await figure(whole, ...transactionsOf(whole2)),
    "lifecycle.replicated.t3": await figure(whole, ...transactionsOf(whole3)),
    "market.commitSigned.t2": await figure(packing, packed2.seals),
    "market.commitSigned.t3": await figure(packing, packed3.seals),
    "commitments.unpack.t3": await figure("An entry for each of them, by a stranger.", unpacking3),
    "relay.sealMany.t2": await figure(sealing, each2.seals),
    "relay.sealMany.t3": await figure(sealing, each3.seals),
    "relay.revealAndSettle.t2": await figure(ending, each2.end),
    "relay.revealAndSettle.t3": await figure(ending, each3.end),
    "relay.revealPackedAndSettle.t2": await figure("The same of a packed round.", packed2.end),
    "relay.revealPackedAndSettle.t3": await figure("The same of a packed round.", packed3.end),
    "lifecycle.replicated.t3.relayed": await figure(
      "Order, all seals packed, all reveals with the settlement: three transactions, otherwise as lifecycle.replicated.t3.",
      ...[packed3.request, packed3.seals, packed3.end],
    ),
  };
}

/** What a seal costs in a network of many nodes: the draw reads the sum of their stakes and no list of them. */
export async function crowdFigures(): Promise<Figures> {
  const suite = await served(0);
  const nodes = await serveCrowd(suite, CROWD);
  await time.increase(60);
  const { total } = await suite.market.weightsAt(nth(nodes, 0).node, suite.version, await time.latest());
  if (total !== BigInt(CROWD) * OWN_STAKE) throw new Error("Not all of the crowd serve");
  const { job } = await order(suite);
  const drawn = await drawnNodes(job, nodes, 2);
  await job.commit(nth(drawn, 0));
  const commit = await job.commit(nth(drawn, 1));
  const note = `As market.commit, where ${CROWD} nodes have registered and staked and serve the version.`;
  return { "market.commit.nodes10000": await figure(note, commit) };
}

/** What the two other ends of a job cost that somebody has to pay for. */
export async function otherEndFigures(): Promise<Figures> {
  const suite = await served(2 + APPEAL_SIZE);
  const { market, deployer } = suite;
  const { job } = await order(suite);
  await time.increase(60);
  const expire = await job.expire();

  const { rules } = await market.governed();
  await market
    .connect(deployer)
    .setRules(packRules({ ...unpackRules(rules), appealSize: BigInt(APPEAL_SIZE) }), MARGIN_PERIOD);
  await appealedJob(suite);
  const settle = await appealedJob(suite);
  return {
    "market.expire": await figure("Nobody has sealed; the requester gets all back.", expire),
    "market.settle.appeal15": await figure(
      "Two first answers that differ, 15 seats of an appeal that agree: 17 seats, one of them slashed.",
      settle,
    ),
  };
}

async function inlineRequest(suite: Served): Promise<Figure> {
  const tensors = [bytesTensor(new Uint8Array(1_024).fill(0xa5))];
  const { request } = await order(suite, { inputRoot: payloadRoot(tensors) }, encodePayload(tensors));
  return figure("Input in place: one tensor of 1,024 bytes, none of them zero.", request);
}

/** Runs a job whose first two answers differ, up to the settlement of its appeal. */
async function appealedJob(suite: Served): Promise<ContractTransactionResponse> {
  const { nodes } = suite;
  const { job } = await order(suite, { collateralFactor: 2 * APPEAL_SIZE + 2 });
  const drawn = await drawnNodes(job, nodes, 2);
  const fresh = nodes.filter((node) => !drawn.includes(node));
  await job.answer(each(drawn, [RIGHT, WRONG]));
  await job.beginNext(drawn);
  await job.answer(all(fresh), APPEAL);
  return job.settle(drawn, fresh);
}
