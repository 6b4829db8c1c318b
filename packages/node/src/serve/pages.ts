import { RECEIPT_HEADER } from "@opg-protocol/sdk/session";
import { HEADER_LENGTH } from "@opg-protocol/sdk/oip";
import type { Hono } from "hono";
import { cors } from "hono/cors";

/** What is public: outputs, sessions, relays, and calls of models. Whether it lives is said to whoever watches over it. */
const PUBLIC = ["/v1/*", "/v2/*"];
/** What calls, and what pays for them, bring along. */
const REQUEST_HEADERS = ["content-type", HEADER_LENGTH, "opg-session", "opg-sequence", "opg-voucher"];
const ANSWER_HEADERS = [HEADER_LENGTH, RECEIPT_HEADER, "retry-after"];
/** Seconds for which a browser need not ask again; none remembers it for longer. */
const MAX_AGE = 7_200;

/**
 * Lets web pages of any origin call what is public. Nothing here depends on cookies or on who has logged in, so a page can do
 * nothing that its server could not do; that it runs on the operator's machine gives it no more (`FreeAdmission`).
 */
export function letPagesIn(app: Hono): void {
  const anyOrigin = cors({
    origin: "*",
    allowMethods: ["GET", "POST"],
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: ANSWER_HEADERS,
    maxAge: MAX_AGE,
  });
  for (const path of PUBLIC) app.use(path, anyOrigin);
}
