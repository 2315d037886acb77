// Who did what, chained act by act.

import { Input } from 'antd';
import { useSearchParams } from 'react-router';
import { When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { Who } from '../parts/who.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { worksWords } from '../words/works.ts';

type Act = Answer<'actPage'>['acts'][number];
const filters = ['account', 'by', 'operation'] as const;

export default function Audit() {
  const say = useWords(worksWords);
  const [asked, setAsked] = useSearchParams();
  const query = Object.fromEntries(filters.map((name) => [name, asked.get(name) ?? '']));
  const pages = usePages<Answer<'actPage'>, Act>('/v1/audit', query, ({ acts }) => acts);
  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(asked);
    if (value.trim() === '') next.delete(name);
    else next.set(name, value.trim());
    setAsked(next, { replace: true });
  };
  const columns: Column<Act>[] = [
    { key: 'at', title: say('at'), cell: ({ at }) => <When at={at} /> },
    { key: 'by', title: say('by'), cell: ({ by, byName }) => <Who id={by} name={byName} /> },
    { key: 'operation', title: say('operation'), cell: ({ operation }) => <code>{operation}</code> },
    { key: 'chain', title: say('chain'), cell: ({ chain, no }) => `${chain === '' ? say('none') : chain} ${no}` },
    { key: 'details', title: say('details'), cell: (act) => <Details act={act} /> },
    { key: 'address', title: say('address'), isExtra: true, cell: ({ address }) => address ?? '' },
  ];
  return (
    <>
      <PageHead title={say('audit')} />
      <div className="bar" style={{ marginTop: 16 }}>
        {filters.map((name) => (
          <Input.Search
            key={name}
            allowClear
            style={{ width: 220 }}
            aria-label={say(name)}
            placeholder={say(name)}
            defaultValue={asked.get(name) ?? ''}
            onSearch={(value) => filter(name, value)}
          />
        ))}
      </div>
      <p>{say('verifyHelp')}</p>
      <pre className="command">suanpan audit export --out audit.ndjson && suanpan audit verify audit.ndjson</pre>
      <ListTable
        label={say('audit')}
        name="audit"
        pages={pages}
        columns={columns}
        keyOf={({ chain, no }) => `${chain} ${no}`}
        empty={say('noActs')}
      />
    </>
  );
}

function Details({ act }: { act: Act }) {
  const say = useWords(worksWords);
  const parts = (['subject', 'asked', 'before', 'after'] as const).flatMap((name) => {
    const text = act[name];
    return text === null || text === '{}' ? [] : [{ name, text }];
  });
  if (parts.length === 0) return null;
  return (
    <details>
      <summary>{say('details')}</summary>
      {parts.map(({ name, text }) => (
        <div key={name}>
          {say(name)} <code className="command">{text}</code>
        </div>
      ))}
    </details>
  );
}
