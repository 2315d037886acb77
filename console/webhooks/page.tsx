// Webhooks of one account or of the operator: where alerts go, and what became of each delivery.

import { Card, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { alertKinds } from '../../src/account/alerts.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { useKind } from '../parts/kind.ts';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { Secret } from '../parts/secret.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { accessWords } from '../words/access.ts';

type Webhook = Answer<'webhook'>;
type Delivery = Answer<'sentPage'>['deliveries'][number];

export default function Webhooks() {
  const say = useWords(accessWords);
  const kindText = useKind();
  const me = useMe();
  const { account = null } = useParams();
  const pages = usePages<Answer<'webhookPage'>, Webhook>('/v1/webhooks', { account }, ({ webhooks }) => webhooks);
  const ofAccount: Column<Webhook> = {
    key: 'account',
    title: say('account'),
    cell: (hook) => hook.account ?? say('all'),
  };
  const columns: Column<Webhook>[] = [
    { key: 'url', title: say('url'), cell: ({ url }) => <code className="command">{url}</code> },
    ...(account === null ? [ofAccount] : []),
    { key: 'state', title: say('state'), cell: ({ state }) => say(state) },
    {
      key: 'kinds',
      title: say('kinds'),
      cell: ({ kinds }) => (kinds === null ? say('everything') : kinds.map(kindText).join(', ')),
    },
    { key: 'failures', title: say('failures'), isNumber: true, cell: ({ failuresInARow }) => failuresInARow },
    { key: 'success', title: say('lastSuccess'), cell: ({ lastSuccessAt }) => <When at={lastSuccessAt} /> },
    { key: 'problem', title: say('lastProblem'), cell: ({ lastProblem }) => lastProblem ?? '' },
    { key: 'acts', title: '', cell: (hook) => (may(me, 'buy') ? <Acts hook={hook} /> : null) },
  ];
  return (
    <>
      <PageHead title={say('webhooks')}>{may(me, 'buy') ? <AddWebhook account={account} /> : null}</PageHead>
      <ListTable
        label={say('webhooks')}
        name="webhooks"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('webhooksNone')}
      />
      <Deliveries account={account} />
    </>
  );
}

function AddWebhook({ account }: { account: string | null }) {
  const say = useWords(accessWords);
  const kindText = useKind();
  const [url, setUrl] = useState('');
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const whose = account === null ? {} : { account };
  const hears = kinds.length === 0 ? {} : { kinds };
  return (
    <ActButton<Answer<'madeWebhook'>>
      label={say('addWebhook')}
      method="POST"
      path="/v1/webhooks"
      keyed
      body={url.trim() === '' ? null : { ...whose, url: url.trim(), ...hears }}
      cli={[
        'webhook',
        'add',
        url,
        ...(account === null ? [] : ['--account', account]),
        ...(kinds.length === 0 ? [] : ['--kinds', kinds.join(',')]),
      ]}
      button={{ type: 'primary' }}
      done={({ secret }) => <Secret label={say('shownOnce')} secret={secret} />}
    >
      <p>{say('addHelp')}</p>
      <Field label={say('url')}>
        <Input type="url" placeholder={say('urlHelp')} value={url} onChange={({ target }) => setUrl(target.value)} />
      </Field>
      <Select
        mode="multiple"
        aria-label={say('kinds')}
        placeholder={say('everything')}
        style={{ width: '100%' }}
        value={[...kinds]}
        options={alertKinds.map((value) => ({ value, label: kindText(value) }))}
        onChange={setKinds}
      />
    </ActButton>
  );
}

