import type { ReactNode } from "react";

import { visibleText } from "./foreign.ts";

interface Props {
  readonly text: string;
  /** Most characters. */
  readonly max?: number;
}

/** Text of somebody else: only ever text, with what is invisible or turns the direction of writing made visible. */
export function ForeignText({ text, max = 200 }: Props): ReactNode {
  const shown = visibleText(text);
  return (
    <bdi className="foreign" title={shown.length > max ? shown : undefined}>
      {shown.length > max ? `${shown.slice(0, max)}…` : shown}
    </bdi>
  );
}
