import { type ChangeEvent, type ReactNode, useState } from "react";

import { ForeignText } from "../../parts/ForeignText.tsx";
import { Section } from "../../parts/Section.tsx";
import { BadGivenError, type GivenReceipt, readReceipt } from "../../verify/given.ts";
import { reasonOf } from "../../verify/steps.ts";
import { Verification } from "../../verify/Verification.tsx";
import { ShownReceipts } from "./ShownReceipts.tsx";

/** What was made of the text. */
type Reading =
  { readonly given: GivenReceipt; readonly fault?: undefined } | { readonly fault: string; readonly given?: undefined };

/** Checks a receipt that the user pastes, or finds among those that were shown on chain. */
export function ReceiptSection(): ReactNode {
  const [text, setText] = useState("");
  const reading = text.trim() === "" ? undefined : read(text);
  const readFile = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const [file] = target.files ?? [];
    if (file !== undefined) void file.text().then(setText);
  };
  return (
    <Section title="A receipt of a session">
      <p>
        Give the JSON of the header <code>opg-receipt</code>, or an object with it as <code>receipt</code>. With{" "}
        <code>inputs</code> and <code>outputs</code> beside it the model is run again; with <code>batch</code>,{" "}
        <code>index</code> and <code>path</code> its place in a batch is checked.
      </p>
      <label className="field">
        <span>Receipt (JSON)</span>
        <textarea
          rows={8}
          spellCheck={false}
          value={text}
          aria-invalid={reading?.fault !== undefined}
          aria-describedby="receipt-fault"
          onChange={({ target }) => {
            setText(target.value);
          }}
        />
      </label>
      <label className="field">
        <span>or a file with it</span>
        <input type="file" accept=".json,application/json" onChange={readFile} />
      </label>
      <div id="receipt-fault" role="status">
        {reading?.fault !== undefined && (
          <p className="note bad">
            <ForeignText text={reading.fault} max={300} />
          </p>
        )}
      </div>
      {reading?.given !== undefined && (
        <Verification key={text} task={{ kind: "receipt", given: reading.given }} label="Verify the receipt" />
      )}
      <ShownReceipts onChoose={setText} />
    </Section>
  );
}

function read(text: string): Reading {
  try {
    return { given: readReceipt(text) };
  } catch (error) {
    // Texts of users make no other errors; what else goes wrong is said, too, and the text stays.
    return { fault: error instanceof BadGivenError ? error.message : reasonOf(error) };
  }
}
