import { id, parseEther } from "ethers";

import {
  DETAILS,
  IDENTITY,
  LOCK_PERIOD,
  MAX_LOCK,
  OWN_STAKE,
  registerNode,
  released,
  ROYALTY,
  signConsent,
} from "../../test/support/fixtures.ts";
import { time } from "../../test/support/network.ts";
import { figure, nth, type Figures } from "./figures.ts";

/** What holders of OPG and owners of models pay for. */
export async function registryFigures(): Promise<Figures> {
  const { token, registry, deployer, publisher, model } = await released();
  await token.connect(deployer).transfer(publisher, parseEther("1"));
  const transfer = await token.connect(deployer).transfer(publisher, parseEther("1"));
  const registration = await registry.connect(publisher).registerModel("letters", ROYALTY, false);
  const identity = { ...IDENTITY, profile: id("profile"), graphRoot: id("graph") };
  const release = await registry.connect(publisher).release(model, identity, { ...DETAILS, minor: 1 });
  return {
    "token.transfer": await figure("Between holders who have delegated no votes.", transfer),
    "registry.registerModel": await figure("A publisher's second model, with a royalty.", registration),
    "registry.release": await figure("A model's second version: one input, one output, one place.", release),
  };
}

/** What nodes and delegators pay for stake, and what a slash costs whoever asks for it. */
export async function stakingFigures(): Promise<Figures> {
  const suite = await released();
  const { token, staking, deployer, delegator, stranger, operators } = suite;
  const [first, other] = [nth(operators, 0), nth(operators, 1)];
  const { owner, node } = first;
  await registerNode(suite, first);
  for (const account of [other.owner, delegator]) {
    await token.connect(deployer).transfer(account, 2n * OWN_STAKE);
    await token.connect(account).approve(staking, 2n * OWN_STAKE);
  }

  const consent = await signConsent(suite, other.node, other);
  const register = await staking
    .connect(other.owner)
    .register(OWN_STAKE, other.signer, consent, 1_000n, "https://node.example");

  await staking.connect(delegator).delegate(node, OWN_STAKE / 2n, 0n);
  await time.increase(60);
  const delegate = await staking.connect(delegator).delegate(node, OWN_STAKE / 2n, 0n);

  await time.increase(60);
  const thaw = await staking.connect(owner).thaw(node, OWN_STAKE / 10n);

  // Any account that a node authorises is a consumer, as the market is one.
  const endsAt = BigInt(await time.latest()) + LOCK_PERIOD;
  await token.connect(deployer).transfer(stranger, 1n);
  await staking.connect(owner).authorise(node, stranger, MAX_LOCK);
  await staking.connect(stranger).lock(node, id("obligation"), MAX_LOCK, endsAt);
  await time.increase(60);
  const slash = await staking
    .connect(stranger)
    .slash(node, id("obligation"), parseEther("8"), parseEther("3"), parseEther("1"));

  return {
    "staking.register": await figure("With the stake and the signer's consent.", register),
    "staking.delegate": await figure("A delegator's second delegation to a node.", delegate),
    "staking.thaw": await figure("A node's first thaw, of a tenth of its own stake.", thaw),
    "staking.slash": await figure(
      "A transaction of its own, sent by an account as consumer, so with 21,000 and calldata that a settlement pays " +
        "once: own stake, bonded and thawing, half of it paid out and half burned.",
      slash,
    ),
  };
}
