// Work in the core's thread that may take long: it begins when asked for, and can be stopped.

import { useEffect, useRef, useState } from 'react';
import type { Tasks } from './core-worker.ts';
import { endWorker, exactly, type Input, inWorker, type Output } from './in-worker.ts';

export interface Run<Outcome> {
  readonly isRunning: boolean;
  readonly isStopped: boolean;
  /** The outcome is of another input than the present one. */
  readonly isStale: boolean;
  readonly outcome: Outcome | undefined;
  readonly problem: unknown;
  readonly start: () => void;
  readonly stop: () => void;
}

interface State<Outcome> {
  readonly doing: 'nothing' | 'running' | 'stopped';
  readonly outcome: Outcome | undefined;
  /** The input that the outcome is of. */
  readonly of: string | undefined;
  readonly problem: unknown;
}

/** What stands in the link when the page is opened is done at once; null: there is nothing to do yet. */
export function useRun<Task extends keyof Tasks>(task: Task, input: Input<Task> | null): Run<Output<Task>> {
  const [state, setState] = useState<State<Output<Task>>>({
    doing: 'nothing',
    outcome: undefined,
    of: undefined,
    problem: undefined,
  });
  const turn = useRef(0);
  const present = exactly(input);
  const start = () => {
    if (input === null) return;
    turn.current += 1;
    const mine = turn.current;
    setState((old) => ({ ...old, doing: 'running', problem: undefined }));
    inWorker(task, input).then(
      (outcome) => {
        if (turn.current === mine) setState({ doing: 'nothing', outcome, of: present, problem: undefined });
      },
      (problem: unknown) => {
        if (turn.current === mine) setState((old) => ({ ...old, doing: 'nothing', problem }));
      },
    );
  };
  const stop = () => {
    turn.current += 1;
    endWorker();
    setState((old) => ({ ...old, doing: 'stopped', problem: undefined }));
  };
  const first = useRef(start);
  useEffect(() => {
    first.current();
    return () => {
      turn.current += 1;
    };
  }, []);
  const { doing, outcome, of, problem } = state;
  return {
    isRunning: doing === 'running',
    isStopped: doing === 'stopped',
    isStale: of !== present,
    outcome,
    problem,
    start,
    stop,
  };
}
