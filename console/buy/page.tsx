// Buying a pack: what the planner advises, what is sold, and what the purchase would do to the draft bill before it is made.

import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Form, Input, InputNumber, Radio, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { shortened } from '../../src/core/units.ts';
import {
  accountCall,
  accountPath,
  type BookDocument,
  titleIn,
  useAccount,
  useAccountId,
  useBookOf,
} from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { AmountRows } from '../parts/amount-rows.tsx';
import { Amount, amountText, countText } from '../parts/figures.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { buyWords } from '../words/buy.ts';

type Account = Answer<'account'>;

interface Wish {
  readonly product: string;
  readonly size: number;
  readonly count: number;
  /** Where the book lets its buyers choose; not given: at delivery. */
  readonly startsOn?: string;
  readonly scope?: { readonly department: string };
}

export default function Buy() {
  const say = useWords(buyWords);
  const id = useAccountId();
  const { data: account, error, refetch } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (account === undefined || book === undefined) return <Skeleton active />;
  return (
    <>
      <PageHead title={say('title')} />
      <p>
        {say('now')} <Amount amount={account.balance} currency={account.currency} />
      </p>
      <Choice account={account} book={book} />
    </>
  );
}

function Choice({ account, book }: { account: Account; book: BookDocument }) {
  const [asked, setAsked] = useSearchParams();
  const sold = book.packProducts.filter(({ sizes }) => sizes.length > 0);
  const product = sold.find(({ id }) => id === asked.get('product')) ?? sold[0];
  const size = product?.sizes.find(({ calls }) => String(calls) === asked.get('size')) ?? product?.sizes[0];
  const count = Math.min(1_000, Math.max(1, Math.trunc(Number(asked.get('count') ?? 1)) || 1));
  if (product === undefined || size === undefined) return null;
  const start = book.policies.packStart === 'chosen' ? (asked.get('start') ?? '') : '';
  const department = asked.get('department') ?? '';
  const wish: Wish = {
    ...{ product: product.id, size: size.calls, count },
    ...(/^\d{4}-\d{2}-\d{2}$/.test(start) ? { startsOn: start } : {}),
    ...(department === '' ? {} : { scope: { department } }),
  };
  const choose = (part: Partial<Wish>) => {
    const { product: of, size: calls, count: many, startsOn, scope } = { ...wish, ...part };
    const chosen = {
      ...{ product: of, size: String(calls), count: String(many) },
      ...(startsOn ? { start: startsOn } : {}),
      ...(scope?.department ? { department: scope.department } : {}),
    };
    setAsked(chosen, { replace: true });
  };
  return (
    <>
      <Advice account={account} book={book} onChoose={choose} />
      <div className="two-columns">
        <WhatIsSold {...{ account, book, sold, wish, choose }} />
        <DryRun {...{ account, book, wish }} />
      </div>
    </>
  );
}

/** A year like the month that is expected now, with the packs that are there. */
function usePlan(account: Account) {
  const forecastPath = accountCall(account.id, '/forecast');
  const packsPath = accountCall(account.id, '/packs');
  return useQuery({
    queryKey: ['advice', account.id],
    staleTime: 60_000,
    retry: false,
    queryFn: async () => {
      const [forecast, { packs }] = await Promise.all([
        ask<Answer<'forecast'>>('GET', forecastPath),
        ask<Answer<'packPage'>>('GET', packsPath, { query: { state: 'active', limit: 100 } }),
      ]);
      const used = forecast.meters.filter(({ expected }) => expected > 0);
      if (used.length === 0) return null;
      const profile = Array.from({ length: 12 }, (_, at) =>
        used.map(({ meter, expected }) => ({ month: at + 1, meter, calls: Number(expected) })),
      ).flat();
      const have = packs
        .filter(({ remaining, scope }) => remaining > 0 && scope === undefined)
        .map(({ product, remaining, expiresAt }) => ({ product, calls: Number(remaining), expires: expiresAt }));
      return ask<Answer<'plan'>>('POST', '/v1/plans', {
        body: { book: account.book, profile, have, start: forecast.asOf.slice(0, 10) },
      });
    },
  });
}

interface AdviceProps {
  readonly account: Account;
  readonly book: BookDocument;
  readonly onChoose: (wish: Partial<Wish>) => void;
}

