import type { TracedRun } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { ForeignBlock } from "../../parts/ForeignBlock.tsx";
import { byteText, type Completion, tokensOf, windowText } from "../../verify/completion.ts";

interface Props {
  readonly completion: Completion;
  readonly run: TracedRun;
  /** Undefined where the element is about none alone. */
  readonly token: number | undefined;
}

/** The token of a text that a contested element is about. */
export function Token({ completion, run, token }: Props): ReactNode {
  if (token === undefined) return undefined;
  const tokens = tokensOf(completion, run.inputs, run.shown);
  return (
    <>
      <p>
        Token {token} of 0 to {completion.length - 1} is the byte {byteText(tokens[token] ?? 0)}. Up to there the model
        reads:
      </p>
      <ForeignBlock text={windowText({ data: tokens.subarray(0, token + 1) })} />
    </>
  );
}
