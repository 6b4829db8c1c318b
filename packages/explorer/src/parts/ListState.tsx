import type { ReactNode } from "react";

import { useHistory } from "../history/useHistory.ts";
import { Failure } from "./Failure.tsx";
import { Loading } from "./Loading.tsx";

interface Props {
  readonly count: number;
  /** What is listed, such as `models`. */
  readonly what: string;
  /** The list, or what stands in its place where there is nothing. */
  readonly children: ReactNode;
}

/** A list out of the history: while that is still read, an empty one says nothing. */
export function ListState({ count, what, children }: Props): ReactNode {
  const { isComplete, error } = useHistory();
  if (count > 0 || isComplete) return children;
  return error !== undefined ? <Failure error={error} /> : <Loading what={what} />;
}
