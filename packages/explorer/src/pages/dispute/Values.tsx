import type { DisputedElement, ExplainedNumber } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

/** Digits of a real number: what a float32 holds. */
const DIGITS = 6;

/** What the node claims of an element, and what is right. */
export function Values({ element: { claimed, right, isProven } }: { readonly element: DisputedElement }): ReactNode {
  return (
    <>
      <dl className="two-values">
        <div>
          <dt>The node claims</dt>
          <dd className="claimed">
            <Value number={claimed} />
          </dd>
        </div>
        {right !== undefined && (
          <div>
            <dt>Right is</dt>
            <dd className="right">
              <Value number={right} />
            </dd>
          </div>
        )}
      </dl>
      <p className="muted">
        {isProven
          ? "The referee has computed this element on chain."
          : "So this browser computes; no referee has judged it yet."}
      </p>
    </>
  );
}

function Value({ number: { stored, real } }: { readonly number: ExplainedNumber }): ReactNode {
  const isScaled = real !== undefined && real !== stored;
  return (
    <>
      {stored.toString()}
      {isScaled && <small>stands for {Number(real.toPrecision(DIGITS))}</small>}
    </>
  );
}
