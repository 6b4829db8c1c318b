import type { ReactNode } from "react";

import { ForeignText } from "./ForeignText.tsx";

/** Most characters of a line. */
const LONGEST = 20_000;

/** A text of somebody else with its lines, apart from what the page says. */
export function ForeignBlock({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className="foreign-block" tabIndex={0}>
      {text.split("\n").map((line, index) => (
        <div key={index}>
          <ForeignText text={line} max={LONGEST} />
        </div>
      ))}
    </pre>
  );
}
