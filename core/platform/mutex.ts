/** A lock for one object: work that asks for it runs one after the other, in the order it asked. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();
  #holders = 0;

  /** Somebody holds it or waits for it. */
  get busy(): boolean {
    return this.#holders > 0;
  }

  /** Runs `work` while nobody else does. Never ask for the same lock within `work`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let release!: () => void;
    this.#tail = new Promise((resolve) => (release = resolve));
    this.#holders++;
    await before;
    try {
      return await work();
    } finally {
      this.#holders--;
      release();
    }
  }
}
