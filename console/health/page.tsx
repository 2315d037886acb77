// Is metering alive? The server's readiness and the engine's own figures.

import { useQuery } from '@tanstack/react-query';
import { Card, Skeleton, Tag } from 'antd';
import { countText, When } from '../parts/figures.tsx';
import { useNow } from '../parts/now.ts';
import { PageHead } from '../parts/page-head.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { askText } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { worksWords } from '../words/works.ts';

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

async function askReady(): Promise<boolean> {
  const response = await fetch('/readyz');
  // What is not read keeps its connection.
  await response.text();
  return response.ok;
}

export default function Health() {
  const say = useWords(worksWords);
  const now = useNow();
  const refetchInterval = 5_000;
  const ready = useQuery({ queryKey: ['/readyz'], queryFn: askReady, refetchInterval });
  const metrics = useQuery({
    queryKey: ['/metrics'],
    queryFn: async () => figuresOf(await askText('/metrics')),
    refetchInterval,
  });
  const { data: figures, error, refetch } = metrics;
  const [sum, count] = [figures?.get('suanpan_commit_seconds_sum'), figures?.get('suanpan_commit_seconds_count')];
  const commit = sum === undefined || count === undefined || count === 0 ? null : (sum / count) * 1000;
  const rowOf = (name: (typeof shown)[number] | 'commit', value: string | undefined) => ({
    key: name,
    cells: [say(name), value ?? say('none'), say(`normal_${name}`)],
  });
  const countOf = (name: string) => {
    const value = figures?.get(name);
    return value === undefined ? undefined : countText(Math.round(value));
  };
  const rows = [...shown.map((name) => rowOf(name, countOf(name))), rowOf('commit', commit?.toFixed(2))];
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
          <PlainTable
            label={say('figures')}
            columns={[say('figure'), { title: say('value'), isNumber: true }, say('normal')]}
            rows={rows}
          />
        </Card>
      )}
    </>
  );
}
