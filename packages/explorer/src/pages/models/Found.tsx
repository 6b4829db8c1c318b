import type { ReactNode } from "react";

import { useHistory } from "../../history/useHistory.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Loading } from "../../parts/Loading.tsx";
import { Page } from "../../parts/Page.tsx";

interface Props<T> {
  readonly value: T | undefined;
  /** What is looked for, such as `model`. */
  readonly what: string;
  readonly id: string;
  readonly children: (value: T) => ReactNode;
}

/** A page about something that the history tells of: it may have to be read first, and may have never been there. */
export function Found<T>({ value, what, id, children }: Props<T>): ReactNode {
  const { isComplete, error } = useHistory();
  if (value !== undefined) return children(value);
  const title = what.charAt(0).toUpperCase() + what.slice(1);
  return (
    <Page title={title}>
      {isComplete ? (
        <Empty>
          This deployment has no {what} <code>{id.slice(0, 80)}</code>. Check the address, or the network you look at.
        </Empty>
      ) : error !== undefined ? (
        <Failure error={error} />
      ) : (
        <Loading what={`the ${what}`} />
      )}
    </Page>
  );
}
