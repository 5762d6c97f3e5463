/** Stopping: every step runs, in reverse order of the starts, and all failures are reported together. */

/** A list of things to undo. */
export class Teardown implements AsyncDisposable {
  readonly #steps: Array<{ name: string; undo: () => unknown }> = [];

  /** Adds a step; the last added runs first. */
  add(name: string, undo: () => unknown): void {
    this.#steps.push({ name, undo });
  }

  /** Adds anything disposable. */
  use(name: string, thing: Disposable | AsyncDisposable): void {
    this.add(name, () =>
      Symbol.asyncDispose in thing ? thing[Symbol.asyncDispose]() : thing[Symbol.dispose](),
    );
  }

  /** Runs every step once. Throws an AggregateError that names the steps that failed. */
  async run(): Promise<void> {
    const failures: Error[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (thrown) {
        failures.push(new Error(`Stopping “${step.name}” failed`, { cause: thrown }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(f => f.message).join('; '));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.run();
  }
}
