/** The instants at which a daemon has done a step and not the next: what is on disk, and what is on the wire. */

/** What a daemon writes in the journal, by the SQL that does it. */
export const WRITES: Readonly<Record<string, RegExp>> = {
  "noting a job": /INTO jobs\b/,
  "committing what was read": /^COMMIT$/,
  "noting a seal": /INTO seals\b/,
  "noting a transaction": /INTO transactions\b/,
  "noting a cost": /^UPDATE transactions SET cost\b/,
  "closing transactions": /^UPDATE transactions SET open\b/,
  "closing a job": /^UPDATE jobs SET closed\b/,
};

/** What it sends, by the kind that the journal has of it. After a sending, the provider's answer has come and was not read. */
export const sending = (kind: string): string => `sending a ${kind}`;

/** All that every node passes in a job. */
export const BOUNDARIES: readonly string[] = [...Object.keys(WRITES), sending("commit"), sending("reveal")].flatMap(
  (step) => [`before ${step}`, `after ${step}`],
);
