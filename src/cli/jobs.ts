// suanpan jobs: what time does by itself.

import type { Command } from 'commander';
import type { JobList, JobResult } from '../http/contract/jobs.ts';
import { cliJobsWords } from '../words/cli/jobs.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, printTable } from './show.ts';

export function registerJobs(program: Command, output: Output): void {
  const { say } = output;
  const jobs = program
    .command('jobs')
    .description(say(cliJobsWords.jobsCommand))
    .action(() => list(output));
  jobs
    .command('run')
    .description(say(cliJobsWords.run))
    .argument('<NAME>', say(cliJobsWords.name))
    .action((name: string) => run(name, output));
}

async function list(output: Output): Promise<void> {
  const { say } = output;
  type Row = JobList['jobs'][number];
  await answerWith<JobList>({ method: 'GET', path: '/v1/jobs' }, output, async ({ scheduled, jobs }) => {
    const columns = [
      { title: say(cliJobsWords.name), of: (row: Row) => row.name },
      { title: say(cliJobsWords.lastEnded), of: (row: Row) => row.lastEnded ?? '–' },
      { title: say(cliJobsWords.next), of: (row: Row) => row.next ?? '–' },
      { title: say(cliJobsWords.done), of: (row: Row) => row.done, right: true },
      { title: say(cliJobsWords.waiting), of: (row: Row) => row.waiting, right: true },
      { title: say(cliJobsWords.failed), of: (row: Row) => row.failed, right: true },
      { title: say(cliJobsWords.error), of: (row: Row) => row.error ?? '–' },
    ];
    await printTable(output, columns, jobs);
    if (!scheduled) output.tell(say(cliJobsWords.notScheduled));
  });
}

async function run(name: string, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/jobs/${name}/run`, body: {} } as const;
  await answerWith<JobResult>(call, output, async ({ done, waiting, failed }) => {
    output.print(output.say(cliJobsWords.ran(done, waiting, failed)));
  });
}
