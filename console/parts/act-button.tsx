// A button that does something: first it says what will change, then one confirmation, then what the server says. Nothing is shown as
// done before it is on disk. A try that failed is sent again under the same key, so nothing is done twice.

import { useQueryClient } from '@tanstack/react-query';
import { Button, type ButtonProps, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { ask, type Method, newKey } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import { AsCommand } from './as-command.tsx';
import { ProblemShown } from './problem-shown.tsx';

interface Props<Result> {
  readonly label: string;
  /** The question; the label if not given. */
  readonly title?: string;
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** undefined: nothing is sent; null: what is typed is not whole yet. */
  readonly body?: object | undefined | null;
  /** Takes an Idempotency-Key. */
  readonly keyed?: boolean;
  readonly cli?: readonly string[];
  readonly button?: ButtonProps;
  readonly danger?: boolean;
  /** What is typed is not to be shown as a command. */
  readonly isSecret?: boolean;
  /** What will change, and what is to be typed. */
  readonly children?: ReactNode;
  /** What came of it, shown in place of the question; none: the dialogue closes. */
  readonly done?: (result: Result) => ReactNode;
  readonly onDone?: (result: Result) => void;
  readonly onOpen?: () => void;
}

export function ActButton<Result = unknown>(props: Props<Result>) {
  const { label, title = label, button, danger = false, onOpen } = props;
  const [key, setKey] = useState<string>();
  const open = () => {
    setKey(newKey());
    onOpen?.();
  };
  return (
    <>
      <Button danger={danger} {...button} onClick={open}>
        {label}
      </Button>
      {key === undefined ? null : (
        <Dialogue {...props} title={title} idempotencyKey={key} onClose={() => setKey(undefined)} />
      )}
    </>
  );
}

interface DialogueProps<Result> extends Props<Result> {
  readonly idempotencyKey: string;
  readonly onClose: () => void;
}

function Dialogue<Result>(props: DialogueProps<Result>) {
  const { label, title, method, path, query, body, keyed = false, cli, danger = false, isSecret = false } = props;
  const { children, done, onDone, idempotencyKey, onClose } = props;
  const say = useWords(partsWords);
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<{ readonly of: Result }>();
  // What the act changed may take this button away, and the answer with it: the page is read anew once that was seen.
  const close = () => {
    onClose();
    if (result !== undefined) void client.invalidateQueries();
  };
  const act = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const sent = body === undefined || body === null ? {} : { body };
      const answer = await ask<Result>(method, path, {
        ...sent,
        ...(query === undefined ? {} : { query }),
        ...(keyed ? { key: idempotencyKey } : {}),
      });
      onDone?.(answer);
      if (done === undefined) {
        onClose();
        await client.invalidateQueries();
      } else setResult({ of: answer });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const commandPath = query === undefined ? path : `${path}?${new URLSearchParams(query)}`;
  const footer =
    result === undefined ? (
      <>
        <Button onClick={close}>{say('cancel')}</Button>
        <Button type="primary" danger={danger} loading={isBusy} disabled={body === null} onClick={() => void act()}>
          {label}
        </Button>
      </>
    ) : (
      <Button type="primary" onClick={close}>
        {say('close')}
      </Button>
    );
  return (
    <Modal open title={title} onCancel={close} footer={footer} destroyOnHidden mask={{ closable: false }}>
      {result !== undefined && done !== undefined ? (
        <div role="status">{done(result.of)}</div>
      ) : (
        <>
          {children}
          <ProblemShown problem={problem} />
          {isSecret ? null : (
            <AsCommand
              method={method}
              path={commandPath}
              keyed={keyed}
              {...(body ? { body } : {})}
              {...(cli ? { cli } : {})}
            />
          )}
        </>
      )}
    </Modal>
  );
}
