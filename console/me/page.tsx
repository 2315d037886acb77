// One's own name, language, password and sessions.

import { useQuery } from '@tanstack/react-query';
import { Card, Input, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { type Me, useMe } from '../shell/session.ts';
import { peopleWords } from '../words/people.ts';

export default function OwnSettings() {
  const say = useWords(peopleWords);
  const me = useMe();
  return (
    <>
      <PageHead title={say('me')} />
      {me == null ? <Skeleton active /> : <Own me={me} />}
    </>
  );
}

function Own({ me }: { me: Me }) {
  const say = useWords(peopleWords);
  const [name, setName] = useState(me.name);
  const [language, setLanguage] = useState(me.language);
  return (
    <div className="stack" style={{ marginTop: 16, maxWidth: 720 }}>
      <Card size="small">
        <p>
          {me.email} · {say(me.role)}
        </p>
        <Field label={say('name')}>
          <Input value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
        </Field>
        <div className="field">
          {say('language')}{' '}
          <Segmented<'zh' | 'en'>
            aria-label={say('language')}
            value={language}
            options={[
              { value: 'zh', label: '\u4E2D\u6587' },
              { value: 'en', label: 'English' },
            ]}
            onChange={setLanguage}
          />
        </div>
        <ActButton label={say('save')} method="PATCH" path="/v1/me" body={{ name, language }}>
          <p>{say('saveHelp')}</p>
        </ActButton>
      </Card>
      <Card size="small" title={<h2 className="card-title">{say('changePassword')}</h2>}>
        <PasswordForm />
      </Card>
      <Sessions />
    </div>
  );
}

function PasswordForm() {
  const say = useWords(peopleWords);
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  return (
    <ActButton
      label={say('changePassword')}
      method="POST"
      path="/v1/me/password"
      body={current === '' || password === '' ? null : { current, password }}
      isSecret
      done={() => <p>{say('changed')}</p>}
    >
      <Field label={say('current')}>
        <Input.Password
          autoComplete="current-password"
          value={current}
          onChange={({ target }) => setCurrent(target.value)}
        />
      </Field>
      <Field label={say('password')}>
        <Input.Password
          autoComplete="new-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
      </Field>
      <p>{say('rules')}</p>
    </ActButton>
  );
}

function Sessions() {
  const say = useWords(peopleWords);
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/sessions'],
    queryFn: () => ask<Answer<'sessionList'>>('GET', '/v1/sessions'),
  });
  return (
    <Card size="small" title={<h2 className="card-title">{say('sessions')}</h2>}>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active /> : null}
      <ul className="rows">
        {data?.sessions.map(({ id, address, agent, lastUsedAt, current }) => (
          <li key={id}>
            <span>
              {address} · {agent.slice(0, 80)} · <When at={lastUsedAt} />
            </span>
            {current ? (
              <span>{say('thisOne')}</span>
            ) : (
              <ActButton label={say('end')} method="DELETE" path={`/v1/sessions/${id}`} button={{ size: 'small' }}>
                <p>{say('endHelp')}</p>
              </ActButton>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
