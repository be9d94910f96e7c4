/** Milliseconds of processor time that this process has taken: what a busy machine delays takes no more of it. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of several rounds: what disturbs a round only adds to it. */
const ROUNDS = 5;

/**
 * How the processor time of some work grows when its size does: `factor` times where time is linear, `factor`² where it is
 * quadratic.
 *
 * @param work - does the work of a size
 * @param size - the smaller size; long enough that a round takes milliseconds
 * @param factor - the larger size as a multiple of the smaller
 */
export function measureGrowth(work: (size: number) => void, size: number, factor: number): number {
  const least = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, current] of [size, size * factor].entries()) {
      const start = cpuMs();
      work(current);
      least[i] = Math.min(least[i]!, cpuMs() - start);
    }
  }
  return least[1]! / least[0]!;
}
