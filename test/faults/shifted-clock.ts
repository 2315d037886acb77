// Loaded into a server's process before anything else: its machine's clock is off by CLOCK_SHIFT milliseconds. Monotonic time is not.

const shift = Number(process.env.CLOCK_SHIFT);
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + shift] : given) as []));
  }
  static override now(): number {
    return RealDate.now() + shift;
  }
} as DateConstructor;
