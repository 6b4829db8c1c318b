import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { encodePayload, errorRoot, PayloadError, payloadRoot, type Tensor } from "@opg-protocol/sdk";
import { hexlify, id, sha256, ZeroHash } from "ethers";

import { verifyJob } from "../../src/verify/job.ts";
import { RunRefusedError } from "../../src/verify/ortRuntime.ts";
import type { Report, Step } from "../../src/verify/steps.ts";
import {
  agreedJob,
  ARTIFACT,
  ARTIFACT_URI,
  type Differences,
  digitsJob,
  flipped,
  HONEST,
  LOGITS,
  NODE_URL,
  PICTURE,
  runModel,
  SIGNER,
  STRANGER,
  toolsOf,
} from "./support/digits.ts";
import { ALL, findings, texts } from "./support/findings.ts";

const ROOT = payloadRoot([LOGITS]);
const UNNAMED = { profile: ZeroHash, graphRoot: ZeroHash };
/** A file that the profile does not take. */
const FLOAT_FILE = new TextEncoder().encode("a model of floats");
const FLOATS: Differences = {
  identity: { ...UNNAMED, artifactDigest: sha256(FLOAT_FILE), artifactSize: BigInt(FLOAT_FILE.length) },
};
const FLOAT_PLACES = { ...HONEST, [ARTIFACT_URI]: FLOAT_FILE };

/** Checks the job of the digits in a world that differs from the honest one. */
async function check(
  differences: Differences = {},
  more: Partial<Omit<Parameters<typeof verifyJob>[0], "client" | "jobId">> & {
    readonly places?: Readonly<Record<string, Uint8Array>>;
  } = {},
): Promise<Report> {
  const { rpc, jobId } = await digitsJob(differences);
  const { places, ...rest } = more;
  return verifyJob({ ...(await toolsOf(rpc, places)), jobId, ...rest });
}

describe("verifyJob, of an honest answer", () => {
  it("checks all from the order to the last number of the trace, and counts", async () => {
    const report = await check();
    assert.equal(texts(report).includes("could not be checked"), false, texts(report));
    assert.deepEqual(findings(report), ALL);
    assert.equal(report.verdict, "verified");
    assert.deepEqual(report.unchecked, []);
    assert.match(texts(report), /reference executor gives the stated output, bit for bit: 10 numbers/);
    assert.match(texts(report), /agree on all 3,?\d+ numbers of all \d+ tensors/);
  });

  it("tells of each step when it begins and when it ends", async () => {
    const seen: Step[] = [];
    await check({}, { onStep: (step) => seen.push(step) });
    const states = (id: string) => [...new Set(seen.filter((step) => step.id === id).map(({ state }) => state))];
    for (const step of ["chain", "input", "version", "artifact", "output", "graph", "reference", "runtime", "trace"])
      assert.deepEqual(states(step), ["running", "done"], step);
    assert.ok(seen.some((step) => step.id === "artifact" && step.progress === 1));
  });

  it("needs nobody to serve the output: what has its root is the output", async () => {
    const report = await check({}, { places: { [ARTIFACT_URI]: ARTIFACT } });
    const { output, ...rest } = findings(report);
    assert.equal(output, undefined);
    assert.deepEqual({ ...rest, output: "holds" }, ALL);
    assert.equal(report.verdict, "verified");
  });

  it("does not take the output of a node for more than it is", async () => {
    const places = { ...HONEST, [`${NODE_URL}/v1/outputs/${ROOT}`]: encodePayload([flipped(LOGITS)]) };
    const report = await check({}, { places });
    assert.equal(findings(report)["output"], undefined);
    assert.match(texts(report), /gives something else/);
  });

  it("takes the file from the user, whatever addresses serve", async () => {
    const report = await check({}, { places: {}, artifact: ARTIFACT });
    assert.equal(report.verdict, "verified");
  });

  it("checks an answer that is not final, and says so", async () => {
    const report = await check({ isOpen: true });
    assert.equal(report.verdict, "incomplete");
    const { signatures, ...rest } = findings(report);
    assert.equal(signatures, undefined);
    assert.deepEqual({ ...rest, signatures: "holds" }, { ...ALL, settlement: "untold" });
    assert.equal(report.unchecked.length, 1);
    assert.match(report.unchecked.join(), /not final: it can be disputed until/);
  });
});

