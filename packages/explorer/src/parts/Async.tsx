import type { ReactNode } from "react";

import type { Read } from "../network/useRead.ts";
import { Failure } from "./Failure.tsx";
import { Loading } from "./Loading.tsx";

interface Props<T> {
  readonly read: Read<T>;
  /** What is read, as it is said in “Loading …”. */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** What a read has come to: on its way, failed, or there. */
export function Async<T>({ read, what, children }: Props<T>): ReactNode {
  if (read.data !== undefined) return children(read.data);
  if (read.error !== null) return <Failure error={read.error} retry={read.refetch} />;
  return <Loading what={what} />;
}
