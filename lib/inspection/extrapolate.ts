/** The value at `x` of the line through two points, or through one and level. */
export function extrapolate(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const [[x0, y0] = [0, 0], [x1, y1] = [x0, y0]] = points;
  return x1 === x0 ? y1 : y1 + ((y1 - y0) / (x1 - x0)) * (x - x1);
}
