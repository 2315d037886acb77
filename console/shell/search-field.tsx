// One field anywhere ("/" leads to it): an id of an event, a bill, an order, a pack or an account opens what it names.

import { App, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { accountCall, accountPath } from '../parts/account.ts';
import { type Answer, ask, Problem } from '../server/ask.ts';
import { searchWords } from '../words/search.ts';
import { useWords } from './language.ts';

/** The path of what is found; undefined: there is no such thing. */
type Look = (text: string, account: string | null) => Promise<string | undefined>;

const ifThere = async <Result,>(asked: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.document.status >= 400 && error.document.status < 500) return undefined;
    throw error;
  }
};

const bill: Look = async (text, account) => {
  if (!/-\d{6,9}$|:\d{4}-\d{2}$/.test(text)) return undefined;
  const found = await ifThere(ask<Answer<'bill'>>('GET', `/v1/bills/${encodeURIComponent(text)}`));
  return found === undefined ? undefined : accountPath(account ?? found.account, `bills/${encodeURIComponent(text)}`);
};

const order: Look = async (text) => {
  if (!/:order-\d+$/.test(text)) return undefined;
  const found = await ifThere(ask<Answer<'order'>>('GET', `/v1/orders/${encodeURIComponent(text)}`));
  return found === undefined ? undefined : accountPath(found.account, `orders/${encodeURIComponent(found.id)}`);
};

const event: Look = async (text, account) => {
  if (account === null) return undefined;
  const path = `/v1/events/${encodeURIComponent(text)}/receipt`;
  const found = await ifThere(ask<Answer<'receipt'>>('GET', path, { query: { account } }));
  return found === undefined ? undefined : accountPath(account, `calls/${encodeURIComponent(text)}`);
};

const pack: Look = async (text, account) => {
  if (account === null) return undefined;
  const page = await ifThere(ask<Answer<'packPage'>>('GET', accountCall(account, '/packs'), { query: { limit: 200 } }));
  return page?.packs.some(({ id }) => id === text) === true
    ? accountPath(account, `packs/${encodeURIComponent(text)}`)
    : undefined;
};

const accounts: Look = async (text) => {
  const page = await ifThere(ask<Answer<'accountPage'>>('GET', '/v1/accounts', { query: { search: text, limit: 2 } }));
  const [first, second] = page?.accounts ?? [];
  if (first === undefined) return undefined;
  return second === undefined || first.id === text
    ? accountPath(first.id, 'overview')
    : `/accounts?search=${encodeURIComponent(text)}`;
};

const looks: readonly Look[] = [bill, order, event, pack, accounts];

export function SearchField({ account }: { readonly account: string | null }) {
  const say = useWords(searchWords);
  const go = useNavigate();
  const { message } = App.useApp();
  const field = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    const focus = (pressed: KeyboardEvent) => {
      const { target } = pressed;
      const isTyping =
        target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
      if (pressed.key !== '/' || isTyping || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
      pressed.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  const find = async () => {
    const asked = text.trim();
    if (asked === '') return;
    setBusy(true);
    try {
      for (const look of looks) {
        const path = await look(asked, account);
        if (path === undefined) continue;
        setText('');
        await go(path);
        return;
      }
      void message.info(say('nothing', { text: asked }));
    } catch (error) {
      void message.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      style={{ flex: 1, minWidth: 0, maxWidth: 360 }}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void find();
      }}
    >
      <Input
        ref={field}
        type="search"
        aria-label={say('label')}
        placeholder={isBusy ? say('searching') : say('placeholder')}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </form>
  );
}
