import type { ReactNode } from "react";
import { Link } from "wouter";

import { useNetwork } from "../network/context.tsx";
import { ForeignText } from "../parts/ForeignText.tsx";
import { to } from "../routes.ts";
import { timeText } from "./StepList.tsx";
import type { Report } from "./steps.ts";
import { verdictLook } from "./verdictText.ts";

interface Props {
  readonly report: Report;
  /** Whether the check is to compute a result again. */
  readonly isResult: boolean;
}

/** What a check has come to, what it leaves open, and who is believed for what. */
export function VerdictNote({ report, isResult }: Props): ReactNode {
  const { verdict, unchecked, ms } = report;
  const { tone, title, text } = verdictLook(verdict, isResult);
  return (
    <div className={`note ${tone}`}>
      <p>
        <strong>{title}.</strong> {text}
      </p>
      {unchecked.length > 0 && (
        <>
          {verdict === "refuted" && <p>Besides, this could not be told:</p>}
          <ul>
            {unchecked.map((sentence, i) => (
              <li key={i}>
                <ForeignText text={sentence} max={700} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Believed ms={ms} />
    </div>
  );
}

/** Hashes, signatures and runs are this browser's own work; what contracts keep in storage is not. */
function Believed({ ms }: { readonly ms: number }): ReactNode {
  const { config } = useNetwork();
  return (
    <p className="muted">
      Checked by this browser alone in {timeText(ms)}. Believed: what contracts keep in storage and which events there
      are, as <code>{URL.parse(config.rpcUrl)?.host ?? config.rpcUrl}</code> tells it;{" "}
      <Link href={to.network()}>choose an RPC</Link> that you trust.
    </p>
  );
}
