// Days of the provider's own list of attempts, and what each sweep of them came to.

import { Link } from 'react-router';
import { AsCommand } from '../parts/as-command.tsx';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { sweepsWords } from '../words/sweeps.ts';

type Sweep = Answer<'sweepPage'>['sweeps'][number];
const counts = ['pages', 'attempts', 'metered', 'held', 'findings'] as const;

export default function Sweeps() {
  const say = useWords(sweepsWords);
  const pages = usePages<Answer<'sweepPage'>, Sweep>('/v1/sweeps', {}, ({ sweeps }) => sweeps);
  const columns: Column<Sweep>[] = [
    { key: 'day', title: say('day'), cell: ({ day }) => <Link to={`/sweeps/${day}`}>{day}</Link> },
    { key: 'state', title: say('state'), cell: (sweep) => <SweepState sweep={sweep} /> },
    ...counts.map((name) => ({
      ...{ key: name, title: say(name), isNumber: true },
      cell: (sweep: Sweep) => countText(sweep[name]),
    })),
    { key: 'ended', title: say('ended'), cell: ({ ended }) => <When at={ended} /> },
    { key: 'begun', title: say('begun'), isExtra: true, cell: ({ begun }) => <When at={begun} /> },
  ];
  return (
    <>
      <PageHead title={say('title')} />
      <p>
        {say('help')} {say('rest')}
      </p>
      <ListTable
        label={say('title')}
        name="sweeps"
        pages={pages}
        columns={columns}
        keyOf={({ day }) => day}
        empty={
          <>
            {say('none')}
            <pre className="command">suanpan gateway sweep</pre>
          </>
        }
      />
      <AsCommand method="GET" path="/v1/sweeps" cli={['gateway', 'sweeps']} />
    </>
  );
}

export function SweepState({ sweep: { ended, cursor } }: { sweep: Sweep }) {
  const say = useWords(sweepsWords);
  return say(ended === null ? 'open' : 'whole', { page: cursor });
}
