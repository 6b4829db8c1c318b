import { type Client, voucherSigner } from "@opg-protocol/sdk";
import {
  readReceiptQuestion,
  readSessionText,
  SessionFormatError,
  writeConsent,
  writeReceipt,
} from "@opg-protocol/sdk/session";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

import { CrowdedError } from "../door/errors.ts";
import { type Consents, SessionRefusedError } from "./Consents.ts";
import type { SessionBook } from "./SessionBook.ts";

/** Bytes of a session as somebody asks for it. */
const MOST_BYTES = 4_096;

export interface SessionRoutesModules {
  readonly client: Pick<Client, "chainId" | "addresses">;
  readonly consents: Consents;
  readonly book: SessionBook;
}

/** What a node says about sessions, beside the Open Inference Protocol. */
export function sessionRoutes(node: string, { client, consents, book }: SessionRoutesModules): Hono {
  const app = new Hono();
  app.get("/offers/:version", (c) => {
    const versionId = c.req.param("version").toLowerCase();
    const offer = consents.offer(versionId);
    if (offer === undefined) return c.json({ error: "This node takes no calls of that version." }, 404);
    const { callPrice, tokenPrice, mostCollateral } = offer;
    const ofTexts = tokenPrice !== undefined && { tokenPrice: String(tokenPrice) };
    return c.json({
      node,
      versionId,
      callPrice: String(callPrice),
      ...ofTexts,
      mostCollateral: String(mostCollateral),
    });
  });
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => c.json({ error: `A session has at most ${MOST_BYTES} bytes.` }, 413),
  });
  app.post("/sessions", limit, async (c) => {
    const consent = await consents.consent(readSessionText(await c.req.text()));
    return c.body(writeConsent(consent), 200, { "content-type": "application/json" });
  });
  // Ids of sessions are public, and roots of inputs can be guessed: only who holds the session's key is told.
  app.get("/receipts", (c) => {
    const question = readReceiptQuestion(c.req.raw.headers);
    const { sessionId } = question.voucher;
    const isOwn = voucherSigner(client, question.voucher) === book.find(sessionId)?.session.key;
    const receipt = isOwn ? book.receipt(sessionId, question.sequence) : undefined;
    if (receipt === undefined) return c.json({ error: "This node has served no such call to you." }, 404);
    return c.body(writeReceipt(receipt), 200, { "content-type": "application/json" });
  });
  app.onError((error, c) => {
    if (error instanceof SessionFormatError) return c.json({ error: error.message }, 400);
    if (error instanceof SessionRefusedError) return c.json({ error: error.reason }, 422);
    if (error instanceof CrowdedError) return c.json({ error: error.message }, 429, { "retry-after": "1" });
    return c.json({ error: "The node could not decide." }, 500);
  });
  return app;
}
