import { type ReactNode, useState } from "react";

/** Milliseconds for which a button says what it did. */
const SAID = 1_500;

/** Two sheets, a tick, a cross: drawn, since fonts differ in which signs they have. */
const DRAWN = {
  ready: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  copied: "M3 8.5l3.5 3.5L13 4.5",
  failed: "M4 4l8 8M12 4l-8 8",
} as const;

interface Props {
  readonly value: string;
  /** What is copied, for screen readers. */
  readonly what: string;
}

/** Copies a value. */
export function CopyButton({ value, what }: Props): ReactNode {
  const [said, setSaid] = useState<"copied" | "failed">();
  const say = (outcome: "copied" | "failed") => {
    setSaid(outcome);
    setTimeout(() => {
      setSaid(undefined);
    }, SAID);
  };
  return (
    <button
      type="button"
      className="copy"
      aria-label={said === undefined ? `Copy ${what}` : `${what} ${said}`}
      title={said ?? `Copy ${what}`}
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => {
            say("copied");
          },
          () => {
            say("failed");
          },
        );
      }}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d={DRAWN[said ?? "ready"]} fill="none" stroke="currentColor" strokeWidth="1.5" />
      </svg>
    </button>
  );
}
