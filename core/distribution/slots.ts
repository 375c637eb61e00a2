/** Lets so many tasks work at a time, the others in the order in which they came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** `waits` is called first when there is no slot yet. */
  async run<T>(work: () => Promise<T>, waits: () => Promise<void>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else {
      const turn = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await waits();
      await turn;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