function Advice({ account, book, onChoose }: AdviceProps) {
  const say = useWords(buyWords);
  const said = useSaid();
  const { data: plan, isError } = usePlan(account);
  if (isError || plan === null) return null;
  if (plan === undefined) return <Skeleton active paragraph={{ rows: 1 }} />;
  const { purchases, total, estimate } = plan.best;
  const cost = total ?? estimate;
  const named = purchases.map(
    ({ product, size, count }) => `${count} × ${said(titleIn(book, 'packProducts', product))} ${countText(size)}`,
  );
  return (
    <Card size="small" title={<h2 className="card-title">{say('advice')}</h2>} style={{ marginBottom: 16 }}>
      <p>{say('adviceHelp')}</p>
      {purchases.length === 0 ? (
        <p>{say('adviceNone')}</p>
      ) : (
        <ul>
          {purchases.map((purchase, at) => (
            <li key={`${purchase.month} ${purchase.product} ${purchase.size}`}>
              <button
                type="button"
                className="as-link"
                onClick={() =>
                  onChoose({ product: purchase.product, size: Number(purchase.size), count: purchase.count })
                }
              >
                {purchase.month === undefined ? named[at] : `${purchase.month}: ${named[at]}`}
              </button>
            </li>
          ))}
        </ul>
      )}
      {cost === null ? null : <p>{say('total', { total: amountText(cost, plan.currency) })}</p>}
    </Card>
  );
}

interface SoldProps {
  readonly account: Account;
  readonly book: BookDocument;
  readonly sold: BookDocument['packProducts'];
  readonly wish: Wish;
  readonly choose: (part: Partial<Wish>) => void;
}

function WhatIsSold({ account, book, sold, wish, choose }: SoldProps) {
  const say = useWords(buyWords);
  const said = useSaid();
  const product = sold.find(({ id }) => id === wish.product);
  return (
    <Card size="small">
      <Form layout="vertical" component="div">
        <Form.Item label={say('product')} htmlFor="product">
          <Select
            id="product"
            value={wish.product}
            options={sold.map(({ id, title }) => ({ value: id, label: said(title) }))}
            onChange={(id: string) =>
              choose({ product: id, size: sold.find((each) => each.id === id)?.sizes[0]?.calls ?? 0 })
            }
          />
        </Form.Item>
        <fieldset style={{ border: 0, padding: 0, margin: '0 0 16px' }}>
          <legend style={{ padding: 0, marginBottom: 8 }}>{say('choose')}</legend>
          <Radio.Group vertical value={wish.size} onChange={({ target }) => choose({ size: target.value as number })}>
            {(product?.sizes ?? []).map(({ calls, price }) => (
              <Radio key={calls} value={calls}>
                {countText(calls)} · {amountText(shortened(price, account.currency), account.currency)}
              </Radio>
            ))}
          </Radio.Group>
        </fieldset>
        <Form.Item label={say('count')} htmlFor="count">
          <InputNumber
            id="count"
            min={1}
            max={1_000}
            precision={0}
            value={wish.count}
            onChange={(count) => choose({ count: count ?? 1 })}
          />
        </Form.Item>
        {book.policies.packStart === 'chosen' ? (
          <Form.Item label={say('startsOn')} htmlFor="starts-on">
            <Input
              id="starts-on"
              type="date"
              value={wish.startsOn ?? ''}
              onChange={({ target }) => choose({ startsOn: target.value })}
            />
          </Form.Item>
        ) : null}
        <Form.Item label={say('department')} htmlFor="department">
          <Input
            id="department"
            maxLength={100}
            value={wish.scope?.department ?? ''}
            onChange={({ target }) => choose({ scope: { department: target.value } })}
          />
        </Form.Item>
      </Form>
    </Card>
  );
}

interface DryRunProps {
  readonly account: Account;
  readonly book: BookDocument;
  readonly wish: Wish;
}

