/** The fourth job of the demonstration: a text comes as it is written and is checked here, and one wrong byte costs its node all. */
import { readFileSync } from "node:fs";

import { DisputeState, getGame, getVerdict, judge, pick, TracedRun, Verdict } from "@opg-protocol/sdk";
import {
  completionModel,
  type CompletionOrder,
  type CompletionVerdict,
  type StreamedCompletion,
  streamCompletion,
  verifyCompletion,
} from "@opg-protocol/sdk/completions";
import { compile, Executor, INTEGER_PROFILE } from "@opg-protocol/sdk/onnx";
import { openSession, type SessionClient } from "@opg-protocol/sdk/session";
import { type JsonRpcProvider, parseEther } from "ethers";
import pc from "picocolors";

import { catchUp, eventually } from "../chain.ts";
import { movesSince } from "../dispute/moves.ts";
import { during, say, show, stage } from "../say.ts";
import { roles } from "../roles.ts";
import { challengeReceipt, perform, type Venue, takeCollateral } from "../session/perform.ts";
import type { SessionCast, SessionNode } from "../session/setup.ts";
import { ARTIFACT, publishVerses } from "./model.ts";
import { type ChatFigures, drawChat, drawChatMoves, named, printable } from "./report.ts";

export interface ChatDemoOptions extends Venue {
  /** What is continued. */
  readonly prompt: string;
}

const COLLATERAL = parseEther("20");
const DEPOSIT = parseEther("1");

export const runChat = ({ prompt, ...venue }: ChatDemoOptions): Promise<void> =>
  perform(venue, {
    title: "OPG Protocol: a language model that anyone can check, byte by byte",
    preparing: "Release a language model, and start two nodes; one of them will lie in one byte",
    subject: (folder) => ({ publish: (publisher) => publishVerses(publisher, { folder }), lieAt: 1 }),
    tell: (cast, provider, daemons) => daemons.until(tell(cast, provider, { prompt })),
    show: (figures) => {
      show("Gas of each move, and when it came", drawChatMoves(figures));
      show("What it took, and who paid", drawChat(figures));
    },
    end: 'Done. `npm start -- --chat "In the beginning"` takes yours; docs/completions.md explains it.',
  });

async function tell(cast: SessionCast, provider: JsonRpcProvider, order: CompletionOrder): Promise<ChatFigures> {
  const file = readFileSync(ARTIFACT);
  const model = completionModel(file);
  const honest = await ask(cast, cast.honest, order);
  const checked = await timed(() => verifyCompletion({ model, order, bytes: honest.completion.bytes }));
  if (!checked.result.isRight) throw new Error("The honest node has stated another text than the model's");
  say(pc.green(`The receipt is the node's, and one run of the model over the text says that it is right`));

  const lying = await ask(cast, cast.liar, order);
  const verdict = await verifyCompletion({ model, order, bytes: lying.completion.bytes });
  const wrong = wrongIn(verdict);
  say(
    pc.red(`The node says ${named(wrong.claimed)} at position ${wrong.position}: the model says ${named(wrong.right)}`),
  );
  const executor = new Executor(compile(file, INTEGER_PROFILE));
  const from = (await provider.getBlockNumber()) + 1;
  const punished = await dispute(cast, provider, lying, executor);
  const moves = await movesSince(cast.payer, from, await namesOf(cast));
  return {
    prompt: order.prompt,
    text: printable(honest.completion.bytes),
    lie: printable(lying.completion.bytes),
    streamMilliseconds: honest.milliseconds,
    checkMilliseconds: checked.milliseconds,
    wrong,
    moves,
    gas: moves.reduce((sum, { gas }) => sum + gas, 0n),
    ...punished,
  };
}

interface Asked {
  readonly session: SessionClient;
  readonly completion: StreamedCompletion;
  readonly milliseconds: number;
}

/** Opens a session and has a text written, which is shown as it comes. */
async function ask({ payer, versionId }: SessionCast, node: SessionNode, order: CompletionOrder): Promise<Asked> {
  const session = await during(`Open a session with the ${node.name}`, () =>
    openSession(payer, { versionId, url: node.url, deposit: DEPOSIT, collateral: COLLATERAL }),
  );
  say(`The ${node.name} continues the prompt:`);
  stage.output.write(`${pc.gray("│")}           ${pc.dim(order.prompt)}`);
  const { result: completion, milliseconds } = await timed(async () => {
    const stream = streamCompletion({ order, session });
    for (;;) {
      const part = await stream.next();
      if (part.done === true) return part.value;
      stage.output.write(pc.bold(printable(part.value)));
    }
  });
  stage.output.write("\n");
  return { session, completion, milliseconds };
}

async function timed<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly milliseconds: number }> {
  const begin = performance.now();
  const result = await act();
  return { result, milliseconds: performance.now() - begin };
}

function wrongIn(verdict: CompletionVerdict) {
  if (verdict.isRight) throw new Error("The lie was not found");
  return verdict.first;
}

/** Plays the game to its end, against the lying node's own daemon, and takes what answers for the session. */
async function dispute(
  cast: SessionCast,
  provider: JsonRpcProvider,
  { session, completion: { statement: receipt, inputs, outputs } }: Asked,
  executor: Executor,
) {
  const { payer } = cast;
  const run = new TracedRun(executor, inputs, outputs);
  await catchUp(provider);
  const { statement, gameId } = await challengeReceipt(cast, session, receipt, run);
  await during("The node lays down how it comes to its text; a contract computes one number of that again", () =>
    eventually(async () => {
      const { state } = (await getGame(payer, { gameId })).record;
      if (state === DisputeState.Answered) await pick(payer, { gameId, run });
      if (state === DisputeState.Shown) await judge(payer, { gameId, run });
      return (await getVerdict(payer, { statement })) === Verdict.False || undefined;
    }),
  );
  const { collateral, compensation, reward } = await takeCollateral(cast, provider, session, receipt, statement);
  return { collateral, compensation, reward };
}

/** What people call the accounts that move. */
async function namesOf({ payer, honest, liar }: SessionCast): Promise<ReadonlyMap<string, string>> {
  const [good, bad] = await Promise.all([honest, liar].map(({ node }) => payer.staking.signerOf(node)));
  return new Map([
    [roles.requester.address, "Payer"],
    [good?.signer ?? "", "Honest node"],
    [bad?.signer ?? "", "Lying node"],
  ]);
}
