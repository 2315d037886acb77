// Set a password by a link. The token stands behind the # of the link, which no server sees.

import { Button, Card, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { signInWords } from '../words/sign-in.ts';

interface Typed {
  readonly password: string;
  readonly again: string;
}

export default function Password() {
  const say = useWords(signInWords);
  const go = useNavigate();
  const [token] = useState(() => location.hash.slice(1));
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const set = async ({ password }: Typed) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await ask('POST', '/v1/passwords', { body: { token, password } });
      await go('/sign-in?set=1', { replace: true });
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const required = { required: true, message: say('required') };
  return (
    <Card style={{ maxWidth: 440, margin: '32px auto' }}>
      <Typography.Title level={1} style={{ fontSize: 24 }}>
        {say('setPassword')}
      </Typography.Title>
      {token === '' ? <ProblemShown problem={new Error(say('noLink'))} /> : null}
      <Form layout="vertical" requiredMark={false} onFinish={(typed: Typed) => void set(typed)}>
        <Form.Item name="password" label={say('newPassword')} extra={say('rules')} rules={[required]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={say('again')}
          dependencies={['password']}
          rules={[
            required,
            ({ getFieldValue }) => ({
              validator: async (_rule, value) => {
                if (value !== getFieldValue('password')) throw new Error(say('differ'));
              },
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <ProblemShown problem={problem} />
        <Button type="primary" htmlType="submit" loading={isBusy} disabled={token === ''}>
          {say('setPassword')}
        </Button>
      </Form>
    </Card>
  );
}
