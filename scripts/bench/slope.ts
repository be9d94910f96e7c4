/**
 * The slope of the straight line through points on logarithmic scales: 1 where y grows as x does, 0 where it stays.
 * @param points - pairs of x and y, all above 0
 * @returns the least-squares slope of ln y by ln x
 */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centerX, centerY] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const covariance = mean(logs.map(([x, y]) => (x - centerX) * (y - centerY)));
  return covariance / mean(logs.map(([x]) => (x - centerX) ** 2));
}
