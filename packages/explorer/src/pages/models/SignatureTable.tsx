import type { TensorSpec, VersionIdentity } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { dtypeName, shapeText } from "../../entities/tensorSpecs.ts";
import { type Column, DataTable } from "../../parts/DataTable.tsx";
import { ForeignText } from "../../parts/ForeignText.tsx";

interface Row extends TensorSpec {
  readonly kind: "input" | "output";
  readonly position: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: "kind", title: "Kind", render: ({ kind }) => kind },
  { key: "name", title: "Name", render: ({ name }) => <ForeignText text={name} max={80} /> },
  { key: "dtype", title: "Type", render: ({ dtype }) => dtypeName(dtype) },
  { key: "shape", title: "Shape", render: ({ shape }) => shapeText(shape) },
];

/** What a version takes and gives. */
export function SignatureTable({ identity }: { readonly identity: VersionIdentity }): ReactNode {
  const rows = [...rowsOf("input", identity.inputs), ...rowsOf("output", identity.outputs)];
  return (
    <DataTable
      caption="Tensors that go in and come out"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ kind, position }) => `${kind} ${position.toString()}`}
      empty="It names no inputs and outputs."
    />
  );
}

const rowsOf = (kind: Row["kind"], specs: readonly TensorSpec[]): readonly Row[] =>
  specs.map((spec, position) => ({ ...spec, kind, position }));
