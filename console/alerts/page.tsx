// What accounts were told, and for one account what it wants to be told of.

import { useQuery } from '@tanstack/react-query';
import { Card, Input, Radio, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { alertKinds } from '../../src/account/alerts.ts';
import { accountCall } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { useKind } from '../parts/kind.ts';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { accessWords } from '../words/access.ts';

type Alert = Answer<'alertPage'>['alerts'][number];
type Settings = Answer<'shownAlertSettings'>;

export default function Alerts() {
  const say = useWords(accessWords);
  const said = useSaid();
  const kindText = useKind();
  const { account = null } = useParams();
  const [asked, setAsked] = useSearchParams();
  const kind = asked.get('kind') ?? '';
  const pages = usePages<Answer<'alertPage'>, Alert>('/v1/alerts', { account, kind }, ({ alerts }) => alerts);
  const ofAccount: Column<Alert> = { key: 'account', title: say('account'), cell: (alert) => alert.account };
  const columns: Column<Alert>[] = [
    { key: 'when', title: say('when'), cell: ({ at }) => <When at={at} /> },
    ...(account === null ? [ofAccount] : []),
    {
      key: 'subject',
      title: say('subject'),
      cell: ({ subject, lines }) => (
        <details>
          <summary>{said(subject)}</summary>
          {lines.map((line) => (
            <p key={line.en}>{said(line)}</p>
          ))}
        </details>
      ),
    },
    { key: 'kind', title: say('kind'), cell: (alert) => <span title={alert.kind}>{kindText(alert.kind)}</span> },
  ];
  const kindOptions = alertKinds.map((value) => ({ value, label: kindText(value) }));
  return (
    <>
      <PageHead title={say('alerts')}>
        <Select
          aria-label={say('kind')}
          value={kind}
          style={{ minWidth: 200 }}
          options={[{ value: '', label: say('anyKind') }, ...kindOptions]}
          onChange={(value: string) => setAsked(value === '' ? {} : { kind: value }, { replace: true })}
        />
      </PageHead>
      <ListTable
        label={say('alerts')}
        name="alerts"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('alertsNone')}
      />
      {account === null ? null : <SettingsOf account={account} />}
    </>
  );
}

function SettingsOf({ account }: { account: string }) {
  const say = useWords(accessWords);
  const path = accountCall(account, '/alert-settings');
  const { data } = useQuery({ queryKey: [path], queryFn: () => ask<Settings>('GET', path) });
  return (
    <Card size="small" style={{ marginTop: 24 }} title={<h2 className="card-title">{say('settings')}</h2>}>
      {data === undefined ? <Skeleton active /> : <SettingsForm key={JSON.stringify(data)} settings={data} />}
    </Card>
  );
}

const numbersOf = (text: string): number[] =>
  text
    .split(/[,\uFF0C\s]+/)
    .filter((part) => part !== '')
    .map(Number);

function SettingsForm({ settings }: { settings: Settings }) {
  const say = useWords(accessWords);
  const me = useMe();
  const { account } = settings;
  const [thresholds, setThresholds] = useState(settings.packThresholds.join(', '));
  const [days, setDays] = useState(settings.daysBefore.join(', '));
  const [mail, setMail] = useState(settings.mail.map(({ address }) => address).join('\n'));
  const addresses = mail.split(/\s+/).filter((address) => address !== '');
  const kindText = useKind();
  const [off, setOff] = useState(settings.off);
  const [language, setLanguage] = useState(settings.language);
  const languageOf = (address: string) => settings.mail.find((each) => each.address === address)?.language ?? language;
  const body = {
    packThresholds: numbersOf(thresholds),
    daysBefore: numbersOf(days),
    off,
    language,
    mail: addresses.map((address) => ({ address, language: languageOf(address) })),
  };
  const isFixed = !may(me, 'support');
  return (
    <>
      <Field label={say('thresholds')}>
        <Input value={thresholds} disabled={isFixed} onChange={({ target }) => setThresholds(target.value)} />
      </Field>
      <Field label={say('daysBefore')}>
        <Input value={days} disabled={isFixed} onChange={({ target }) => setDays(target.value)} />
      </Field>
      <Field label={say('kindsOff')}>
        <Select
          mode="multiple"
          aria-label={say('kindsOff')}
          style={{ width: '100%' }}
          value={off}
          disabled={isFixed}
          options={alertKinds.map((value) => ({ value, label: kindText(value) }))}
          onChange={setOff}
        />
      </Field>
      <Radio.Group
        aria-label={say('language')}
        value={language}
        disabled={isFixed}
        options={(['zh', 'en'] as const).map((value) => ({ value, label: say(value) }))}
        onChange={({ target }) => setLanguage(target.value)}
      />
      <Field label={say('mail')}>
        <Input.TextArea value={mail} rows={3} disabled={isFixed} onChange={({ target }) => setMail(target.value)} />
      </Field>
      {isFixed ? null : (
        <ActButton
          label={say('save')}
          method="PATCH"
          path={accountCall(account, '/alert-settings')}
          body={body}
          cli={[
            'alert',
            'set',
            account,
            '--pack-thresholds',
            body.packThresholds.join(','),
            '--days-before',
            body.daysBefore.join(','),
            '--off',
            off.join(','),
            '--language',
            language,
            ...body.mail.flatMap(({ address, language }) => ['--mail', `${address}:${language}`]),
          ]}
        >
          <p>{say('saveHelp')}</p>
        </ActButton>
      )}
    </>
  );
}
