// What has to be ended or removed whatever happens: processes, pools, folders. Ended in reverse order, once.

type Ending = () => Promise<void> | void;

export class Endings {
  readonly #endings: Ending[] = [];
  #running: Promise<void> | undefined;

  /** Answers a function that runs this ending now instead. */
  add(ending: Ending): () => Promise<void> {
    this.#endings.push(ending);
    return async () => {
      const at = this.#endings.indexOf(ending);
      if (at < 0) return;
      this.#endings.splice(at, 1);
      await ending();
    };
  }

  run(): Promise<void> {
    this.#running ??= this.#all();
    return this.#running;
  }

  async #all(): Promise<void> {
    for (let ending = this.#endings.pop(); ending !== undefined; ending = this.#endings.pop()) {
      try {
        await ending();
      } catch (error) {
        process.stderr.write(`while tidying up: ${(error as Error).message}\n`);
      }
    }
  }
}

/** Tidies up also when the run is interrupted or fails where nobody catches it. */
export function endOnSignals(endings: Endings): void {
  const leave = (code: number) => {
    void endings.run().finally(() => process.exit(code));
  };
  process.once('SIGINT', () => leave(130));
  process.once('SIGTERM', () => leave(143));
  process.once('uncaughtException', (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    leave(1);
  });
}
