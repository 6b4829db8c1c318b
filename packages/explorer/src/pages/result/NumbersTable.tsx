import type { Tensor } from "@opg-protocol/sdk";
import type { ReactNode } from "react";

import { DataTable } from "../../parts/DataTable.tsx";
import { countOf } from "../../verify/distance.ts";
import { indicesText, valuesOf, valueText } from "./tensorValues.ts";

const MOST = 4096;

interface Row {
  readonly index: number;
  readonly value: number;
}

/** The numbers of a tensor by their indices. */
export default function NumbersTable({ tensor }: { readonly tensor: Tensor }): ReactNode {
  const count = countOf(tensor);
  const rows = valuesOf(tensor, MOST).map((value, index) => ({ index, value }));
  return (
    <DataTable<Row>
      caption={count > MOST ? `The first ${MOST} of ${count} numbers` : `${count} numbers`}
      columns={[
        { key: "index", title: "Index", render: ({ index }) => <code>{indicesText(index, tensor.shape)}</code> },
        {
          key: "value",
          title: "Value",
          align: "end",
          render: ({ value }) => <span className="number">{valueText(value)}</span>,
          sort: ({ value }) => value,
        },
      ]}
      rows={rows}
      rowKey={({ index }) => String(index)}
      empty="The tensor has no numbers."
    />
  );
}
