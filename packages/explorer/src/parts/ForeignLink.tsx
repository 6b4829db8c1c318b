import type { ReactNode } from "react";

import { followable } from "./foreign.ts";
import { ForeignText } from "./ForeignText.tsx";

/** An address that somebody else has given: a link if it is https, else text. */
export function ForeignLink({ uri }: { readonly uri: string }): ReactNode {
  const url = followable(uri);
  const text = <ForeignText text={uri} />;
  if (url === undefined) return text;
  return (
    <a href={url} target="_blank" rel="noreferrer nofollow">
      {text}
    </a>
  );
}
