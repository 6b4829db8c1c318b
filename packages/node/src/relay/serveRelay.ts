import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import PQueue from "p-queue";
import { z } from "zod";

import type { Logger } from "../log.ts";
import type { Bringer } from "./Bringer.ts";
import type { Collector } from "./Collector.ts";
import { RefusedError } from "./errors.ts";
import { orderMessage, revealMessage, sealMessage } from "./messages.ts";

/** A seal or a reveal has less than 1,500 bytes. */
const MOST_BYTES = 4_096;
/** An order has its input with it. Networks pass on no transaction beyond 128 KiB, and hex has two digits for a byte. */
const MOST_ORDER_BYTES = 256 * 1_024;
/** Messages that are checked at the same time, and that may wait for it: each asks the chain. */
const MOST_CHECKS = 8;
const MOST_WAITING = 64;

/**
 * Takes what nodes and requesters hand in. What is wrong with it is said with a 4xx, and stays the sender's problem.
 * @param bringer Without it, no orders are brought.
 */
export function serveRelay(app: Hono, collector: Collector, bringer: Bringer | undefined, log: Logger): void {
  const queue = new PQueue({ concurrency: MOST_CHECKS });
  const limit = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (c) => c.json({ error: "The message is too long." }, 413) });
  /** @param act Gives what is answered, if there is anything to say. */
  const take = async <T>(c: Context, form: z.ZodType<T>, act: (message: T) => Promise<object | undefined>) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const message = form.safeParse(body);
    if (!message.success) return c.json({ error: z.prettifyError(message.error) }, 400);
    if (queue.size >= MOST_WAITING) return c.json({ error: "Too many messages wait." }, 503);
    try {
      const answer = await queue.add(() => act(message.data));
      return answer === undefined ? c.body(null, 202) : c.json(answer, 202);
    } catch (error) {
      if (error instanceof RefusedError) return c.json({ error: error.message }, error.status);
      log.warn({ path: c.req.path, error: String(error) }, "could not take a message");
      return c.json({ error: "This relayer cannot take it now; its log says why." }, 503);
    }
  };
  const short = limit(MOST_BYTES);
  app.post("/v1/seals", short, (c) => take(c, sealMessage, (message) => silently(collector.takeSeal(message))));
  app.post("/v1/reveals", short, (c) => take(c, revealMessage, (message) => silently(collector.takeReveal(message))));
  if (bringer === undefined) {
    app.post("/v1/orders", (c) => c.json({ error: "This relayer brings no orders." }, 404));
    return;
  }
  app.post("/v1/orders", limit(MOST_ORDER_BYTES), (c) =>
    take(c, orderMessage, async (message) => ({ transaction: await bringer.bring(message) })),
  );
}

const silently = async (taken: Promise<void>): Promise<undefined> => {
  await taken;
};
