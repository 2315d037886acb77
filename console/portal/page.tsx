// The way in by a link that an integrator hands on: the token stands behind the #, which no server sees, and is this tab's from then on.

import { useQueryClient } from '@tanstack/react-query';
import { Card, Skeleton, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { useWords } from '../shell/language.ts';
import { keepPortalToken } from '../shell/portal.ts';
import { keepSignedIn, readVisitor, startOf } from '../shell/session.ts';
import { signInWords } from '../words/sign-in.ts';

export default function Portal() {
  const say = useWords(signInWords);
  const client = useQueryClient();
  const go = useNavigate();
  const [token] = useState(() => location.hash.slice(1));
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    if (token === '') return;
    keepPortalToken(token);
    readVisitor().then(
      (visitor) => {
        keepSignedIn(client, visitor);
        void go(startOf(visitor), { replace: true });
      },
      (error: unknown) => {
        keepPortalToken(null);
        setProblem(error);
      },
    );
  }, [token, client, go]);
  if (token !== '' && problem === undefined) return <Skeleton active />;
  return (
    <Card style={{ maxWidth: 560, margin: '32px auto' }}>
      <Typography.Title level={1} style={{ fontSize: 24 }}>
        {say('portal')}
      </Typography.Title>
      <ProblemShown problem={problem} />
      <p>{say(token === '' ? 'portalWithoutToken' : 'portalOver')}</p>
    </Card>
  );
}
