import "./wallet.css";

import { createContext, type ReactNode, useContext, useEffect, useId, useRef, useState } from "react";

/** Whether fields show what is wrong although nobody has left them yet: the form was sent off. */
export const ShowErrors = createContext(false);

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode | undefined;
  /** What is wrong with what was typed. */
  readonly error: string | undefined;
  /** Empty counts as wrong, too. */
  readonly isEmpty: boolean;
  readonly required: boolean;
  readonly children: (control: Control) => ReactNode;
}

/** What connects a control with its label and texts. */
export interface Control {
  readonly id: string;
  readonly ref: (element: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | null) => void;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
  readonly "aria-required": boolean;
  readonly onBlur: () => void;
}

/** A labelled control with a hint and, once somebody has left it, what is wrong with it. */
export function Field({ label, hint, error, isEmpty, required, children }: FieldProps): ReactNode {
  const id = useId();
  const showErrors = useContext(ShowErrors);
  const [wasLeft, setLeft] = useState(false);
  const element = useRef<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(null);
  const fault = error ?? (isEmpty && required ? "Fill this in." : undefined);
  // The form asks its controls whether they are right before anything reaches a wallet.
  useEffect(() => {
    element.current?.setCustomValidity(fault ?? "");
  }, [fault]);
  const isShown = fault !== undefined && (showErrors || (wasLeft && !isEmpty));
  const described = [hint !== undefined && `${id}-hint`, isShown && `${id}-error`].filter((part) => part !== false);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ref: (found) => {
          element.current = found;
        },
        "aria-invalid": isShown,
        "aria-describedby": described.length === 0 ? undefined : described.join(" "),
        "aria-required": required,
        onBlur: () => {
          setLeft(true);
        },
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {isShown && (
        <p id={`${id}-error`} className="field-error">
          {fault}
        </p>
      )}
    </div>
  );
}
