import { useState } from "react";

/** Whether something is so, or was since the page was opened: a form stays where it is and says what it has done. */
export function useOnceTrue(isSo: boolean): boolean {
  const [was, setWas] = useState(isSo);
  if (isSo && !was) setWas(true);
  return was || isSo;
}
