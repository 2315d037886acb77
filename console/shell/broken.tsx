// A page that throws says so, and what to do; the frame around it stays.

import { Button, Typography } from 'antd';
import { Component, type ReactNode } from 'react';
import { brokenWords } from '../words/broken.ts';
import { useWords } from './language.ts';

function Said({ error }: { error: Error }) {
  const say = useWords(brokenWords);
  return (
    <div role="alert">
      <Typography.Title level={1}>{say('title')}</Typography.Title>
      <p>{say('help')}</p>
      <pre className="command">{error.message}</pre>
      <Button type="primary" onClick={() => location.reload()}>
        {say('reload')}
      </Button>
    </div>
  );
}

export class Broken extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override state = { error: null as Error | null };
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    return error === null ? this.props.children : <Said error={error} />;
  }
}
