// API keys, of one account or of the operator's server: made, rotated, revoked; a secret is shown once.

import { Checkbox, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { scopes as allScopes, type Scope } from '../../src/core/scopes.ts';
import { accountCall } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { useNow } from '../parts/now.ts';
import { Overlap } from '../parts/overlap.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { Secret } from '../parts/secret.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { accessWords } from '../words/access.ts';

type Key = Answer<'keyPage'>['keys'][number];

/** Of the account in the address, or all keys. */
export default function Keys() {
  const say = useWords(accessWords);
  const now = useNow();
  const { account = null } = useParams();
  const pages = usePages<Answer<'keyPage'>, Key>('/v1/keys', { account }, ({ keys }) => keys);
  const stateOf = ({ revokedAt, expiresAt }: Key) =>
    revokedAt !== null ? 'revoked' : expiresAt !== null && now !== undefined && expiresAt <= now ? 'ended' : 'good';
  const ofAccount: Column<Key> = {
    key: 'account',
    title: say('account'),
    cell: (key) => key.account ?? say('operator'),
  };
  const columns: Column<Key>[] = [
    { key: 'name', title: say('name'), cell: (key) => key.name },
    { key: 'id', title: say('key'), cell: ({ id }) => <code>{id}</code> },
    ...(account === null ? [ofAccount] : []),
    { key: 'scopes', title: say('scopes'), cell: ({ scopes }) => scopes.map((scope) => say(scope)).join(', ') },
    { key: 'state', title: say('state'), cell: (key) => say(stateOf(key)) },
    { key: 'used', title: say('lastUsed'), cell: ({ lastUsedAt }) => <When at={lastUsedAt} /> },
    { key: 'created', title: say('created'), isExtra: true, cell: ({ createdAt }) => <When at={createdAt} /> },
    { key: 'expires', title: say('expires'), isExtra: true, cell: ({ expiresAt }) => <When at={expiresAt} /> },
    { key: 'acts', title: '', cell: (key) => (stateOf(key) === 'good' ? <Acts id={key.id} /> : null) },
  ];
  return (
    <>
      <PageHead title={say('keys')}>
        <Portal account={account} />
        <MakeKey account={account} />
      </PageHead>
      <ListTable
        label={say('keys')}
        name="keys"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('keysNone')}
      />
    </>
  );
}

function MakeKey({ account }: { account: string | null }) {
  const say = useWords(accessWords);
  const mayHold = account === null ? allScopes : allScopes.filter((scope) => scope !== 'manage');
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const named = name.trim() === '' ? {} : { name: name.trim() };
  const role = account === null ? { role: 'operator' } : {};
  const whose = account === null ? ['--operator'] : ['--account', account];
  return (
    <ActButton<Answer<'madeKey'>>
      label={say('makeKey')}
      method="POST"
      path={account === null ? '/v1/keys' : accountCall(account, '/keys')}
      keyed
      body={chosen.length === 0 ? null : { ...role, ...named, scopes: chosen }}
      cli={['key', 'create', ...whose, '--name', name, '--scopes', chosen.join(',')]}
      button={{ type: 'primary' }}
      done={({ key }) => <Secret label={say('shownOnce')} secret={key} />}
    >
      <p>{say('makeHelp')}</p>
      <Field label={say('name')}>
        <Input value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Checkbox.Group
        value={[...chosen]}
        options={mayHold.map((value) => ({ value, label: say(value) }))}
        onChange={(values) => setChosen(values as Scope[])}
      />
    </ActButton>
  );
}

function Acts({ id }: { id: string }) {
  const say = useWords(accessWords);
  const [hours, setHours] = useState(24);
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      <ActButton<Answer<'rotatedKey'>>
        label={say('rotate')}
        method="POST"
        path={`/v1/keys/${id}/rotate`}
        keyed
        body={{ overlapHours: hours }}
        cli={['key', 'rotate', id, '--overlap-hours', String(hours)]}
        button={{ size: 'small' }}
        done={({ key, formerUntil }) => (
          <>
            <Secret label={say('shownOnce')} secret={key} />
            <p>
              {say('formerUntil')} <When at={formerUntil} />
            </p>
          </>
        )}
      >
        <Overlap help={say('rotateHelp', { hours })} label={say('overlap')} hours={hours} onChange={setHours} />
      </ActButton>
      <ActButton
        label={say('revoke')}
        method="DELETE"
        path={`/v1/keys/${id}`}
        cli={['key', 'revoke', id]}
        button={{ size: 'small' }}
        danger
      >
        <p>{say('revokeHelp')}</p>
      </ActButton>
    </span>
  );
}

function Portal({ account }: { account: string | null }) {
  const say = useWords(accessWords);
  const me = useMe();
  const [minutes, setMinutes] = useState(60);
  if (account === null || !may(me, 'buy')) return null;
  return (
    <ActButton<Answer<'portalToken'>>
      label={say('portal')}
      method="POST"
      path="/v1/portal-tokens"
      keyed
      body={{ account, minutes }}
      cli={['key', 'portal', '--account', account, '--minutes', String(minutes)]}
      done={({ key }) => <Secret label={say('shownOnce')} secret={key} />}
    >
      <p>{say('portalHelp')}</p>
      <Field label={say('minutes')}>
        <InputNumber min={1} max={1_440} precision={0} value={minutes} onChange={(value) => setMinutes(value ?? 60)} />
      </Field>
    </ActButton>
  );
}
