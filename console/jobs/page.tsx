// What time does by itself, and whether it did.

import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';
import { ActButton } from '../parts/act-button.tsx';
import { When } from '../parts/figures.tsx';
import { useKind } from '../parts/kind.ts';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { worksWords } from '../words/works.ts';

export default function Jobs() {
  const say = useWords(worksWords);
  const kindText = useKind();
  const me = useMe();
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/jobs'],
    queryFn: () => ask<Answer<'jobList'>>('GET', '/v1/jobs'),
    refetchInterval: 10_000,
  });
  const moments = ['lastBegun', 'lastEnded', 'next'] as const;
  const counts = [
    ['done', 'done'],
    ['waiting', 'left'],
    ['failed', 'failed'],
  ] as const;
  return (
    <>
      <PageHead title={say('jobs')} />
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active /> : null}
      {data?.scheduled === false ? (
        <Alert type="warning" showIcon title={say('notScheduled')} style={{ margin: '16px 0' }} />
      ) : null}
      {data === undefined ? null : (
        <Scroll label={say('jobs')}>
          <table className="plain-table list">
            <thead>
              <tr>
                <th scope="col">{say('job')}</th>
                {moments.map((moment) => (
                  <th scope="col" key={moment}>
                    {say(moment)}
                  </th>
                ))}
                {counts.map(([key, word]) => (
                  <th scope="col" className="number" key={key}>
                    {say(word)}
                  </th>
                ))}
                <th scope="col">{say('error')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {data.jobs.map((job) => (
                <tr key={job.name}>
                  <th scope="row">
                    {kindText(job.name)} <code className="quiet">{job.name}</code>
                  </th>
                  {moments.map((moment) => (
                    <td key={moment}>
                      <When at={job[moment]} />
                    </td>
                  ))}
                  {counts.map(([key]) => (
                    <td className="number" key={key}>
                      {job[key]}
                    </td>
                  ))}
                  <td>{job.error ?? ''}</td>
                  <td>
                    {may(me, 'server') ? (
                      <ActButton
                        label={say('run')}
                        method="POST"
                        path={`/v1/jobs/${job.name}/run`}
                        cli={['jobs', 'run', job.name]}
                        button={{ size: 'small' }}
                      >
                        <p>{say('runHelp')}</p>
                      </ActButton>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
