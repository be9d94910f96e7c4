/** Whole numbers up to 2^53 in memory that grows with them, eight bytes each. */
export class NumberList {
  #numbers = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  /** The numbers so far, a view. */
  view(): Float64Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
