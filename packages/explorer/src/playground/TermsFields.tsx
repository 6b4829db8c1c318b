import type { ReactNode } from "react";

import { AmountField } from "../wallet/AmountField.tsx";
import { IntegerField } from "../wallet/IntegerField.tsx";
import { SelectField } from "../wallet/SelectField.tsx";
import { AUDITS, type Choice, LEAST_ANSWER_PERIOD, LEAST_QUORUM, MOST_QUORUM, type OrderLimits } from "./choice.ts";
import type { OfferedVersion } from "./offered.ts";

interface Props {
  readonly offered: OfferedVersion;
  readonly limits: OrderLimits;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

/** Who is to answer, how many, and for how much. */
export default function TermsFields({ offered, limits, choice, onChange }: Props): ReactNode {
  const set = (change: Partial<Choice>): void => {
    onChange({ ...choice, ...change });
  };
  return (
    <>
      <SelectField
        label="Who answers"
        value={choice.market}
        onChange={(market) => {
          set({ market: market === "optimistic" ? "optimistic" : "market" });
        }}
        options={[
          { value: "market", label: "Several nodes, drawn by stake" },
          ...(offered.version.admission === undefined
            ? []
            : [{ value: "optimistic", label: "One node, whose answer can be disputed" }]),
        ]}
      />
      <AmountField
        label={choice.market === "market" ? "For each right answer" : "For the answer"}
        value={choice.price}
        min={1n}
        onChange={(price) => {
          set({ price });
        }}
      />
      {choice.market === "market" ? (
        <DrawnFields offered={offered} limits={limits} choice={choice} set={set} />
      ) : (
        <AloneFields offered={offered} limits={limits} choice={choice} set={set} />
      )}
      <SelectField
        label="Chance of an audit"
        value={String(choice.auditPercent)}
        onChange={(percent) => {
          set({ auditPercent: Number(percent) });
        }}
        options={AUDITS.map((percent) => ({ value: String(percent), label: percent === 0 ? "None" : `${percent} %` }))}
        hint="With this chance one more node is drawn and paid to check the answer."
      />
    </>
  );
}

interface PartProps extends Omit<Props, "onChange"> {
  readonly set: (change: Partial<Choice>) => void;
}

function DrawnFields({ offered, limits, choice, set }: PartProps): ReactNode {
  const { drawn } = offered;
  return (
    <>
      <IntegerField
        label="Nodes that must agree"
        value={choice.quorum}
        min={LEAST_QUORUM}
        max={MOST_QUORUM}
        onChange={(quorum) => {
          set({ quorum });
        }}
        hint={`${LEAST_QUORUM} to ${MOST_QUORUM}; ${drawn.length} ${drawn.length === 1 ? "node serves" : "nodes serve"} this version.`}
      />
      {choice.quorum !== undefined && choice.quorum > drawn.length && (
        <p className="note wait">
          Fewer nodes serve this version than must agree: the order would end without an answer.
        </p>
      )}
      <IntegerField
        label="Seconds of a sealing step"
        value={choice.sealPeriod}
        min={limits.leastSealPeriod}
        max={limits.maxSealPeriod}
        onChange={(sealPeriod) => {
          set({ sealPeriod });
        }}
        hint="If too few have answered by then, more nodes are drawn."
      />
    </>
  );
}

function AloneFields({ offered, limits, choice, set }: PartProps): ReactNode {
  return (
    <>
      <SelectField
        label="Node"
        value={choice.node}
        required={false}
        onChange={(node) => {
          set({ node });
        }}
        options={[
          ...offered.alone.map((node) => ({ value: node, label: node })),
          { value: "", label: "Whoever takes it" },
        ]}
        hint={choice.node === "" ? "The price rises from one half within a minute, until a node takes it." : undefined}
      />
      <IntegerField
        label="Seconds to answer"
        value={choice.answerPeriod}
        min={LEAST_ANSWER_PERIOD}
        max={limits.maxAnswerPeriod}
        onChange={(answerPeriod) => {
          set({ answerPeriod });
        }}
      />
      <IntegerField
        label="Whole OPG that a false answer would cost you"
        value={choice.valueAtStake}
        min={0}
        max={16_777_215}
        onChange={(valueAtStake) => {
          set({ valueAtStake });
        }}
        hint="The more, the more of the node’s stake answers for it."
      />
    </>
  );
}
