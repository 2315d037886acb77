// People who sign in: of one account, or the operator's and all others.

import { Input, Select } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { accountRoles, operatorRoles, type Role } from '../../src/core/roles.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { Secret } from '../parts/secret.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { useMe } from '../shell/session.ts';
import { peopleWords } from '../words/people.ts';

type Person = Answer<'person'>;

export default function People() {
  const say = useWords(peopleWords);
  const me = useMe();
  const { account = null } = useParams();
  const pages = usePages<Answer<'personPage'>, Person>('/v1/people', { account }, ({ people }) => people);
  const ofAccount: Column<Person> = {
    key: 'account',
    title: say('account'),
    cell: (person) => person.account ?? say('operator'),
  };
  const columns: Column<Person>[] = [
    { key: 'name', title: say('name'), cell: ({ name }) => name },
    { key: 'email', title: say('email'), cell: ({ email }) => email },
    ...(account === null ? [ofAccount] : []),
    { key: 'role', title: say('role'), cell: ({ role }) => say(role) },
    { key: 'state', title: say('state'), cell: ({ state }) => say(state) },
    { key: 'last', title: say('lastSignIn'), cell: ({ lastSignInAt }) => <When at={lastSignInAt} /> },
    // Nobody changes their own role or turns themselves off.
    { key: 'acts', title: '', cell: (person) => (person.id === me?.id ? null : <Acts person={person} />) },
  ];
  return (
    <>
      <PageHead title={say('title')}>
        <Invite account={account} />
      </PageHead>
      <ListTable
        label={say('title')}
        name="people"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('none')}
      />
    </>
  );
}

const rolesOf = (account: string | null): readonly Role[] => (account === null ? operatorRoles : accountRoles);

function Invite({ account }: { account: string | null }) {
  const say = useWords(peopleWords);
  const roles = rolesOf(account);
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('read-only');
  const isWhole = email.includes('@') && name.trim() !== '';
  const whose = account === null ? {} : { account };
  return (
    <ActButton<Answer<'invitedPerson'>>
      label={say('invite')}
      method="POST"
      path="/v1/people"
      keyed
      body={isWhole ? { email: email.trim(), name: name.trim(), role, ...whose } : null}
      cli={[
        'people',
        'invite',
        email,
        '--name',
        name,
        '--role',
        role,
        ...(account === null ? [] : ['--account', account]),
      ]}
      button={{ type: 'primary' }}
      done={({ link: { url } }) =>
        url === null ? <p>{say('mailed')}</p> : <Secret label={say('link')} secret={url} />
      }
    >
      <p>{say('inviteHelp')}</p>
      <Field label={say('email')}>
        <Input type="email" value={email} onChange={({ target }) => setEmail(target.value)} />
      </Field>
      <Field label={say('name')}>
        <Input value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Select<Role>
        aria-label={say('role')}
        value={role}
        style={{ width: '100%' }}
        options={roles.map((value) => ({ value, label: say(value) }))}
        onChange={setRole}
      />
    </ActButton>
  );
}

function Acts({ person }: { person: Person }) {
  const say = useWords(peopleWords);
  const [role, setRole] = useState<Role>(person.role);
  const path = `/v1/people/${person.id}`;
  const small = { size: 'small' } as const;
  const isOff = person.state === 'off';
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      <ActButton
        label={say('change')}
        method="PATCH"
        path={path}
        body={{ role }}
        cli={['people', 'set', person.id, '--role', role]}
        button={small}
      >
        <p>{say('changeHelp')}</p>
        <Select<Role>
          aria-label={say('role')}
          value={role}
          style={{ width: '100%' }}
          options={rolesOf(person.account).map((value) => ({ value, label: say(value) }))}
          onChange={setRole}
        />
      </ActButton>
      {isOff ? null : (
        <ActButton<Answer<'invitedPerson'>['link']>
          label={say('newLink')}
          method="POST"
          path={`${path}/link`}
          cli={['people', 'link', person.id]}
          button={small}
          done={(answer) => {
            const url = linkIn(answer);
            return url === null ? <p>{say('mailed')}</p> : <Secret label={say('link')} secret={url} />;
          }}
        >
          <p>{say('newLinkHelp')}</p>
        </ActButton>
      )}
      <ActButton
        label={say(isOff ? 'turnOn' : 'turnOff')}
        method="PATCH"
        path={path}
        body={{ active: isOff }}
        cli={['people', 'set', person.id, isOff ? '--on' : '--off']}
        button={small}
        danger={!isOff}
      >
        {isOff ? null : <p>{say('turnOffHelp')}</p>}
      </ActButton>
    </span>
  );
}

/** The link itself, or the person with it. */
function linkIn(answer: unknown): string | null {
  const { url, link } = answer as { readonly url?: string | null; readonly link?: { readonly url: string | null } };
  return link === undefined ? (url ?? null) : link.url;
}
