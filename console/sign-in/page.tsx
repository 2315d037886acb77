// Sign in, and go where one was going.

import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Form, Input, Space, Typography } from 'antd';
import { useState } from 'react';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { keepSignedIn, type Me, startOf, useMe } from '../shell/session.ts';
import { menuWords } from '../words/menu.ts';
import { signInWords } from '../words/sign-in.ts';

/** Only into these pages: "//elsewhere" and "/\elsewhere" are other hosts to a browser. */
const isOwnPath = (path: string | null): path is string => path !== null && /^\/(?![/\\])/.test(path);

export default function SignIn() {
  const say = useWords(signInWords);
  const [asked] = useSearchParams();
  const me = useMe();
  const to = asked.get('to');
  if (me != null) return <Navigate to={isOwnPath(to) ? to : startOf(me)} replace />;
  return (
    <Card style={{ maxWidth: 440, margin: '32px auto' }}>
      <Typography.Title level={1} style={{ fontSize: 24 }}>
        {say('title')}
      </Typography.Title>
      {asked.has('set') ? <Alert type="success" showIcon title={say('passwordSet')} /> : null}
      {asked.has('refused') ? <Alert type="error" showIcon title={say('refused')} /> : null}
      <SignInForm to={to} />
      <OtherWays />
    </Card>
  );
}

function SignInForm({ to }: { to: string | null }) {
  const say = useWords(signInWords);
  const client = useQueryClient();
  const go = useNavigate();
  const [form] = Form.useForm<{ email: string; password: string }>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);

  const enter = async (body: { email: string; password: string }) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { person } = await ask<{ person: Me }>('POST', '/v1/sessions', { body });
      keepSignedIn(client, person);
      await go(isOwnPath(to) ? to : startOf(person), { replace: true });
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const forget = async () => {
    const email: string = form.getFieldValue('email') ?? '';
    if (email === '') return form.setFields([{ name: 'email', errors: [say('typeEmail')] }]);
    setProblem(undefined);
    try {
      await ask<Answer<'selfAnswer'>>('POST', '/v1/password-resets', { body: { email } });
      setSent(true);
    } catch (error) {
      setProblem(error);
    }
  };
  const required = [{ required: true, message: say('required') }];
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={(body) => void enter(body)}
      style={{ marginTop: 16 }}
    >
      <Form.Item name="email" label={say('email')} rules={required}>
        <Input type="email" autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={say('password')} rules={required}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <ProblemShown problem={problem} />
      {isSent ? <Alert type="success" showIcon title={say('linkSent')} style={{ marginBottom: 16 }} /> : null}
      <Space>
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {say('signIn')}
        </Button>
        <Button type="link" onClick={() => void forget()}>
          {say('forgot')}
        </Button>
      </Space>
    </Form>
  );
}

function OtherWays() {
  const say = useWords(signInWords);
  const menu = useWords(menuWords);
  return (
    <>
      {document.documentElement.hasAttribute('data-oidc') ? (
        <p>
          <a href="/sign-in/oidc">{say('byProvider')}</a>
        </p>
      ) : null}
      <p style={{ marginTop: 24 }}>{say('firstPerson')}</p>
      <pre className="command">./bin/suanpan people invite me@example.com --name Me --role admin</pre>
      <p>
        {say('visitor')} <Link to="/calculator">{menu('calculator')}</Link>
      </p>
    </>
  );
}