function DryRun({ account, book, wish }: DryRunProps) {
  const say = useWords(buyWords);
  const body = { account: account.id, ...wish };
  const preview = useQuery({
    queryKey: ['/v1/packs/preview', body],
    queryFn: () => ask<Answer<'purchasePreview'>>('POST', '/v1/packs/preview', { body }),
    placeholderData: (last) => last,
  });
  const { data, error, refetch } = preview;
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (data === undefined) return <Skeleton active />;
  const { currency, before, after, price, balanceAfter } = data;
  const rows = [
    [say('draftBefore'), before.total ?? before.estimate],
    [say('price'), price],
    [say('draftAfter'), after.total ?? after.estimate],
    [say('balanceAfter'), balanceAfter],
  ] as const;
  return (
    <Card size="small" title={<h2 className="card-title">{say('dryRun')}</h2>}>
      <AmountRows rows={rows} currency={currency} isLive />
      {data.earlierCalls === undefined ? null : <p>{say('earlier', { calls: countText(data.earlierCalls) })}</p>}
      <Pay account={account} book={book} wish={wish} preview={data} />
    </Card>
  );
}

function Pay({ account, book, wish, preview }: DryRunProps & { preview: Answer<'purchasePreview'> }) {
  const say = useWords(buyWords);
  const said = useSaid();
  const go = useNavigate();
  const [way, setWay] = useState<'balance' | 'transfer'>('balance');
  const { product, size, count, startsOn, scope } = wish;
  const isLater = startsOn !== undefined || book.policies.packStart === 'next-day';
  const what = say('buyHelp', {
    count,
    product: said(titleIn(book, 'packProducts', product)),
    size: countText(size),
    amount: amountText(preview.price, preview.currency),
  });
  // An order that is paid later is for all departments.
  const isByTransfer = way === 'transfer' && scope === undefined;
  const packText = count === 1 ? `${product}:${size}` : `${product}:${size}x${count}`;
  return (
    <div style={{ marginTop: 16 }}>
      <fieldset style={{ border: 0, padding: 0, margin: '0 0 16px' }}>
        <legend style={{ padding: 0, marginBottom: 8 }}>{say('pay')}</legend>
        <Radio.Group
          vertical
          value={isByTransfer ? way : 'balance'}
          onChange={({ target }) => setWay(target.value as typeof way)}
        >
          <Radio value="balance">{say('balance')}</Radio>
          <Radio value="transfer" disabled={scope !== undefined}>
            {say('transfer')}
          </Radio>
        </Radio.Group>
      </fieldset>
      {!isByTransfer && !preview.isEnough ? (
        <Alert type="warning" showIcon title={say('notEnough')} style={{ marginBottom: 16 }} />
      ) : null}
      <ActButton<{ readonly id?: string }>
        key={isByTransfer ? 'transfer' : 'balance'}
        label={say('buy')}
        title={say('buyTitle')}
        method="POST"
        path={isByTransfer ? '/v1/orders' : '/v1/packs'}
        body={
          isByTransfer
            ? { account: account.id, packs: [{ product, size, count }], pay: 'transfer' }
            : { account: account.id, ...wish }
        }
        keyed
        cli={
          isByTransfer
            ? ['order', 'create', '--account', account.id, '--pack', packText]
            : [
                ...['pack', 'buy', packText, '--account', account.id],
                ...(startsOn === undefined ? [] : ['--starts-on', startsOn]),
                ...(scope === undefined ? [] : ['--department', scope.department]),
              ]
        }
        button={{ type: 'primary', disabled: !isByTransfer && !preview.isEnough }}
        done={({ id }) =>
          isByTransfer ? (
            <p>
              {say('ordered')} <strong>{id}</strong>{' '}
              <Link to={accountPath(account.id, `orders/${encodeURIComponent(id ?? '')}`)}>{say('seeOrder')}</Link>
            </p>
          ) : (
            <p>
              {say(isLater ? 'boughtLater' : 'bought')}{' '}
              <a
                href={accountPath(account.id, 'packs')}
                onClick={(event) => {
                  event.preventDefault();
                  void go(accountPath(account.id, 'packs'));
                }}
              >
                {say('seePack')}
              </a>
            </p>
          )
        }
      >
        <p>{what}</p>
        <p>
          {isByTransfer
            ? say('byTransfer')
            : say(isLater ? 'fromBalanceLater' : 'fromBalance', {
                balance: amountText(preview.balance, preview.currency),
                start: startsOn ?? say('nextDay'),
              })}
        </p>
      </ActButton>
    </div>
  );
}
