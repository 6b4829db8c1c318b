/** What the process ends with. */
export const ExitCode = {
  Success: 0,
  /** The model, or what was given to it, is refused. */
  Refused: 1,
  /** The command line is wrong, or names a file that cannot be read or written. */
  Usage: 2,
  /** What was to be done is done already. */
  NothingToDo: 3,
  /** Nobody has agreed to what would be sent. */
  NeedsApproval: 4,
} as const;
