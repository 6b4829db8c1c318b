/** Whole disputes about a text of the language model of the examples, with those who lie about it. */
import type { TransactionResponse } from "ethers";

import type { Tensor } from "../../packages/sdk/src/codecs/tensor.ts";
import {
  challenge,
  DisputeState,
  getGame,
  judge,
  pick,
  respond,
  reveal,
  type Statement,
  TracedRun,
} from "../../packages/sdk/src/index.ts";
import { Executor } from "../../packages/sdk/src/onnx/index.ts";
import { answerOf, type Order, payloadOf, stepNamed, textAt, textOf, verses, WINDOW } from "./completions.ts";
import { ForgingExecutor } from "./forging.ts";
import { ethers } from "./network.ts";
import { type Players, state } from "./players.ts";

const PROMPT = "And God said";
/** What is asked for in all of these disputes. */
export const ORDER: Order = { prompt: PROMPT, limit: PROMPT.length + 8 };
/** Numbers of a row of the residual stream. */
const WIDTH = 128;

/** The step that makes the text, which is the last. */
export const LAST = verses.steps.length - 1;
/** The step that chooses a token for every position. */
export const CHOICE = stepNamed("choice/988");
export const honest = new Executor(verses);

/** A node that lies: what it was asked, what it states, how it would defend that, and the step at which it is found out. */
export interface Lie {
  readonly order: Order;
  readonly text: Tensor;
  readonly executor: Executor;
  readonly step: number;
}

/** Changes the last byte of the text, and says of the last step that it makes what was stated. */
export function changesByte(): Lie {
  const text = textAt(PROMPT, textOf(answerOf(honest, ORDER)).replace(/.$/, "?"));
  const executor = new ForgingExecutor(verses, (step, words) => {
    if (step === LAST) words.set(text.data);
  });
  return { order: ORDER, text, executor, step: LAST };
}

/** Changes a number of a layer, large enough to change what is said, and goes on from it. */
export function changesValue(): Lie {
  const step = stepNamed("2/feedForward/down/658");
  const executor = new ForgingExecutor(verses, (made, words) => {
    if (made === step) for (let row = 0; row < WINDOW; row += 1) words[row * WIDTH * 4 + 2] = 3;
  });
  return { order: ORDER, text: answerOf(executor, ORDER), executor, step };
}

/** Hands on what came before a layer as what comes behind it. */
export function skipsLayer(): Lie {
  const [before, step] = [stepNamed("1/feedForward/down/440"), stepNamed("2/feedForward/down/658")];
  const executor = new ForgingExecutor(verses, (made, words, earlier) => {
    if (made === step) words.set(earlier.get(before) ?? words);
  });
  return { order: ORDER, text: answerOf(executor, ORDER), executor, step };
}

/** Takes another seed than the order has, where the noise of that is read. */
export function takesOtherSeed(): Lie {
  const order = { ...ORDER, seed: 1, temperature: 256 };
  const other = { ...order, seed: 2 };
  const text = answerOf(honest, other);
  const executor = new ForgingExecutor(verses, (made, words) => {
    if (made === CHOICE) words.set(honest.words(payloadOf(other), CHOICE, [text]));
  });
  return { order, text, executor, step: CHOICE };
}

/** The node's statement that a text is the answer to an order. */
export const stated = (suite: Players, text: Tensor, order = ORDER): Promise<Statement> =>
  state(suite, { slug: "verses", program: verses, inputs: payloadOf(order), outputs: [text] });

/** Plays a game about a lie to its end. Gives every transaction of either side. */
export async function dispute(suite: Players, { order, text, executor }: Lie) {
  const { challenger, node } = suite.clients;
  const statement = await stated(suite, text, order);
  const truth = new TracedRun(honest, payloadOf(order), [text]);
  const lie = new TracedRun(executor, payloadOf(order), [text]);
  const before = await ethers.provider.getBlockNumber();
  const { gameId } = await challenge(challenger, { statement, run: truth, isSealed: false });
  await respond(node, { gameId, run: lie });
  if ((await getGame(challenger, { gameId })).record.state === DisputeState.Answered) {
    await pick(challenger, { gameId, run: truth });
    await reveal(node, { gameId, run: lie });
  }
  await judge(challenger, { gameId, run: truth });
  const { laid } = await getGame(challenger, { gameId });
  return { statement, lie, laid, transactions: await transactionsSince(before) };
}

async function transactionsSince(block: number): Promise<readonly TransactionResponse[]> {
  const transactions: TransactionResponse[] = [];
  for (let number = block + 1; number <= (await ethers.provider.getBlockNumber()); number += 1) {
    const mined = await ethers.provider.getBlock(number, true);
    transactions.push(...(mined?.prefetchedTransactions ?? []));
  }
  return transactions;
}
