import type { ReactNode } from "react";

import { type SessionStage, type SessionView, stageOf } from "../../entities/sessions.ts";
import { useNow } from "../../network/context.tsx";
import { Badge, type Tone } from "../../parts/Badge.tsx";

interface StageText {
  readonly tone: Tone;
  readonly text: string;
  /** What that means, and what comes next. */
  readonly meaning: string;
}

/** What each stage of a session is called. */
export const STAGE_TEXT: Readonly<Record<SessionStage, StageText>> = {
  open: { tone: "good", text: "open", meaning: "Takes calls; its vouchers can be redeemed." },
  closing: {
    tone: "wait",
    text: "closing",
    meaning: "The payer or its key has asked to close: the node can redeem what it holds until then.",
  },
  ended: {
    tone: "wait",
    text: "ended, not settled",
    meaning: "No voucher can be redeemed any more. Anyone can settle it: the rest then goes back to the payer.",
  },
  closed: {
    tone: "wait",
    text: "closed",
    meaning: "The rest has gone back to the payer. What was redeemed last, and the collateral, still wait.",
  },
  released: { tone: "plain", text: "released", meaning: "Final: the node was paid, and its collateral is free." },
  falsified: {
    tone: "bad",
    text: "falsified",
    meaning: "Final: the node has lied, and lost its collateral and what was not paid yet.",
  },
};

/** Where a session stands now. */
export function StageBadge({ session }: { readonly session: SessionView }): ReactNode {
  const { tone, text } = STAGE_TEXT[stageOf(session, useNow())];
  return <Badge tone={tone}>{text}</Badge>;
}
