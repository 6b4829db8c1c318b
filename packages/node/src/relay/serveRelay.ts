import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import PQueue from "p-queue";
import { z } from "zod";

import { type Collector, RefusedError } from "./Collector.ts";
import { revealMessage, sealMessage } from "./messages.ts";

/** A message has less than 1,500 bytes. */
const MOST_BYTES = 4_096;
/** Messages that are checked at the same time, and that may wait for it: each asks the chain. */
const MOST_CHECKS = 8;
const MOST_WAITING = 64;

/** Takes what nodes hand in. What is wrong with it is said with a 4xx, and stays the sender's problem. */
export function serveRelay(app: Hono, collector: Collector): void {
  const queue = new PQueue({ concurrency: MOST_CHECKS });
  const limit = bodyLimit({ maxSize: MOST_BYTES, onError: (c) => c.json({ error: "The message is too long." }, 413) });
  const take = async <T>(c: Context, form: z.ZodType<T>, collect: (message: T) => Promise<void>) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const message = form.safeParse(body);
    if (!message.success) return c.json({ error: z.prettifyError(message.error) }, 400);
    if (queue.size >= MOST_WAITING) return c.json({ error: "Too many messages wait." }, 503);
    try {
      await queue.add(() => collect(message.data));
      return c.body(null, 202);
    } catch (error) {
      if (error instanceof RefusedError) return c.json({ error: error.message }, error.status);
      return c.json({ error: "The chain cannot be asked now." }, 503);
    }
  };
  app.post("/v1/seals", limit, (c) => take(c, sealMessage, (message) => collector.takeSeal(message)));
  app.post("/v1/reveals", limit, (c) => take(c, revealMessage, (message) => collector.takeReveal(message)));
}
