/** What people want to know about a game. */
import type { DisputeEnding, LiePayment } from "./endings.ts";

/** Whose move it is in a game that is under way. */
export interface NextMove {
  readonly move: "enter" | "lay" | "respond" | "pick" | "reveal" | "judge";
  readonly by: "node" | "challenger" | "anyone";
  /** The last second for it, unix. */
  readonly until: number;
  /** Whether that has passed, so that anyone may end the game against who was to move. */
  readonly isLate: boolean;
}

/** The step of the model that a game is about. */
export interface DisputedLayer {
  /** Number of the step, from 0. */
  readonly step: number;
  /** How many steps the model has; undefined where neither the model nor all of a trace is there. */
  readonly steps: number | undefined;
  /** What the ONNX file calls the node, or the graph's input or output. This and all below: undefined without the model. */
  readonly name: string | undefined;
  /** ONNX operator; undefined for an input or output of the graph, too. */
  readonly operator: string | undefined;
  /** Element type as ONNX numbers them. */
  readonly dtype: number | undefined;
  readonly shape: readonly number[] | undefined;
}

/** A number of a tensor. */
export interface ExplainedNumber {
  /** As it is stored. */
  readonly stored: bigint | number;
  /** What it stands for; undefined where the file gives it no scale. */
  readonly real: number | undefined;
}

/** An element that the node has wrong. */
export interface DisputedElement {
  /** Along each axis of the layer's shape; undefined in the padding between rows, where all bytes are zero. */
  readonly coordinates: readonly number[] | undefined;
  /** Where it lies among the committed words, and at which byte of one. */
  readonly word: number;
  readonly offset: number;
  readonly claimed: ExplainedNumber;
  /** Undefined where no run was given. */
  readonly right: ExplainedNumber | undefined;
  /** Whether the referee has found it wrong; otherwise it is a finding of the run. */
  readonly isProven: boolean;
}

/** What a game is about and how it stands. */
export interface DisputeExplanation {
  readonly gameId: string;
  readonly statementId: string;
  readonly node: string;
  readonly challenger: string;
  /** OPG, base units. */
  readonly bond: bigint;
  /** Unix seconds. */
  readonly openedAt: number;
  /** Undefined once the game is over. */
  readonly next: NextMove | undefined;
  /** Undefined as long as the node has not named it. */
  readonly layer: DisputedLayer | undefined;
  /** The element that was judged, else the first that is wrong in what the node has shown. */
  readonly element: DisputedElement | undefined;
  /** How many elements are wrong in what the node has shown; undefined where that cannot be known. */
  readonly wrongElements: number | undefined;
  /** Whether what the challenger laid down is what the run made; undefined where no run was given. */
  readonly challengerIsRight: boolean | undefined;
  /** The first step that the challenger has wrong, if there is one in what it has laid down. */
  readonly challengerErrsAt: number | undefined;
  readonly ending: DisputeEnding | undefined;
  /** How the lie was paid for; undefined where it was not yet, or no statement was given. */
  readonly payment: LiePayment | undefined;
  /** What is not known, and why. */
  readonly unknown: readonly string[];
  /** All of it in words. */
  readonly text: string;
}
