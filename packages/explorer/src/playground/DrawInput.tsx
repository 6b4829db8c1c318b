import type { Tensor, TensorSpec } from "@opg-protocol/sdk";
import { type ReactNode, useState } from "react";

import { digitOf } from "./digit.ts";
import DigitPad from "./DigitPad.tsx";
import { digitTensor } from "./inputKind.ts";
import { emptySketch, greyOfSketch, isBlank, type Sketch } from "./sketch.ts";

interface Props {
  readonly spec: TensorSpec;
  readonly onTensor: (tensor: Tensor | undefined) => void;
}

/** A digit that the user draws. */
export default function DrawInput({ spec, onTensor }: Props): ReactNode {
  const [sketch, setSketch] = useState(emptySketch);
  const change = (drawn: Sketch) => {
    setSketch(drawn);
    onTensor(isBlank(drawn) ? undefined : digitTensor(spec, digitOf(greyOfSketch(drawn))));
  };
  return <DigitPad label="Draw one digit, 0 to 9" sketch={sketch} onChange={change} />;
}