function Acts({ hook }: { hook: Webhook }) {
  const say = useWords(accessWords);
  const path = `/v1/webhooks/${hook.id}`;
  const isOn = hook.state === 'active';
  const small = { size: 'small' } as const;
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      <ActButton<Answer<'triedWebhook'>>
        label={say('test')}
        method="POST"
        path={`${path}/test`}
        cli={['webhook', 'test', hook.id]}
        button={small}
        done={({ delivery }) => (
          <p>
            {say('tested')} <code>{delivery}</code>
          </p>
        )}
      >
        <p>{say('testHelp')}</p>
      </ActButton>
      <ActButton
        label={say(isOn ? 'turnOff' : 'turnOn')}
        method="PATCH"
        path={path}
        body={{ active: !isOn }}
        cli={['webhook', 'set', hook.id, isOn ? '--off' : '--on']}
        button={small}
      >
        <p>{say('turnHelp')}</p>
      </ActButton>
      <ActButton<Answer<'rotatedWebhook'>>
        label={say('rotateSecret')}
        method="POST"
        path={`${path}/rotate`}
        keyed
        cli={['webhook', 'rotate', hook.id]}
        button={small}
        done={({ secret }) => <Secret label={say('shownOnce')} secret={secret} />}
      >
        <p>{say('rotateSecretHelp')}</p>
      </ActButton>
      <ReplayDead hook={hook} />
      <ActButton
        label={say('remove')}
        method="DELETE"
        path={path}
        cli={['webhook', 'remove', hook.id]}
        button={small}
        danger
      >
        <p>{say('removeHelp')}</p>
      </ActButton>
    </span>
  );
}

function ReplayDead({ hook }: { hook: Webhook }) {
  const say = useWords(accessWords);
  const [day, setDay] = useState(hook.createdAt.slice(0, 10));
  const since = `${day}T00:00:00Z`;
  return (
    <ActButton
      label={say('replayDead')}
      method="POST"
      path={`/v1/webhooks/${hook.id}/replay`}
      body={/^\d{4}-\d{2}-\d{2}$/.test(day) ? { since } : null}
      cli={['webhook', 'replay', hook.id, '--since', since]}
      button={{ size: 'small' }}
    >
      <p>{say('replayHelp', { since })}</p>
      <label>
        {say('since')} <Input type="date" value={day} onChange={({ target }) => setDay(target.value)} />
      </label>
    </ActButton>
  );
}

function Deliveries({ account }: { account: string | null }) {
  const say = useWords(accessWords);
  const kindText = useKind();
  const me = useMe();
  const [asked, setAsked] = useSearchParams();
  const state = asked.get('deliveries') ?? '';
  const pages = usePages<Answer<'sentPage'>, Delivery>(
    '/v1/deliveries',
    { account, state },
    ({ deliveries }) => deliveries,
    20,
  );
  const states = ['waiting', 'delivered', 'dead'] as const;
  const columns: Column<Delivery>[] = [
    { key: 'made', title: say('made'), cell: ({ madeAt }) => <When at={madeAt} /> },
    { key: 'kind', title: say('kind'), cell: ({ kind }) => (kind === null ? '–' : kindText(kind)) },
    { key: 'to', title: say('to'), cell: ({ webhook, mail }) => mail ?? <code>{webhook}</code> },
    { key: 'state', title: say('state'), cell: (delivery) => say(delivery.state) },
    { key: 'tries', title: say('tries'), isNumber: true, cell: ({ tries }) => tries },
    { key: 'problem', title: say('problem'), cell: ({ problem }) => problem ?? '' },
    { key: 'next', title: say('next'), cell: ({ nextAt }) => <When at={nextAt} /> },
    { key: 'id', title: say('delivery'), isExtra: true, cell: ({ id }) => <code>{id}</code> },
    {
      key: 'acts',
      title: '',
      cell: ({ id, state: now }) => (now === 'waiting' || !may(me, 'buy') ? null : <Resend id={id} />),
    },
  ];
  const options = [{ value: '', label: say('all') }, ...states.map((value) => ({ value, label: say(value) }))];
  return (
    <Card size="small" style={{ marginTop: 24 }} title={<h2 className="card-title">{say('deliveries')}</h2>}>
      <div className="bar scroll-x">
        <Segmented
          aria-label={say('deliveries')}
          value={state}
          options={options}
          onChange={(value) => setAsked(value === '' ? {} : { deliveries: value }, { replace: true })}
        />
      </div>
      <ListTable
        label={say('deliveries')}
        name="deliveries"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('deliveriesNone')}
      />
    </Card>
  );
}

function Resend({ id }: { id: string }) {
  const say = useWords(accessWords);
  return (
    <ActButton
      label={say('resend')}
      method="POST"
      path={`/v1/deliveries/${encodeURIComponent(id)}/replay`}
      cli={['alert', 'resend', id]}
      button={{ size: 'small' }}
    >
      <p>{say('resendHelp')}</p>
    </ActButton>
  );
}
