import type { ReactNode } from "react";

/** There is nothing to show, and why. */
export function Empty({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="note">{children}</p>;
}
