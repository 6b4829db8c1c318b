import type { Tensor, TensorSpec } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import TensorView from "./TensorView.tsx";

interface Props {
  readonly tensors: readonly Tensor[];
  /** What the version calls them. */
  readonly specs: readonly TensorSpec[] | undefined;
  /** Which tensor is the window of a text. */
  readonly window: number | undefined;
}

/** The tensors of an input or output. */
export default function Payload({ tensors, specs, window }: Props): ReactNode {
  return tensors.map((tensor, index) => (
    <TensorView key={index} tensor={tensor} name={specs?.[index]?.name} isWindow={index === window} />
  ));
}
