import { id, keccak256, ZeroHash } from "ethers";

import * as scheduler from "../src/actions/scheduler/index.ts";
import { encodeOrder } from "../src/codecs/encodedOrder.ts";
import { packOrder } from "../src/codecs/job.ts";
import { packOptimisticOrder } from "../src/codecs/optimisticJob.ts";
import { packSchedule } from "../src/codecs/schedule.ts";
import { packSchedulerRules } from "../src/codecs/schedulerRules.ts";
import { type Case, checkCalls, encodes } from "./callCases.ts";
import { addressOf } from "./support.ts";

const owner = addressOf("owner");
const drawn = packOrder({
  requester: owner,
  versionId: id("version"),
  inputRoot: id("input"),
  seatPrice: 1n,
  quorum: 2,
  collateralFactor: 8,
  sealPeriod: 5,
});
const named = packOptimisticOrder({
  requester: owner,
  versionId: id("version"),
  inputRoot: ZeroHash,
  price: 10n ** 12n,
  answerPeriod: 5,
  windowPeriod: 6,
});
const terms = { owner, mostReward: 3n, mostCost: 9n, startAt: 7, interval: 60 };
const schedule = packSchedule(terms, drawn, "0x1234");
const successor = packSchedule({ ...terms, source: addressOf("source"), sourceGas: 5_000 }, named, "0x");
const fields = Object.values(schedule);
const order = encodeOrder(drawn);
const rules = { leastInterval: 60n, keeperFloorBps: 5_000n, keeperCapBps: 50_000n, keeperRampPeriod: 30n };

const cases: readonly Case[] = [
  encodes(scheduler.createSchedule, { schedule, order, input: "0x1234", budget: 11n }, "scheduler", "create", [
    fields,
    order,
    "0x1234",
    11n,
  ]),
  encodes(
    scheduler.changeSchedule,
    { replaced: schedule, schedule: successor, order: encodeOrder(named), input: "0x" },
    "scheduler",
    "change",
    [fields, [...Object.values(successor).slice(0, 4), keccak256("0x")], encodeOrder(named), "0x"],
  ),
  encodes(scheduler.triggerSchedule, { packed: schedule, order: drawn, input: "0x1234" }, "scheduler", "trigger", [
    fields,
    order,
    "0x1234",
  ]),
  encodes(scheduler.topUpSchedule, { schedule, amount: 5n }, "scheduler", "topUp", [fields, 5n]),
  encodes(scheduler.pauseSchedule, { schedule }, "scheduler", "setPaused", [fields, true]),
  encodes(scheduler.resumeSchedule, { schedule }, "scheduler", "setPaused", [fields, false]),
  encodes(scheduler.cancelSchedule, { schedule }, "scheduler", "cancel", [fields]),
  encodes(scheduler.setSchedulerRules, { rules }, "scheduler", "setRules", [packSchedulerRules(rules)]),
];

checkCalls(["scheduler"], cases, { scheduler: ["setAuthority"] });
