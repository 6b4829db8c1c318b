import { type ReactNode, useId, useState } from "react";

import { CopyButton } from "../parts/CopyButton.tsx";
import { curlOf, type SnippetSubject, solidityOf, typescriptOf } from "./snippets.ts";

const LANGUAGES = [
  ["TypeScript", typescriptOf, "With the SDK and a key of your own."],
  ["Solidity", solidityOf, "A contract that orders and takes the result. Deposit OPG for it in the market first."],
  ["curl", curlOf, "What can be asked without a key. An order needs a signature, so it is not among it."],
] as const;

/** Code that does the same, to copy. */
export default function CodeSamples({ subject }: { readonly subject: SnippetSubject }): ReactNode {
  const group = useId();
  const [chosen, setChosen] = useState<string>("TypeScript");
  return (
    <>
      <fieldset className="ways">
        <legend>Language</legend>
        {LANGUAGES.map(([name]) => (
          <label key={name}>
            <input
              type="radio"
              name={group}
              checked={chosen === name}
              onChange={() => {
                setChosen(name);
              }}
            />{" "}
            {name}
          </label>
        ))}
      </fieldset>
      {LANGUAGES.filter(([name]) => name === chosen).map(([name, codeOf, note]) => {
        const code = codeOf(subject);
        return (
          <div key={name}>
            <p className="hint">
              {note} <CopyButton value={code} what={`the ${name} code`} />
            </p>
            <pre className="code-sample" tabIndex={0} aria-label={`${name} code`}>
              <code>{code}</code>
            </pre>
          </div>
        );
      })}
    </>
  );
}
