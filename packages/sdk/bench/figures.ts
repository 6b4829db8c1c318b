/**
 * Milliseconds of each of several works, done in turn. The fastest of all rounds counts: what else the machine does can only slow
 * it.
 */
export async function fastest<Name extends string>(
  rounds: number,
  works: Readonly<Record<Name, () => unknown>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(works) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) times[name] = Math.min(times[name], await timed(works[name]));
  return times;
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Numbers that are not whole with three digits, however deep. */
export const rounded = (figures: object): unknown =>
  JSON.parse(JSON.stringify(figures), (_, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value,
  );
