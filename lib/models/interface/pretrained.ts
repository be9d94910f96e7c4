const pretrained = new WeakSet<object>();

/**
 * Notes that the weights of a model come from a file: what trains it goes on from them.
 * @param model - of any architecture
 * @returns the same model
 */
export function markPretrained<M extends object>(model: M): M {
  pretrained.add(model);
  return model;
}

/**
 * Tells whether the weights of a model come from a file.
 * @param model - of any architecture
 * @returns true for one that `loadModel`, `loadHuggingFace` or `loadGguf` opened
 */
export function isPretrained(model: object): boolean {
  return pretrained.has(model);
}
