import type { Tensor, TensorSpec } from "@opg-protocol/sdk";
import { type ReactNode, useId, useState } from "react";

import { exactText, valuesOf } from "../pages/result/tensorValues.ts";
import { MOST_NUMBERS, specText, tensorOfText, tensorOfWords, TensorTextError } from "./tensorText.ts";

interface Props {
  readonly spec: TensorSpec;
  readonly kind: "text" | "numbers";
  /** What the fields show at first. */
  readonly initial: Tensor | undefined;
  readonly onTensor: (tensor: Tensor | undefined) => void;
}

/** Numbers, or a text, that the user types. */
export default function TypedInput({ spec, kind, initial, onTensor }: Props): ReactNode {
  const id = useId();
  const [text, setText] = useState(() => (initial === undefined ? "" : textOf(initial, kind)));
  const [fault, setFault] = useState<string>();
  const type = (typed: string) => {
    setText(typed);
    const { tensor, error } = read(spec, kind, typed);
    setFault(error);
    onTensor(tensor);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{kind === "text" ? "Text" : `Numbers of ${specText(spec)}`}</label>
      <textarea
        id={id}
        rows={kind === "text" ? 4 : 6}
        spellCheck={kind === "text"}
        value={text}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          type(target.value);
        }}
      />
      <p id={`${id}-hint`} className={fault === undefined ? "hint" : "field-error"}>
        {fault ?? (kind === "numbers" ? "Between commas, spaces or lines, row by row." : "Sent as UTF-8.")}
      </p>
    </div>
  );
}

function textOf(tensor: Tensor, kind: Props["kind"]): string {
  return kind === "text"
    ? new TextDecoder().decode(tensor.data)
    : valuesOf(tensor, MOST_NUMBERS)
        .map((value) => exactText(value, tensor.dtype))
        .join(", ");
}

interface Read {
  readonly tensor: Tensor | undefined;
  /** What is wrong with the text. */
  readonly error: string | undefined;
}

function read(spec: TensorSpec, kind: Props["kind"], text: string): Read {
  if (text.trim() === "") return { tensor: undefined, error: undefined };
  try {
    const tensor = kind === "text" ? tensorOfWords(spec, text) : tensorOfText(spec, text);
    return { tensor, error: undefined };
  } catch (error) {
    if (error instanceof TensorTextError) return { tensor: undefined, error: error.message };
    throw error;
  }
}
