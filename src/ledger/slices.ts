// Long lists, worked off in slices: a few milliseconds, then everybody else's turn. Of all lists under way one goes on in a turn
// of the loop, so that ten large requests at once do not add up to one long standstill.

/** Milliseconds of one slice: an eighth of what a request may hold the loop, since what it leaves behind is collected in its turn. */
const sliceMilliseconds = 6;

const waiting: (() => void)[] = [];

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

const nextTurn = (): Promise<void> =>
  new Promise((go) => {
    if (waiting.push(go) === 1) setImmediate(giveTurn);
  });

/** The time that one piece of work has for itself before others have their turn. */
export class Slice {
  #until = performance.now() + sliceMilliseconds;

  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** Resolves when it is this work's turn again. */
  async next(): Promise<void> {
    await nextTurn();
    this.#until = performance.now() + sliceMilliseconds;
  }
}

/** Does `work` for each item, in order. */
export async function inSlices<Item>(items: Iterable<Item>, work: (item: Item, index: number) => void): Promise<void> {
  const slice = new Slice();
  let index = 0;
  for (const item of items) {
    if (slice.isOver) await slice.next();
    work(item, index);
    index += 1;
  }
}
