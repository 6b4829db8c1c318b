import { type ReactNode, useState } from "react";

import { modelsOf } from "../../entities/models.ts";
import { type Use, useOfVersions } from "../../entities/usage.ts";
import type { EventIndex } from "../../history/EventIndex.ts";
import { useEntities } from "../../history/useHistory.ts";
import { ListState } from "../../parts/ListState.tsx";
import { Page } from "../../parts/Page.tsx";
import { type ModelRow, ModelsTable } from "./ModelsTable.tsx";

/** All models of the deployment. */
export default function ModelsPage(): ReactNode {
  const rows = useEntities(modelRows);
  const [filter, setFilter] = useState("");
  const shown = rows.filter((row) => matches(row, filter.trim().toLowerCase()));
  return (
    <Page
      title="Models"
      lead="A model belongs to whoever has its token. Anybody can take any name: the publisher tells models apart."
    >
      <label className="field">
        <span>Name or publisher</span>
        <input
          type="search"
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value);
          }}
        />
      </label>
      <ListState count={rows.length} what="models">
        <ModelsTable
          rows={shown}
          empty={rows.length === 0 ? "No model is registered yet." : "No model has this name or publisher."}
        />
      </ListState>
    </Page>
  );
}

const modelRows = (index: EventIndex): readonly ModelRow[] =>
  modelsOf(index)
    .map((model) => ({ model, use: useOf(index, model.versions) }))
    .toReversed();

const useOf = (index: EventIndex, versions: readonly { readonly versionId: string }[]): Use =>
  useOfVersions(
    index,
    versions.map(({ versionId }) => versionId),
  );

const matches = ({ model }: ModelRow, text: string): boolean =>
  [model.slug, model.publisher, model.owner, model.modelId].some((field) => field.toLowerCase().includes(text));
