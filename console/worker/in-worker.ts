// Asking the core in its thread, which is started when first needed.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Done, Order, Tasks } from './core-worker.ts';

export type Input<Task extends keyof Tasks> = Parameters<Tasks[Task]>[0];
export type Output<Task extends keyof Tasks> = Awaited<ReturnType<Tasks[Task]>>;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, Waiting>();

function start(): Worker {
  const started = new Worker(new URL('./core-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<Done>) => {
    const { resolve, reject } = waiting.get(data.id) ?? {};
    waiting.delete(data.id);
    if ('failed' in data) reject?.(new Error(data.failed));
    else resolve?.(data.result);
  });
  started.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
    worker = undefined;
  });
  return started;
}

export function inWorker<Task extends keyof Tasks>(task: Task, input: Input<Task>): Promise<Output<Task>> {
  worker ??= start();
  last += 1;
  const order: Order = { id: last, task, input };
  const answer = new Promise<unknown>((resolve, reject) => waiting.set(order.id, { resolve, reject }));
  worker.postMessage(order);
  return answer as Promise<Output<Task>>;
}

/** Ends what the thread is at: long work that nobody waits for any more. */
export function endWorker(): void {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.values()) reject(new Error('ended'));
  waiting.clear();
}

/** The same as a query: the last answer stays while a new one is on its way; null: not asked. */
export const useInWorker = <Task extends keyof Tasks>(task: Task, input: Input<Task> | null) =>
  useQuery({
    queryKey: ['worker', task, exactly(input)],
    queryFn: () => inWorker(task, input as Input<Task>),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });

export const exactly = (input: unknown): string =>
  JSON.stringify(input, (_key, value) => (typeof value === 'bigint' ? String(value) : value)) ?? '';
