// The project's own core in a thread of the browser: the page stays quick, and works with no server.

import { bookTasks } from './book-tasks.ts';
import { fileTasks } from './file-tasks.ts';
import { planTasks } from './plan-tasks.ts';
import { quoteTasks } from './quote-tasks.ts';
import { scenarioTasks } from './scenario-tasks.ts';

const tasks = { ...quoteTasks, ...planTasks, ...bookTasks, ...scenarioTasks, ...fileTasks };

export type Tasks = typeof tasks;

export interface Order {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly input: unknown;
}

export type Done = { readonly id: number } & ({ readonly result: unknown } | { readonly failed: string });

self.addEventListener('message', async ({ data }: MessageEvent<Order>) => {
  const { id, task, input } = data;
  let done: Done;
  try {
    done = { id, result: await (tasks[task] as (input: unknown) => unknown)(input) };
  } catch (error) {
    done = { id, failed: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(done);
});
