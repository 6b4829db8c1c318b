import { id, ZeroAddress, ZeroHash } from "ethers";

import * as chain from "../src/actions/chain/index.ts";
import { encodeOrder } from "../src/codecs/encodedOrder.ts";
import { packOptimisticOrder } from "../src/codecs/optimisticJob.ts";
import { type Case, checkCalls, encodes } from "./callCases.ts";
import { ADDRESSES, addressOf } from "./support.ts";

const owner = addressOf("owner");
const named = packOptimisticOrder({
  requester: owner,
  versionId: id("version"),
  inputRoot: ZeroHash,
  price: 10n ** 12n,
  answerPeriod: 5,
  windowPeriod: 6,
});
const parameters = { reward: 3n, mostCost: 9n, source: "optimistic", first: id("job"), expiresAt: 77 } as const;
const prepared = chain.prepareLink({ addresses: ADDRESSES }, owner, { ...parameters, order: named });
const fields = Object.values(prepared.link);
const order = encodeOrder(named);
const followed = { packed: prepared.link, order: named, input: "0x1234" };
const [root, roundId, node] = [id("output"), id("round"), addressOf("node")];

const cases: readonly Case[] = [
  encodes(chain.createLink, prepared, "jobChain", "create", [fields, order]),
  encodes(chain.followLink, { ...followed, output: { root, roundId, node } }, "jobChain", "follow", [
    fields,
    [root, roundId, node],
    order,
    "0x1234",
  ]),
  encodes(chain.followLink, { ...followed, output: { root } }, "jobChain", "follow", [
    fields,
    [root, ZeroHash, ZeroAddress],
    order,
    "0x1234",
  ]),
  encodes(chain.cancelLink, { link: prepared.link }, "jobChain", "cancel", [fields]),
];

checkCalls(["jobChain"], cases, {});
