/**
 * The third part of `npm run bench:referee`: whole disputes on a simulated chain, about the largest tensor of a network of
 * MobileNetV2's layers and about that of a large language model. Adds their gas to bench/referee.json, which the other parts have
 * written.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { mobileNet } from "../packages/sdk/test/onnx/support/networks.ts";
import { disputable, TestStatement } from "../test/support/disputes.ts";
import { loadFixture } from "../test/support/network.ts";
import { ONNX } from "../test/support/onnxGame.ts";
import { gameOfFile } from "../test/support/onnxModels.ts";
import { figure } from "./bench/figures.ts";
import { disputeLargeCompletion } from "./bench/largeCompletion.ts";
import { largestTensorOf } from "./bench/largest.ts";

const FILE = "bench/referee.json";

/** What the parts before have written. */
interface Report {
  readonly language: Readonly<Record<string, unknown>>;
}

const SIDE = 224;

const suite = await loadFixture(disputable);
const model = gameOfFile(mobileNet(SIDE));
const largest = largestTensorOf(model.program);
const { step, word } = largest;
const last = { step: model.program.steps.length - 2, word: 0 };
const statement = await TestStatement.of(suite, model, model.run, [{ step, word }, last], { profile: ONNX });

const { disputes, challenger, requester } = suite;
const trace = statement.trace();
const opening = await statement.send(challenger, trace);
const game = await statement.found(opening, challenger, trace);
const respond = await game.respond();
const chunk = statement.stated.nodes(step).findIndex((node, i) => node !== trace.nodes(step)[i]);
const pick = await game.pick(chunk);
const reveal = await game.reveal(chunk);
const c = model.caseAgainst(statement.stated, trace, step, word, 0);
const judge = await disputes
  .connect(requester)
  .judge(game.struct, game.answer().depth, c as Parameters<typeof disputes.judge>[2]);

const moves = { challenge: opening, respond, pick, reveal, judge };
const gas: Record<string, number> = {};
for (const [move, transaction] of Object.entries(moves)) gas[move] = (await figure("", transaction)).gas;
const whole = Object.values(gas).reduce((sum, each) => sum + each, 0);
const dispute = { ...largest, gas: { ...gas, whole } };

const report = JSON.parse(readFileSync(FILE, "utf8")) as Report;
const language = { ...report.language, dispute: await disputeLargeCompletion() };
writeFileSync(FILE, `${JSON.stringify({ ...report, dispute, language }, null, 2)}\n`);
console.table(dispute.gas);
console.table(language.dispute.gas);