describe("verifyJob, of what is wrong", () => {
  it("does not run a file with a changed byte", async () => {
    const changed = ARTIFACT.with(5_000, (ARTIFACT[5_000] ?? 0) ^ 1);
    let runs = 0;
    const count: typeof runModel = (...run) => {
      runs += 1;
      return runModel(...run);
    };
    for (const more of [{ places: { ...HONEST, [ARTIFACT_URI]: changed } }, { places: HONEST, artifact: changed }]) {
      const report = await check({}, { ...more, runModel: count });
      assert.equal(findings(report)["artifact"], "untold");
      assert.equal(report.verdict, "incomplete");
    }
    assert.equal(runs, 0);
  });

  it("refutes an output with one bit changed, and says how far off it is", async () => {
    const wrong = flipped(LOGITS, 5);
    const outputRoot = payloadRoot([wrong]);
    const places = { ...HONEST, [`${NODE_URL}/v1/outputs/${outputRoot}`]: encodePayload([wrong]) };
    const report = await check({ outputRoot }, { places });
    assert.deepEqual(findings(report), { ...ALL, reference: "fails", runtime: "fails" });
    assert.equal(report.verdict, "refuted");
    assert.match(texts(report), /1 of 10 numbers differ, by at most .* units in the last place/);
  });

  it("refutes it also where nobody serves its bytes", async () => {
    const report = await check({ outputRoot: id("something else") });
    assert.equal(report.verdict, "refuted");
    assert.match(texts(report), /how far apart they are is not known/);
  });

  it("finds that an order carries another input than it commits to", async () => {
    const report = await check({ carried: hexlify(encodePayload([flipped(PICTURE)])) });
    assert.equal(findings(report)["input"], "untold");
    assert.equal(report.verdict, "incomplete");
    assert.equal(findings(report)["reference"], undefined);
  });

  it("does not run another input than the order commits to, from wherever it comes", async () => {
    const uri = "https://inputs.example/picture";
    const carried = hexlify(new TextEncoder().encode(uri));
    const right = await check({ carried }, { places: { ...HONEST, [uri]: encodePayload([PICTURE]) } });
    assert.equal(right.verdict, "verified");
    const wrong = await check({ carried }, { places: { ...HONEST, [uri]: encodePayload([flipped(PICTURE)]) } });
    assert.equal(wrong.verdict, "incomplete");
    assert.equal(findings(wrong)["reference"], undefined);
    const nowhere = await check({ carried });
    assert.equal(findings(nowhere)["input"], "untold");
  });

  it("finds that somebody else has signed for the node", async () => {
    const report = await check({ signer: STRANGER });
    assert.equal(findings(report)["signatures"], "fails");
    assert.equal(report.verdict, "refuted");
    assert.match(texts(report), new RegExp(`whose signer was ${SIGNER.address}`));
  });

  it("finds that the registry's log tells of another file than the version's id does", async () => {
    const report = await check({ toldIdentity: { artifactDigest: id("another file") } });
    assert.equal(findings(report)["version"], "fails");
    assert.equal(findings(report)["artifact"], undefined);
    assert.equal(report.verdict, "refuted");
  });

  it("finds that a version commits to another graph than its file has", async () => {
    const report = await check({ identity: { graphRoot: id("another graph") } });
    assert.equal(findings(report)["graph"], "fails");
    assert.equal(report.verdict, "refuted");
  });

  it("does not blame the node for a runtime of this browser that computes otherwise", async () => {
    const faulty: typeof runModel = async (...run) => {
      const outputs = await runModel(...run);
      return new Map([...outputs].map(([name, tensor]) => [name, flipped(tensor)]));
    };
    const report = await check({}, { runModel: faulty });
    assert.deepEqual(findings(report), { ...ALL, runtime: "untold", trace: "untold" });
    assert.equal(report.verdict, "incomplete");
    assert.match(texts(report), /differ in \d+ of \d+ numbers in this browser/);
  });

  it("asks the next address where one serves another file", async () => {
    const uris = ["https://mirror.example/broken", ARTIFACT_URI];
    const places = { ...HONEST, "https://mirror.example/broken": ARTIFACT.with(5_000, 1) };
    assert.equal((await check({ uris }, { places })).verdict, "verified");
  });

  it("does not take an order for the job's that the RPC gives only the second time", async () => {
    const { rpc, jobId } = await digitsJob();
    const other = await digitsJob({ inputRoot: id("another input") });
    const [, order] = other.rpc.logs;
    const [, own] = rpc.logs;
    assert.ok(own !== undefined && order !== undefined);
    let asked = 0;
    rpc.onLogs = (logs) =>
      logs.map((log) => (log.data === own.data && (asked += 1) > 1 ? { ...log, data: order.data } : log));
    const report = await verifyJob({ ...(await toolsOf(rpc)), jobId });
    assert.match(texts(report), /which is another job/);
    assert.equal(report.verdict, "incomplete");
  });

  it("says that there is no such job", async () => {
    const { rpc } = await digitsJob();
    rpc.logs.length = 0;
    const report = await verifyJob({ ...(await toolsOf(rpc)), jobId: id("no job") });
    assert.equal(report.verdict, "incomplete");
    assert.match(texts(report), /There is no job/);
  });

  it("ends with the reason of its signal", async () => {
    const reason = new Error("stopped");
    await assert.rejects(check({}, { signal: AbortSignal.abort(reason) }), reason);
  });
});

