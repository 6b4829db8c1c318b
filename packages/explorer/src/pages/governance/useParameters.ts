import { useMemo } from "react";

import { parametersOf, type ParameterGroup } from "../../entities/parameters.ts";
import { useHistory } from "../../history/useHistory.ts";
import { type Read, useRead } from "../../network/useRead.ts";
import { readLimits } from "./limits.ts";

/** Every governed number inside its bounds: values from events, bounds from the code and what the deployment has fixed. */
export function useParameters(): Read<readonly ParameterGroup[]> {
  const { index } = useHistory();
  const limits = useRead(["limits"], readLimits, { once: true });
  const data = useMemo(
    () => (limits.data === undefined ? undefined : parametersOf(index, limits.data)),
    [index, limits.data],
  );
  return { ...limits, data };
}
