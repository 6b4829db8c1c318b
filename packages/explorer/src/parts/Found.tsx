import type { ReactNode } from "react";

import { useHistory } from "../history/useHistory.ts";
import { Empty } from "./Empty.tsx";
import { Failure } from "./Failure.tsx";
import { ForeignText } from "./ForeignText.tsx";
import { Loading } from "./Loading.tsx";
import { Page } from "./Page.tsx";

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
          This deployment has no {what} <ForeignText text={id} max={80} />. Check the link, or the network you look at.
        </Empty>
      ) : error !== undefined ? (
        <Failure error={error} />
      ) : (
        <Loading what={`the ${what}`} />
      )}
    </Page>
  );
}
