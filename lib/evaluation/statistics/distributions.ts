/** Coefficients of Lanczos' approximation for g = 7. @see Godfrey 2001, "A note on the computation of the convergent Lanczos complex Gamma approximation" */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const series = LANCZOS.reduce((sum, coefficient, i) => (i === 0 ? coefficient : sum + coefficient / (z + i)), 0);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

/** The regularised incomplete beta function I_x(a, b). @see Press et al., Numerical Recipes, section 6.4 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * evaluateContinuedFraction(x, a, b)) / a
    : 1 - (front * evaluateContinuedFraction(1 - x, b, a)) / b;
}

/** The continued fraction of the incomplete beta function, by Lentz' method. */
function evaluateContinuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < 10_000; m++) {
    const before = product;
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      product *= c * d;
    }
    if (Math.abs(product - before) <= 4e-16 * Math.abs(product)) break;
  }
  return product;
}

/** The probability that |T| is at least |t| for Student's distribution: a two-sided p-value. */
export function computeStudentTail(t: number, freedom: number): number {
  if (Number.isNaN(t)) return NaN;
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** Values that were found before, by tail and degrees of freedom. */
const criticals = new Map<string, number>();

/** The value that |T| passes with probability `tail`, by bisection. */
export function findStudentCritical(tail: number, freedom: number): number {
  const key = `${tail} ${freedom}`;
  const value = criticals.get(key) ?? searchCritical(tail, freedom);
  // Degrees of freedom of Welch's test are seldom the same again.
  if (Number.isInteger(freedom)) criticals.set(key, value);
  return value;
}

function searchCritical(tail: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (computeStudentTail(high, freedom) > tail) high *= 2;
  for (let i = 0; i < 200 && high - low > 0; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (computeStudentTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability that |Z| is at least |z| for the normal distribution: a two-sided p-value. */
export function computeNormalTail(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/** 1 − erf(x) for x ≥ 0: the series near 0, the continued fraction further out. */
function erfc(x: number): number {
  if (x < 2) return 1 - sumErfSeries(x);
  let fraction = 0;
  for (let k = 200; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

function sumErfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
