import "./home.css";

import { type ReactNode, useId, useState } from "react";
import { Link, useLocation } from "wouter";

import { search, type SearchHit, type SearchResult } from "../../entities/search.ts";
import { useHistory } from "../../history/useHistory.ts";
import { Badge } from "../../parts/Badge.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { shortHash } from "../../parts/format.ts";
import { ForeignText } from "../../parts/ForeignText.tsx";
import { Hash } from "../../parts/Hash.tsx";

/** Finds pages. Where there is just one, it is opened at once. */
export function SearchBox(): ReactNode {
  const { index } = useHistory();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState("");
  const id = useId();
  return (
    <form
      className="search"
      role="search"
      aria-label="Everything"
      onSubmit={(event) => {
        event.preventDefault();
        const { hits, transaction } = search(index, text);
        const [first, second] = hits;
        if (first !== undefined && second === undefined && transaction === undefined) navigate(first.to);
        else setWanted(text.trim());
      }}
    >
      <div className="field">
        <label htmlFor={id}>
          Search: a job, version, session, schedule or dispute by its id, a node or account by its address, a
          transaction, or a model by its name
        </label>
        <div className="search-line">
          <input
            id={id}
            type="search"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
            }}
          />
          <button type="submit">Search</button>
        </div>
      </div>
      {wanted !== "" && <Found wanted={wanted} result={search(index, wanted)} />}
    </form>
  );
}

function Found({ wanted, result }: { readonly wanted: string; readonly result: SearchResult }): ReactNode {
  const { isComplete } = useHistory();
  const { hits, transaction } = result;
  return (
    <div role="status">
      {transaction !== undefined && (
        <p>
          Transaction <Hash value={transaction} kind="tx" />
          {hits.length > 0 ? " has to do with:" : " is of this deployment; no page is about what it did."}
        </p>
      )}
      {hits.length > 0 ? (
        <ul>
          {hits.map((hit) => (
            <Hit key={hit.to} hit={hit} />
          ))}
        </ul>
      ) : (
        transaction === undefined && (
          <Empty>
            Nothing found for “
            <ForeignText text={wanted} max={70} />
            ”.{" "}
            {isComplete
              ? "Ids and transactions need all their digits; of a model’s name a part is enough."
              : "The past is still being read: try again in a moment."}
          </Empty>
        )
      )}
    </div>
  );
}

function Hit({ hit: { kind, label, to } }: { readonly hit: SearchHit }): ReactNode {
  return (
    <li>
      <Badge>{kind}</Badge>{" "}
      <Link href={to}>
        <ForeignText text={label.startsWith("0x") ? shortHash(label) : label} max={70} />
      </Link>
    </li>
  );
}
