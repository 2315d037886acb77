// The menu at the side, or behind a button on a phone; and the bar above the page.

import { MenuOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Grid, Layout, Menu, Space, theme } from 'antd';
import { useState } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { ask } from '../server/ask.ts';
import { menuWords } from '../words/menu.ts';
import { accountPlaces } from './account-places.ts';
import { chooseLanguage, useLanguage, useWords } from './language.ts';
import { operatorAccountPlaces, operatorPlaces } from './operator-places.ts';
import { isSite } from './place.ts';
import type { Place } from './places.ts';
import { keepPortalToken, portalToken } from './portal.ts';
import { publicPlaces } from './public-places.ts';
import { SearchField } from './search-field.tsx';
import { keepSignedIn, may, useMe } from './session.ts';
import { chooseShade, useShade } from './theme.ts';

/** The account that the pages in the menu are of: the one that is looked at, or one's own. */
function useAccount(): string | null {
  const { pathname } = useLocation();
  const { account } = useParams();
  const me = useMe();
  const named = account ?? /^\/accounts\/([^/]+)\//.exec(pathname)?.[1];
  return named === undefined ? (me?.account ?? null) : decodeURIComponent(named);
}

function useMenu() {
  const say = useWords(menuWords);
  const me = useMe();
  const account = useAccount();
  const shown = (places: readonly Place[]) =>
    places
      .filter(({ inMenu, duty }) => inMenu && may(me, duty))
      .map(({ path, name }) => {
        const key = path.replace(':account', encodeURIComponent(account ?? ''));
        return { key, label: <Link to={key}>{say(name)}</Link> };
      });
  const group = (key: 'public' | 'account' | 'operator', label: string, places: readonly Place[]) => ({
    type: 'group' as const,
    key,
    label,
    children: shown(places),
  });
  const accountLabel = account === null ? say('account') : `${say('account')} ${account}`;
  return [
    ...(me != null && me.account === null ? [group('operator', say('operator'), operatorPlaces)] : []),
    ...(me != null && account !== null
      ? [
          group(
            'account',
            accountLabel,
            me.account === null ? [...accountPlaces, ...operatorAccountPlaces] : accountPlaces,
          ),
        ]
      : []),
    group('public', say('public'), publicPlaces),
  ].filter(({ children }) => children.length > 0);
}

function Entries({ onChoose }: { onChoose?: () => void }) {
  const items = useMenu();
  const { pathname } = useLocation();
  const keys = items.flatMap(({ children }) => children.map(({ key }) => key));
  // Of "/accounts" and "/accounts/acme/packs" the nearer one.
  const selected = keys
    .filter((key) => pathname === key || pathname.startsWith(`${key}/`))
    .toSorted((a, b) => b.length - a.length);
  return (
    <Menu
      mode="inline"
      items={items}
      selectedKeys={selected.slice(0, 1)}
      style={{ borderInlineEnd: 0 }}
      {...(onChoose ? { onClick: onChoose } : {})}
    />
  );
}

function Brand() {
  const say = useWords(menuWords);
  return (
    <div style={{ padding: '16px 24px', fontWeight: 600, fontSize: 16 }}>
      <Link to="/">{say('product')}</Link>
    </div>
  );
}

export function SideMenu() {
  const { lg = true } = Grid.useBreakpoint();
  const say = useWords(menuWords);
  const { token } = theme.useToken();
  if (!lg) return null;
  return (
    <Layout.Sider width={224} style={{ background: token.colorBgContainer }}>
      <nav aria-label={say('menu')}>
        <Brand />
        <Entries />
      </nav>
    </Layout.Sider>
  );
}

function MenuOfPhone() {
  const [isOpen, setOpen] = useState(false);
  const say = useWords(menuWords);
  return (
    <>
      <Button aria-label={say('menu')} icon={<MenuOutlined />} onClick={() => setOpen(true)} />
      <Drawer open={isOpen} onClose={() => setOpen(false)} placement="left" title={say('product')} size={288}>
        <nav aria-label={say('menu')}>
          <Entries onChoose={() => setOpen(false)} />
        </nav>
        <Space style={{ padding: 24 }}>
          <ShadeSwitch />
          <Who />
        </Space>
      </Drawer>
    </>
  );
}

function Who() {
  const me = useMe();
  const say = useWords(menuWords);
  const client = useQueryClient();
  const go = useNavigate();
  if (isSite || me === undefined) return null;
  if (me === null) return <Link to="/sign-in">{say('signIn')}</Link>;
  const leave = async () => {
    if (portalToken() === null) await ask('DELETE', '/v1/sessions/current').catch(() => {});
    else keepPortalToken(null);
    keepSignedIn(client, null);
    await go('/sign-in');
  };
  return (
    <Space>
      {portalToken() === null ? (
        <Link to="/me" className="who">
          {me.name}
        </Link>
      ) : null}
      <Button size="small" onClick={() => void leave()}>
        {say('signOut')}
      </Button>
    </Space>
  );
}

function ShadeSwitch() {
  const say = useWords(menuWords);
  const shade = useShade();
  return (
    <Button size="small" onClick={() => chooseShade(shade === 'dark' ? 'light' : 'dark')}>
      {say(shade === 'dark' ? 'light' : 'dark')}
    </Button>
  );
}

export function MenuBar() {
  const { lg = true } = Grid.useBreakpoint();
  const say = useWords(menuWords);
  const language = useLanguage();
  const { token } = theme.useToken();
  const me = useMe();
  const account = useAccount();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Layout.Header
      style={{
        background: token.colorBgContainer,
        padding: '0 16px',
        display: 'flex',
        alignItems: 'center',
        gap: 8,
        lineHeight: 'normal',
      }}
    >
      {lg ? null : <MenuOfPhone />}
      {me == null ? null : <SearchField account={account} />}
      <span style={{ flex: 1 }} />
      <Space wrap={false}>
        <Button size="small" lang={other} onClick={() => void chooseLanguage(other)}>
          {say('otherLanguage')}
        </Button>
        {lg ? <ShadeSwitch /> : null}
        {lg || me == null ? <Who /> : null}
      </Space>
    </Layout.Header>
  );
}
