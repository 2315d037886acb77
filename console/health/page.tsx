// Is metering alive? The server's readiness and the engine's own figures.

import { useQuery } from '@tanstack/react-query';
import { Card, Skeleton, Tag } from 'antd';
import { countText, When } from '../parts/figures.tsx';
import { useNow } from '../parts/now.ts';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { askText } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { worksWords } from '../words/operator.ts';

const shown = [
  'suanpan_queue_depth',
  'suanpan_events_total',
  'suanpan_groups_total',
  'suanpan_conflicts_total',
  'suanpan_retries_total',
  'suanpan_failures_total',
  'suanpan_cached_heads',
  'suanpan_resident_bytes',
] as const;

/** The figures of Prometheus's text, summed over labels. */
function figuresOf(text: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z_]+)(?:\{[^}]*\})? ([-+0-9.eE]+)$/.exec(line) ?? [];
    if (name !== undefined) figures.set(name, (figures.get(name) ?? 0) + Number(value));
  }
  return figures;
}

export default function Health() {
  const say = useWords(worksWords);
  const now = useNow();
  const refetchInterval = 5_000;
  const ready = useQuery({ queryKey: ['/readyz'], queryFn: async () => (await fetch('/readyz')).ok, refetchInterval });
  const metrics = useQuery({
    queryKey: ['/metrics'],
    queryFn: async () => figuresOf(await askText('/metrics')),
    refetchInterval,
  });
  const { data: figures, error, refetch } = metrics;
  const [sum, count] = [figures?.get('suanpan_commit_seconds_sum'), figures?.get('suanpan_commit_seconds_count')];
  const commit = sum === undefined || count === undefined || count === 0 ? null : (sum / count) * 1000;
  const rows = shown.map((name) => [say(name), figures?.get(name)] as const);
  return (
    <>
      <PageHead
        title={
          <>
            {say('health')}{' '}
            {ready.data === undefined ? null : (
              <Tag color={ready.data ? 'default' : 'error'}>{say(ready.data ? 'ready' : 'notReady')}</Tag>
            )}
          </>
        }
      />
      <p>
        {say('clock')} <When at={now} />
      </p>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {figures === undefined && error === null ? <Skeleton active /> : null}
      {figures === undefined ? null : (
        <Card size="small" title={<h2 className="card-title">{say('figures')}</h2>}>
          <table className="plain-table">
            <tbody>
              {rows.map(([label, value]) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td className="number">{value === undefined ? say('none') : countText(Math.round(value))}</td>
                </tr>
              ))}
              <tr>
                <th scope="row">{say('commit')}</th>
                <td className="number">{commit === null ? say('none') : commit.toFixed(2)}</td>
              </tr>
            </tbody>
          </table>
        </Card>
      )}
    </>
  );
}
