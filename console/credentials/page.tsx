// What the SDKs of an account sign with at the gateway: made, rotated, revoked; a SecretKey is shown once.

import { useQuery } from '@tanstack/react-query';
import { Checkbox, Input, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { type CredentialScope, credentialScopes } from '../../src/core/scopes.ts';
import { accountCall, useAccountId } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { Overlap } from '../parts/overlap.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { Secret } from '../parts/secret.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { credentialsWords } from '../words/credentials.ts';

type Credential = Answer<'credentialList'>['credentials'][number];

export default function Credentials() {
  const say = useWords(credentialsWords);
  const account = useAccountId();
  const path = accountCall(account, '/credentials');
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: () => ask<Answer<'credentialList'>>('GET', path),
  });
  return (
    <>
      <PageHead title={say('title')}>
        <Make account={account} known={data?.actions ?? []} />
      </PageHead>
      <p>{say('help')}</p>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined ? (
        error === null ? (
          <Skeleton active />
        ) : null
      ) : data.credentials.length === 0 ? (
        <div className="empty">{say('none')}</div>
      ) : (
        <List account={account} credentials={data.credentials} />
      )}
    </>
  );
}

function List({ account, credentials }: { account: string; credentials: readonly Credential[] }) {
  const say = useWords(credentialsWords);
  const columns = [
    ...[say('name'), 'SecretId', say('scopes'), say('actions')],
    ...[{ title: say('generation'), isNumber: true } as const, say('former'), say('made'), ''],
  ];
  const rows = credentials.map((each) => ({
    key: each.secretId,
    cells: [
      each.name,
      <code key="id">{each.secretId}</code>,
      each.scopes.map((scope) => say(scope)).join(', '),
      each.actions?.join(', ') ?? say('anyAction'),
      each.generation,
      <When key="former" at={each.formerUntil} />,
      <When key="made" at={each.createdAt} />,
      <Acts key="acts" account={account} secretId={each.secretId} />,
    ],
  }));
  return <PlainTable label={say('title')} columns={columns} rows={rows} />;
}

function Shown({ made: { secretId, secretKey } }: { made: Answer<'madeCredential'> }) {
  const say = useWords(credentialsWords);
  return (
    <>
      <p>
        SecretId <code>{secretId}</code>
      </p>
      <Secret label={say('shownOnce')} secret={secretKey} />
    </>
  );
}

function Make({ account, known }: { account: string; known: readonly string[] }) {
  const say = useWords(credentialsWords);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly CredentialScope[]>(credentialScopes);
  const [actions, setActions] = useState<readonly string[]>([]);
  const named = name.trim() === '' ? {} : { name: name.trim() };
  const alone = actions.length === 0 ? {} : { actions };
  return (
    <ActButton<Answer<'madeCredential'>>
      label={say('makeOne')}
      method="POST"
      path={accountCall(account, '/credentials')}
      keyed
      body={scopes.length === 0 ? null : { ...named, scopes, ...alone }}
      cli={[
        ...['account', 'credential', 'create', account, '--name', name, '--scopes', scopes.join(',')],
        ...(actions.length === 0 ? [] : ['--actions', actions.join(',')]),
      ]}
      button={{ type: 'primary' }}
      done={(made) => <Shown made={made} />}
    >
      <Field label={say('name')}>
        <Input value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Checkbox.Group
        value={[...scopes]}
        options={credentialScopes.map((value) => ({ value, label: say(value) }))}
        onChange={(values) => setScopes(values as CredentialScope[])}
      />
      <p>{say('actionsHelp')}</p>
      <Field label={say('actions')}>
        <Select
          mode="multiple"
          tokenSeparators={[',', ' ']}
          options={known.map((value) => ({ value, label: value }))}
          value={[...actions]}
          onChange={(values) => setActions(values)}
        />
      </Field>
    </ActButton>
  );
}

function Acts({ account, secretId }: { account: string; secretId: string }) {
  const say = useWords(credentialsWords);
  const [hours, setHours] = useState(24);
  const path = accountCall(account, '/credentials');
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      <ActButton<Answer<'madeCredential'>>
        label={say('rotate')}
        method="POST"
        path={`${path}/rotate`}
        keyed
        body={{ secretId, overlapHours: hours }}
        cli={['account', 'credential', 'rotate', account, secretId, '--overlap-hours', String(hours)]}
        button={{ size: 'small' }}
        done={(made) => <Shown made={made} />}
      >
        <Overlap help={say('rotateHelp', { hours })} label={say('overlap')} hours={hours} onChange={setHours} />
      </ActButton>
      <ActButton
        label={say('revoke')}
        method="DELETE"
        path={path}
        query={{ secretId }}
        cli={['account', 'credential', 'revoke', account, secretId]}
        button={{ size: 'small' }}
        danger
      >
        <p>{say('revokeHelp')}</p>
      </ActButton>
    </span>
  );
}
