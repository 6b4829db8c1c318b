import type { Client } from "../../client.ts";
import { getSeats, type SeatsArguments, type SeatsParameters } from "./rounds.ts";

/** Reads the seats from the logs if they were not given. */
export async function withSeats<P extends SeatsParameters>(client: Client, given: P): Promise<P & SeatsArguments> {
  const seats = given.seats ?? (await getSeats(client, given)).flat().map(({ node }) => node);
  return { ...given, seats };
}
