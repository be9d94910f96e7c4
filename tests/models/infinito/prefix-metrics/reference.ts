/** The prefix metrics by loops over numbers, each prefix from scratch: the formulas as they are written. */

type Vector = readonly number[];

const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const EPSILON = 2 ** -52;

/** What is added to squared lengths, so that the rounding of equal states counts as nothing. */
const leastSquares = (prefix: readonly Vector[]): number => EPSILON * dot(prefix[0]!, prefix[0]!);

const cosine = (a: Vector, b: Vector, least = 0): number => {
  const squares = (dot(a, a) + least) * (dot(b, b) + least);
  return squares === 0 ? 0 : dot(a, b) / Math.sqrt(squares);
};

const average = (vectors: readonly Vector[]): number[] =>
  vectors[0]!.map((_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);

const subtract = (a: Vector, b: Vector): number[] => a.map((value, i) => value - b[i]!);

/** ½(1 + Σ γ^(t−i) cos(x_i, x_{i−1}) / Σ γ^(t−i)). */
export function temporalCoherence(prefix: readonly Vector[], decay = 1): number {
  const t = prefix.length;
  if (t < 2) return 0.5;
  let [sum, weights] = [0, 0];
  for (let i = 1; i < t; i++) {
    const weight = decay ** (t - 1 - i);
    sum += weight * cosine(prefix[i]!, prefix[i - 1]!);
    weights += weight;
  }
  return (1 + sum / weights) / 2;
}

export function integration(whole: readonly Vector[], every = 1): number {
  const t = Math.floor(whole.length / every) * every;
  if (t < 4) return 0.5;
  const prefix = whole.slice(0, t);
  const centre = average(prefix);
  const quarters = [0, 1, 2, 3].map((j) =>
    subtract(average(prefix.slice(Math.floor((j * t) / 4), Math.floor(((j + 1) * t) / 4))), centre),
  );
  const least = leastSquares(prefix);
  let sum = 0;
  for (let a = 0; a < 4; a++)
    for (let b = a + 1; b < 4; b++) sum += Math.abs(cosine(quarters[a]!, quarters[b]!, least));
  return sum / 6;
}

export function participation(prefix: readonly Vector[], projection: readonly Vector[]): number {
  const M = projection[0]!.length;
  const projected = prefix.map((x) =>
    Array.from({ length: M }, (_, m) =>
      dot(
        x,
        projection.map((row) => row[m]!),
      ),
    ),
  );
  const centre = average(projected);
  const centred = projected.map((y) => subtract(y, centre));
  let [trace, squares] = [0, 0];
  for (let a = 0; a < M; a++) {
    for (let b = 0; b < M; b++) {
      const covariance = centred.reduce((sum, y) => sum + y[a]! * y[b]!, 0) / prefix.length;
      if (a === b) trace += covariance;
      squares += covariance ** 2;
    }
  }
  const added = leastSquares(projected) ** 2;
  return squares + added === 0 ? 1 / M : (trace ** 2 + added) / (M * (squares + added));
}

/** Of the entropies of each head's rows, `[H][t]`. */
export function attentionEntropy(entropies: readonly Vector[]): number {
  const t = entropies[0]!.length;
  if (t < 2) return 0.5;
  let sum = 0;
  for (let i = 2; i <= t; i++) {
    const mean = entropies.reduce((total, head) => total + head[i - 1]!, 0) / entropies.length;
    sum += mean / Math.log(i);
  }
  return sum / (t - 1);
}

export const entropy = (p: Vector): number =>
  p.reduce((sum, value) => (value > 0 ? sum - value * Math.log(value) : sum), 0);

/** Of the rows of the heads at one position, `[H][S]`. */
export function headCoherence(rows: readonly Vector[]): number {
  let [sum, pairs] = [0, 0];
  for (let a = 0; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) {
      const mixed = rows[a]!.map((value, i) => (value + rows[b]![i]!) / 2);
      sum += entropy(mixed) - (entropy(rows[a]!) + entropy(rows[b]!)) / 2;
      pairs++;
    }
  }
  return pairs === 0 ? 1 : 1 - sum / pairs / Math.LN2;
}
