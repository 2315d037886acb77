// The story of one account, played step by step. Left the scenario, right what it has come to.

import { Button, Card, Skeleton, Typography } from 'antd';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import example from '../../docs/guide/scenario.json';
import { hashOf, textIn } from '../parts/in-link.ts';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { SaveText } from '../parts/save-text.tsx';
import { ShareLink } from '../parts/share-link.tsx';
import { TextIn } from '../parts/text-in.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { scenarioWords } from '../words/scenarios.ts';
import { useInWorker } from '../worker/in-worker.ts';
import { isRefused } from '../worker/outcome.ts';
import { Player } from './player.tsx';

const exampleText = JSON.stringify(example, null, 2);
const name = 'scenario';

export default function Scenarios() {
  const say = useWords(scenarioWords);
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [text, setText] = useState(() => textIn(name, hash) ?? exampleText);
  const change = (changed: string) => {
    setText(changed);
    // One that is too large for a link stays in the page.
    void navigate({ hash: hashOf(name, changed) ?? '' }, { replace: true });
  };
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 28, marginTop: 0 }}>
        {say('title')}
      </Typography.Title>
      <Typography.Paragraph>{say('lead')}</Typography.Paragraph>
      <div className="two-columns">
        <Card size="small">
          <TextIn
            label={say('document')}
            placeholder={say('drop')}
            open={say('openFile')}
            rows={24}
            text={text}
            onChange={change}
          />{' '}
          <Button onClick={() => change(exampleText)}>{say('first')}</Button> <ShareLink />
          <p>{say('guide')}</p>
          <SaveText name="scenario.json" text={text} label={say('save')} />
        </Card>
        <Run text={text} />
      </div>
    </>
  );
}

function Run({ text }: { readonly text: string }) {
  const say = useWords(scenarioWords);
  const said = useSaid();
  const { data, error } = useInWorker('scenario', { text });
  if (error !== null) return <ProblemShown problem={error} />;
  if (data === undefined) return <Skeleton active />;
  if (isRefused(data)) return <ProblemShown problem={new Error(said(data.refused))} />;
  if ('problems' in data) {
    return (
      <Card size="small" title={<h2 className="card-title">{say('problems')}</h2>}>
        <PlainTable
          label={say('problems')}
          columns={[say('place'), say('what')]}
          rows={data.problems.map((each, index) => ({
            key: String(index),
            cells: [<code key="place">{each.pointer === '' ? '/' : each.pointer}</code>, said(each)],
          }))}
        />
      </Card>
    );
  }
  return <Player key={text} text={text} whole={data} />;
}
