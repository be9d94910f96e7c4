/** A product of atoms: the rows whose bits under `mask` are those of `value`. */
export interface Implicant {
  readonly value: number;
  readonly mask: number;
}

/**
 * Products whose disjunction is true in some rows and no others; none can lose an atom.
 *
 * @param rows - numbers of rows, ascending
 * @param atoms - the number of atoms, at most 8
 * @returns products that cover the rows: those that alone cover a row, then those that cover most
 * @see McCluskey 1956, Minimization of Boolean functions
 */
export function coverRows(rows: readonly number[], atoms: number): Implicant[] {
  const primes = listPrimes(rows, atoms);
  const chosen = new Set<Implicant>();
  let left = rows;
  const choose = (prime: Implicant): void => {
    chosen.add(prime);
    left = left.filter((row) => !covers(prime, row));
  };
  for (const row of rows) {
    const covering = primes.filter((prime) => covers(prime, row));
    if (covering.length === 1 && !chosen.has(covering[0]!)) choose(covering[0]!);
  }
  while (left.length > 0) choose(findWidest(primes, left));
  return [...chosen];
}

function covers({ value, mask }: Implicant, row: number): boolean {
  return (row & mask) === value;
}

/** The product that covers most of some rows, with the fewest atoms among these. */
function findWidest(primes: readonly Implicant[], rows: readonly number[]): Implicant {
  const worth = (prime: Implicant): number =>
    rows.filter((row) => covers(prime, row)).length * 64 - prime.mask.toString(2).replaceAll('0', '').length;
  return primes.reduce((best, prime) => (worth(prime) > worth(best) ? prime : best));
}

/** All products that are true in rows of these alone and can lose no atom. */
function listPrimes(rows: readonly number[], atoms: number): Implicant[] {
  const primes: Implicant[] = [];
  let level = new Map(rows.map((row) => [`${row}`, { value: row, mask: 2 ** atoms - 1 }]));
  while (level.size > 0) {
    const next = new Map<string, Implicant>();
    for (const { value, mask } of level.values()) {
      let merged = false;
      for (let bit = 1; bit <= mask; bit *= 2) {
        if ((mask & bit) === 0 || !level.has(describe(value ^ bit, mask))) continue;
        merged = true;
        const wider = { value: value & ~bit, mask: mask & ~bit };
        next.set(describe(wider.value, wider.mask), wider);
      }
      if (!merged) primes.push({ value, mask });
    }
    level = next;
  }
  return primes;

  function describe(value: number, mask: number): string {
    return mask === 2 ** atoms - 1 ? `${value}` : `${value}/${mask}`;
  }
}
