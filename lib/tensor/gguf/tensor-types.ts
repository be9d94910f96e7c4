/** How a type packs numbers: blocks of so many, along the last axis. */
export interface GgufTensorType {
  readonly name: string;
  /** The numbers of a block. */
  readonly elements: number;
  /** The bytes of a block. */
  readonly bytes: number;
}

/** The types that can be read, by their number in the format. */
export const tensorTypes: Readonly<Record<number, GgufTensorType>> = {
  0: { name: 'F32', elements: 1, bytes: 4 },
  1: { name: 'F16', elements: 1, bytes: 2 },
  2: { name: 'Q4_0', elements: 32, bytes: 18 },
  3: { name: 'Q4_1', elements: 32, bytes: 20 },
  6: { name: 'Q5_0', elements: 32, bytes: 22 },
  7: { name: 'Q5_1', elements: 32, bytes: 24 },
  8: { name: 'Q8_0', elements: 32, bytes: 34 },
  10: { name: 'Q2_K', elements: 256, bytes: 84 },
  11: { name: 'Q3_K', elements: 256, bytes: 110 },
  12: { name: 'Q4_K', elements: 256, bytes: 144 },
  13: { name: 'Q5_K', elements: 256, bytes: 176 },
  14: { name: 'Q6_K', elements: 256, bytes: 210 },
  30: { name: 'BF16', elements: 1, bytes: 2 },
};

/** The names of some types that cannot be read, for messages. */
const otherNames: Readonly<Record<number, string>> = {
  ...{ 9: 'Q8_1', 15: 'Q8_K', 16: 'IQ2_XXS', 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S', 20: 'IQ4_NL', 21: 'IQ3_S' },
  ...{ 22: 'IQ2_S', 23: 'IQ4_XS', 24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64', 28: 'F64', 29: 'IQ1_M' },
  ...{ 34: 'TQ1_0', 35: 'TQ2_0', 39: 'MXFP4' },
};

/**
 * The type of a number, for messages.
 * @param id - as the format has it
 * @returns its name where it has one
 */
export function formatTensorType(id: number): string {
  return tensorTypes[id]?.name ?? otherNames[id] ?? `number ${id}`;
}