describe("verifyJob, of a job that several nodes answered", () => {
  const checkAgreed = async (differences: Differences = {}): Promise<Report> => {
    const { rpc, jobId } = await agreedJob(differences);
    return verifyJob({ ...(await toolsOf(rpc)), jobId });
  };

  it("checks the same, with the seals of all nodes", async () => {
    const report = await checkAgreed();
    assert.deepEqual(findings(report), ALL);
    assert.equal(report.verdict, "verified");
    assert.match(texts(report), /2 nodes state this output; at least 2 must/);
  });

  it("refutes an output on which the nodes agree and that the model does not give", async () => {
    const report = await checkAgreed({ outputRoot: payloadRoot([flipped(LOGITS)]) });
    const { output, ...rest } = findings(report);
    assert.equal(output, undefined);
    assert.deepEqual({ ...rest, output: "holds" }, { ...ALL, reference: "fails", runtime: "fails" });
    assert.equal(report.verdict, "refuted");
  });

  it("finds seals that somebody else has signed", async () => {
    assert.equal(findings(await checkAgreed({ signer: STRANGER }))["signatures"], "fails");
  });

  it("says that a job has no result yet, and runs nothing", async () => {
    const { rpc, jobId } = await agreedJob();
    const settled = rpc.logs.findIndex(({ blockNumber }) => blockNumber === 6);
    rpc.logs.splice(settled, 1);
    const report = await verifyJob({ ...(await toolsOf(rpc)), jobId });
    assert.equal(report.verdict, "incomplete");
    assert.equal(findings(report)["settlement"], "untold");
    assert.equal(findings(report)["artifact"], undefined);
  });
});

describe("verifyJob, of a version without the profile", () => {
  it("is as exact where the file lies within the profile all the same", async () => {
    const report = await check({ identity: UNNAMED });
    const { graph, ...rest } = findings(report);
    assert.equal(graph, undefined);
    assert.deepEqual({ ...rest, graph: "holds" }, ALL);
    assert.equal(report.verdict, "verified");
    assert.match(texts(report), /no contract can judge it/);
  });

  /** A world in which a model of floats gives `given`, and the node has stated `LOGITS`. */
  const floats = (given: Tensor): Promise<Report> =>
    check(FLOATS, { places: FLOAT_PLACES, runModel: () => Promise.resolve(new Map([["logits", given]])) });

  it("is verified by equal bits", async () => {
    assert.equal((await floats(LOGITS)).verdict, "verified");
  });

  it("proves nothing by other bits, and says how far apart they are", async () => {
    const report = await floats(flipped(LOGITS));
    assert.equal(report.verdict, "incomplete");
    assert.equal(findings(report)["runtime"], "untold");
    assert.match(texts(report), /1 of 10 numbers differ, by at most \S+ \(1 units in the last place\)/);
    assert.match(texts(report), /neither agreement nor a fault/);
  });
});

describe("verifyJob, of a stated error", () => {
  const outputOf = (fault: PayloadError) => ({ outputRoot: errorRoot(fault) });

  it("refutes that an input is missing which the order carries, and agrees where it does not", async () => {
    assert.equal((await check(outputOf(PayloadError.InputMissing))).verdict, "refuted");
    const missing = { ...outputOf(PayloadError.InputMissing), carried: hexlify(encodePayload([flipped(PICTURE)])) };
    assert.equal((await check(missing)).verdict, "verified");
  });

  it("refutes that an input is malformed which fits, and agrees where it does not", async () => {
    assert.equal((await check(outputOf(PayloadError.InputMalformed))).verdict, "refuted");
    const flat = { ...PICTURE, shape: [64] };
    const malformed = { inputRoot: payloadRoot([flat]), carried: hexlify(encodePayload([flat])) };
    assert.equal((await check({ ...outputOf(PayloadError.InputMalformed), ...malformed })).verdict, "verified");
  });

  it("refutes that a model of the profile refuses what it runs on, whatever the runtime of this browser does", async () => {
    const refusing = () => Promise.reject(new RunRefusedError("invalid dimensions"));
    assert.equal((await check(outputOf(PayloadError.RefusedByModel), { runModel: refusing })).verdict, "refuted");
  });

  it("agrees that another model refuses an input only if the loaded model does so here", async () => {
    const given = { ...FLOATS, ...outputOf(PayloadError.RefusedByModel) };
    const run = async (error: Error) => check(given, { places: FLOAT_PLACES, runModel: () => Promise.reject(error) });
    assert.equal((await run(new RunRefusedError("invalid dimensions"))).verdict, "verified");
    assert.equal((await run(new Error("the runtime was not loaded"))).verdict, "incomplete");
  });
});
