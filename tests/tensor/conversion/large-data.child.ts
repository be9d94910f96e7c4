/** Reads the values of a tensor whose copy goes past this process's memory; prints the code of the error. */
import { empty } from '../../../lib/tensor/index.js';

const x = empty([700_000_000], { dtype: 'int8' });
const read = { data: () => x.data(), bits: () => x.bits(), tolist: () => x.tolist() };
for (const [name, values] of Object.entries(read)) {
  try {
    values();
    console.log(`${name} returned`);
  } catch (error) {
    console.log(`${name} ${(error as { code?: string }).code}`);
  }
}
