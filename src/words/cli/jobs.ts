// What `suanpan jobs` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliJobsWords = {
  jobsCommand: words('作业：到点自动做的事，上次与下次运行', 'what time does by itself: last run, next run, result'),
  run: words('立即运行一个作业', 'run a job now'),
  name: words('作业', 'job'),
  lastEnded: words('上次结束', 'last ended'),
  next: words('下次', 'next'),
  done: words('完成', 'done'),
  waiting: words('待人处理', 'waiting'),
  failed: words('失败', 'failed'),
  error: words('错误', 'error'),
  notScheduled: words(
    '本服务不自动运行作业（SUANPAN_JOBS=0）',
    'this server does not run them by itself (SUANPAN_JOBS=0)',
  ),
  ran: (done: Shown, waiting: Shown, failed: Shown) =>
    words(`完成 ${done}，待人处理 ${waiting}，失败 ${failed}`, `done ${done}, waiting ${waiting}, failed ${failed}`),
};
