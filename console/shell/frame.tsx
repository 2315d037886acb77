// The frame around every page: menu, language, light and dark, who is signed in.

import { Layout, Skeleton, theme } from 'antd';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { menuWords } from '../words/menu.ts';
import { accountPlaces } from './account-places.ts';
import { Broken } from './broken.tsx';
import { useWords } from './language.ts';
import { MenuBar, SideMenu } from './menu.tsx';
import { NoPage } from './no-page.tsx';
import { operatorAccountPlaces, operatorPlaces } from './operator-places.ts';
import { isSite } from './place.ts';
import type { Place } from './places.ts';
import { ownPlaces, publicPlaces, signInPlaces } from './public-places.ts';
import { may, startOf, useMe } from './session.ts';

const ofOperators = [...operatorPlaces, ...operatorAccountPlaces];
const withLogin = [...ownPlaces, ...accountPlaces, ...ofOperators];

function Page({ place, page: Shown }: { place: Place; page: ReturnType<typeof lazy> }) {
  const me = useMe();
  const say = useWords(menuWords);
  const location = useLocation();
  const title = say(place.name);
  const productName = say('product');
  useEffect(() => {
    document.title = `${title} – ${productName}`;
  }, [title, productName]);
  if (withLogin.includes(place)) {
    if (me === undefined) return <Skeleton active />;
    const back = `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
    if (me === null) return <Navigate to={back} replace />;
    if (!may(me, place.duty)) return <NoPage />;
    if (ofOperators.includes(place) && me.account !== null) return <NoPage />;
  }
  return (
    <Broken key={location.pathname}>
      <Suspense fallback={<Skeleton active />}>
        <Shown />
      </Suspense>
    </Broken>
  );
}

function Start() {
  const me = useMe();
  return me === undefined ? <Skeleton active /> : <Navigate to={startOf(me)} replace />;
}

const allPlaces = [...publicPlaces, ...(isSite ? [] : [...signInPlaces, ...withLogin])];
const shownPlaces = allPlaces.map((place) => ({ place, page: lazy(place.load) }));

export function Frame() {
  const say = useWords(menuWords);
  const { token } = theme.useToken();
  const routes = useMemo(
    () =>
      shownPlaces.map((shown) => (
        <Route key={shown.place.path} path={shown.place.path} element={<Page {...shown} />} />
      )),
    [],
  );
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="skip-link" href="#content">
        {say('skip')}
      </a>
      <SideMenu />
      <Layout>
        <MenuBar />
        <main id="content" className="page" tabIndex={-1} style={{ color: token.colorText }}>
          <Routes>
            <Route path="/" element={<Start />} />
            {routes}
            <Route path="*" element={<NoPage />} />
          </Routes>
        </main>
      </Layout>
    </Layout>
  );
}
