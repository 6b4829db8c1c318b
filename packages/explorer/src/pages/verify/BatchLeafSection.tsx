import { type ReactNode, useState } from "react";

import { ForeignText } from "../../parts/ForeignText.tsx";
import { Section } from "../../parts/Section.tsx";
import { type GivenBatchLeaf, readBatchLeaf } from "../../verify/given.ts";
import { reasonOf } from "../../verify/steps.ts";
import { Verification } from "../../verify/Verification.tsx";

type Form = Readonly<Record<"batchId" | "index" | "statement" | "path", string>>;
type Reading =
  | { readonly given: GivenBatchLeaf; readonly fault?: undefined }
  | { readonly fault: string; readonly given?: undefined };

const EMPTY: Form = { batchId: "", index: "", statement: "", path: "" };
const FIELDS: readonly (readonly [keyof Form, string])[] = [
  ["batchId", "Id of the batch"],
  ["index", "Index of the leaf, from 0"],
  ["statement", "Hash of what the leaf states (of a receipt, its EIP-712 struct hash)"],
];

/** Checks that a batch which was posted on chain has a leaf. */
export function BatchLeafSection(): ReactNode {
  const [form, setForm] = useState(EMPTY);
  const [reading, setReading] = useState<Reading>();
  const change = (field: keyof Form, value: string): void => {
    setForm((before) => ({ ...before, [field]: value }));
    setReading(undefined);
  };
  return (
    <Section title="A leaf of a batch">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setReading(read(form));
        }}
      >
        {FIELDS.map(([field, label]) => (
          <label key={field} className="field">
            <span>{label}</span>
            <input
              value={form[field]}
              spellCheck={false}
              onChange={({ target }) => {
                change(field, target.value);
              }}
            />
          </label>
        ))}
        <label className="field">
          <span>Path: the hashes from the leaf to the root, as OpenZeppelin's StandardMerkleTree gives them</span>
          <textarea
            rows={4}
            spellCheck={false}
            value={form.path}
            onChange={({ target }) => {
              change("path", target.value);
            }}
          />
        </label>
        <button type="submit">Use this leaf</button>
      </form>
      <div role="status">
        {reading?.fault !== undefined && (
          <p className="note bad">
            <ForeignText text={reading.fault} max={300} />
          </p>
        )}
      </div>
      {reading?.given !== undefined && (
        <Verification task={{ kind: "leaf", given: reading.given }} label="Verify the leaf" />
      )}
    </Section>
  );
}

function read(form: Form): Reading {
  try {
    return { given: readBatchLeaf(form) };
  } catch (error) {
    return { fault: reasonOf(error) };
  }
}
