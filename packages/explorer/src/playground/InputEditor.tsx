import type { Tensor, TensorSpec } from "@opg-protocol/sdk";
import { type ReactNode, useId, useState } from "react";

import TensorView from "../pages/result/TensorView.tsx";
import { ForeignText } from "../parts/ForeignText.tsx";
import DrawInput from "./DrawInput.tsx";
import FileInput from "./FileInput.tsx";
import { type InputWay, waysOf } from "./inputKind.ts";
import { specText } from "./tensorText.ts";
import TypedInput from "./TypedInput.tsx";

const NAMES: Readonly<Record<InputWay, string>> = {
  draw: "Draw",
  picture: "Upload a picture",
  text: "Text",
  numbers: "Numbers",
  file: "Upload bytes",
};

interface Props {
  readonly spec: TensorSpec;
  readonly tensor: Tensor | undefined;
  /** An input that was given and not made here: it is shown as numbers. */
  readonly initial: Tensor | undefined;
  readonly onTensor: (tensor: Tensor | undefined) => void;
}

/** One input of a model: the ways to make it, and what the model will see. */
export default function InputEditor({ spec, tensor, initial, onTensor }: Props): ReactNode {
  const group = useId();
  const ways = waysOf(spec);
  const [way, setWay] = useState<InputWay>(initial === undefined ? (ways[0] ?? "numbers") : "numbers");
  return (
    <div className="input-editor">
      <fieldset className="ways">
        <legend>
          Input <ForeignText text={spec.name} max={40} /> <code>{specText(spec)}</code>
        </legend>
        {ways.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name={group}
              checked={way === each}
              onChange={() => {
                setWay(each);
                onTensor(undefined);
              }}
            />{" "}
            {NAMES[each]}
          </label>
        ))}
      </fieldset>
      <div className="input-columns">
        <Maker key={way} way={way} spec={spec} initial={initial} onTensor={onTensor} />
        <div aria-live="polite">
          <h3>What the model sees</h3>
          {tensor === undefined ? (
            <p className="hint">Nothing yet.</p>
          ) : (
            <TensorView tensor={tensor} isWindow={way === "text"} />
          )}
        </div>
      </div>
    </div>
  );
}

interface MakerProps extends Omit<Props, "tensor"> {
  readonly way: InputWay;
}

function Maker({ way, spec, initial, onTensor }: MakerProps): ReactNode {
  switch (way) {
    case "draw":
      return <DrawInput spec={spec} onTensor={onTensor} />;
    case "picture":
      return <FileInput spec={spec} kind="picture" onTensor={onTensor} />;
    case "file":
      return <FileInput spec={spec} kind="bytes" onTensor={onTensor} />;
    case "text":
    case "numbers":
      return <TypedInput spec={spec} kind={way} initial={initial} onTensor={onTensor} />;
  }
}
