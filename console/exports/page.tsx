// Long lists as files: asked for here, made by the server in the background, fetched when they are done.

import { Progress, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { listNames } from '../../src/core/list-names.ts';
import { useAccount, useAccountId } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { wishes, wishIn } from '../parts/call-wish.ts';
import { Download } from '../parts/download.tsx';
import { Field } from '../parts/field.tsx';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { percentOf } from '../parts/pack-bar.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { exportsWords } from '../words/exports.ts';

type File = Answer<'listExportPage'>['exports'][number];
type List = (typeof listNames)[number];

const isOpen = ({ state }: File): boolean => state === 'waiting' || state === 'running';
const betweenLooks = 2_000;

export default function Exports() {
  const say = useWords(exportsWords);
  const id = useAccountId();
  const { data: account } = useAccount(id);
  const zone = account?.timeZone;
  const path = '/v1/exports';
  const pages = usePages<Answer<'listExportPage'>, File>(path, { account: id }, ({ exports }) => exports);
  const { items, refetch } = pages;
  const isMaking = items?.some(isOpen) === true;
  useEffect(() => {
    if (!isMaking) return undefined;
    const looks = setInterval(() => void refetch(), betweenLooks);
    return () => clearInterval(looks);
  }, [isMaking, refetch]);
  const columns: Column<File>[] = [
    { key: 'list', title: say('list'), cell: ({ list, format }) => `${say(list)} · ${format}` },
    { key: 'state', title: say('state'), cell: (file) => <State file={file} /> },
    { key: 'rows', title: say('rows'), isNumber: true, cell: ({ rows }) => countText(rows) },
    { key: 'at', title: say('askedAt'), cell: ({ askedAt }) => <When at={askedAt} zone={zone} /> },
    { key: 'kept', title: say('keptUntil'), cell: ({ keptUntil }) => <When at={keptUntil} zone={zone} /> },
    {
      key: 'file',
      title: '',
      cell: (file) =>
        file.state === 'done' ? (
          <Download path={`${path}/${file.id}/file`} query={{ account: id }}>
            {say('fetch')}
          </Download>
        ) : null,
    },
  ];
  return (
    <>
      <PageHead title={say('title')}>
        <NewFile path={path} account={id} onDone={() => void refetch()} />
      </PageHead>
      <p>{say('help')}</p>
      <ListTable
        label={say('title')}
        name="exports"
        pages={pages}
        columns={columns}
        keyOf={(file) => file.id}
        empty={say('none')}
      />
    </>
  );
}

function State({ file }: { file: File }) {
  const say = useWords(exportsWords);
  const { state, rows, of, problem } = file;
  return (
    <>
      {say(state)}
      {problem === null ? null : ` · ${problem}`}
      {state === 'running' && of !== null ? (
        <Progress percent={of === 0 ? 100 : percentOf(rows, of)} size="small" aria-label={say('running')} />
      ) : null}
    </>
  );
}

/** What the page that led here was asked for comes along. */
function NewFile({ path, account, onDone }: { path: string; account: string; onDone: () => void }) {
  const say = useWords(exportsWords);
  const [asked] = useSearchParams();
  const [list, setList] = useState<List>(listNames.find((name) => name === asked.get('list')) ?? 'calls');
  const [format, setFormat] = useState<'csv' | 'excel' | 'json'>('csv');
  const wish = list === 'calls' || list === 'draws' ? wishIn(asked, ['from', 'to', ...wishes]) : {};
  const body = {
    list,
    format: format === 'json' ? 'json' : 'csv',
    ...(format === 'excel' ? { bom: true } : {}),
    ...wish,
  };
  const options = Object.entries(wish).flatMap(([name, value]) => [
    `--${name === 'resultCode' ? 'result-code' : name}`,
    value,
  ]);
  return (
    <ActButton
      label={say('make')}
      method="POST"
      path={path}
      body={body}
      keyed
      cli={['account', 'export', list, account, '--background', '--format', String(body.format), ...options]}
      button={{ type: 'primary' }}
      onDone={onDone}
    >
      <p>{say('makeHelp')}</p>
      <Field label={say('list')}>
        <Select
          style={{ width: '100%' }}
          value={list}
          options={listNames.map((value) => ({ value, label: say(value) }))}
          onChange={setList}
        />
      </Field>
      <Field label={say('format')}>
        <Select
          style={{ width: '100%' }}
          value={format}
          options={(['csv', 'excel', 'json'] as const).map((value) => ({ value, label: say(value) }))}
          onChange={setFormat}
        />
      </Field>
      {Object.entries(wish).map(([name, value]) => (
        <p key={name}>
          <code>
            {name}: {value}
          </code>
        </p>
      ))}
    </ActButton>
  );
}
