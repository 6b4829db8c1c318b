/** What the process ends with. */
export const ExitCode = {
  Success: 0,
  /** The model, or what was given to it, is refused. */
  Refused: 1,
  /** The command line is wrong, or names a file that cannot be read or written. */
  Usage: 2,
} as const;
