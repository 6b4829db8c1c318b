import { readSessionText, SessionFormatError, writeConsent, writeReceipt } from "@opg-protocol/sdk/session";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { type Consents, SessionRefusedError } from "./Consents.ts";
import type { SessionBook } from "./SessionBook.ts";

/** Bytes of a session as somebody asks for it. */
const MOST_BYTES = 4_096;

/** What a node says about sessions, beside the Open Inference Protocol. */
export function sessionRoutes(node: string, consents: Consents, book: SessionBook): Hono {
  const app = new Hono();
  app.get("/offers/:version", (c) => {
    const versionId = c.req.param("version").toLowerCase();
    const offer = consents.offer(versionId);
    if (offer === undefined) return c.json({ error: "This node takes no calls of that version." }, 404);
    const { callPrice, mostCollateral } = offer;
    return c.json({ node, versionId, callPrice: String(callPrice), mostCollateral: String(mostCollateral) });
  });
  app.post("/sessions", bodyLimit({ maxSize: MOST_BYTES }), async (c) => {
    const consent = await consents.consent(readSessionText(await c.req.text()));
    return c.body(writeConsent(consent), 200, { "content-type": "application/json" });
  });
  app.get("/sessions/:session/receipts/:sequence", (c) => {
    const sequence = /^[0-9]{1,18}$/.test(c.req.param("sequence")) ? BigInt(c.req.param("sequence")) : 0n;
    const receipt = book.receipt(c.req.param("session").toLowerCase(), sequence);
    if (receipt === undefined) return c.json({ error: "This node has served no such call." }, 404);
    return c.body(writeReceipt(receipt), 200, { "content-type": "application/json" });
  });
  app.onError((error, c) => {
    if (error instanceof SessionFormatError) return c.json({ error: error.message }, 400);
    if (error instanceof SessionRefusedError) return c.json({ error: error.reason }, 422);
    return c.json({ error: "The node could not decide." }, 500);
  });
  return app;
}
