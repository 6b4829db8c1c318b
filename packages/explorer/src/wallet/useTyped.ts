import { useState } from "react";

import type { Reading } from "./inputs.ts";

/** Text that is being typed, and what it means. */
export interface Typed<T> {
  readonly text: string;
  readonly reading: Reading<T>;
  readonly type: (text: string) => void;
}

/**
 * Keeps the text of a field whose value its owner keeps. Where the owner sets another value than the text has, that is shown;
 * text that means nothing stays as it is.
 */
export function useTyped<T>(
  value: T | undefined,
  onChange: (value: T | undefined) => void,
  read: (text: string) => Reading<T>,
  write: (value: T) => string,
): Typed<T> {
  const [text, setText] = useState("");
  const typed = read(text);
  const isForeign = typed.value !== value;
  const shown = !isForeign ? text : value === undefined ? "" : write(value);
  return {
    text: shown,
    reading: isForeign ? read(shown) : typed,
    type: (next) => {
      setText(next);
      onChange(read(next).value);
    },
  };
}
