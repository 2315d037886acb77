// The same act by curl and by the command line, under every form that does something.

import { Button, Collapse, Space, Typography } from 'antd';
import { useState } from 'react';
import type { Method } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';

/** One word of a shell line, quoted where it needs to be. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

interface Props {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  /** A command that moves money or creates something takes an Idempotency-Key. */
  readonly keyed?: boolean;
  /** Words after `suanpan`; none: the command line has no such command. */
  readonly cli?: readonly string[];
  /** Calls that need no key. */
  readonly isPublic?: boolean;
}

export function curlOf({ method, path, body, keyed, isPublic }: Props): string {
  const origin = location.origin;
  const lines = [`curl${method === 'GET' ? '' : ` -X ${method}`} ${shellWord(`${origin}${path}`)}`];
  if (isPublic !== true) lines.push(`-H "Authorization: Bearer $SUANPAN_API_KEY"`);
  if (keyed === true) lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  if (body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${shellWord(JSON.stringify(body))}`);
  return lines.join(' \\\n  ');
}

function Line({ title, text }: { readonly title: string; readonly text: string }) {
  const say = useWords(partsWords);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div style={{ marginBottom: 8 }}>
      <Space>
        <Typography.Text strong>{title}</Typography.Text>
        <Button size="small" onClick={() => void copy().catch(() => {})}>
          {say(isCopied ? 'copied' : 'copy')}
        </Button>
      </Space>
      <pre className="command">{text}</pre>
    </div>
  );
}

export function AsCommand(props: Props) {
  const say = useWords(partsWords);
  const { cli } = props;
  const children = (
    <>
      {cli === undefined ? null : <Line title={say('cli')} text={['suanpan', ...cli.map(shellWord)].join(' ')} />}
      <Line title={say('curl')} text={curlOf(props)} />
    </>
  );
  return <Collapse size="small" ghost items={[{ key: 'command', label: say('sameByCommand'), children }]} />;
}
