import { Hono } from "hono";
import { cors } from "hono/cors";
import { and, asc, gte, lte } from "ponder";
import { db } from "ponder:api";
import { head, log } from "ponder:schema";

import { deployment } from "../../deployment.ts";

/** Rows of one answer, at most. */
const MOST = 1_000;

const app = new Hono();
app.use(cors({ origin: "*", allowMethods: ["GET"] }));

/** The whole number that a query names. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

app.get("/logs", async (c) => {
  if (wholeNumber(c.req.query("chainId")) !== deployment.chainId) {
    return c.json({ error: `chainId must be ${deployment.chainId}` }, 404);
  }
  const from = wholeNumber(c.req.query("from"));
  const limit = wholeNumber(c.req.query("limit") ?? String(MOST));
  if (from === undefined || limit === undefined || limit === 0) {
    return c.json({ error: "from and limit must be whole numbers" }, 400);
  }
  const [newest] = await db.select().from(head);
  if (newest === undefined) return c.json({ error: "nothing is indexed yet" }, 503);
  const rows = await db
    .select()
    .from(log)
    .where(and(gte(log.blockNumber, from), lte(log.blockNumber, newest.number)))
    .orderBy(asc(log.blockNumber), asc(log.logIndex))
    .limit(Math.min(limit, MOST));
  const logs = rows.map(({ id: _, topics, ...row }) => ({ ...row, topics: JSON.parse(topics) as unknown }));
  return c.json({ logs, head: { number: newest.number, hash: newest.hash } });
});

export default app;
