// What every page stands in: data, theme, language, routes.

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider, theme } from 'antd';
import type { Locale } from 'antd/es/locale';
import english from 'antd/es/locale/en_US';
import chinese from 'antd/es/locale/zh_CN';
import { BrowserRouter } from 'react-router';
import { Problem } from '../server/ask.ts';
import { Frame } from './frame.tsx';
import { type Language, useLanguage } from './language.ts';
import { folder } from './place.ts';
import { meKey } from './session.ts';
import { accent, quiet, styleNonce, useShade } from './theme.ts';

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended: every page says so at once, and where one was is kept.
    onError: (error, query) => {
      if (error instanceof Problem && error.document.status === 401 && query.queryKey[0] !== meKey[0]) {
        client.setQueryData(meKey, null);
      }
    },
  }),
  defaultOptions: {
    queries: {
      // Without a network what the browser computes by itself goes on, and what it asks says that nobody answers.
      networkMode: 'always',
      retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.document.status !== 0),
      refetchOnWindowFocus: false,
      staleTime: 5_000,
    },
  },
});

const locales: Readonly<Record<Language, Locale>> = { zh: chinese, en: english };

export function Console() {
  const language = useLanguage();
  const shade = useShade();
  return (
    <QueryClientProvider client={client}>
      <ConfigProvider
        locale={locales[language]}
        csp={{ nonce: styleNonce }}
        button={{ autoInsertSpace: false }}
        theme={{
          algorithm: shade === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
          token: {
            colorPrimary: accent[shade],
            colorLink: accent[shade],
            ...quiet[shade],
            borderRadius: 6,
            motion: false,
          },
          components: {
            // A full pack is nothing special: one accent.
            Progress: { colorSuccess: accent[shade] },
            Button: { primaryColor: shade === 'dark' ? '#0d1117' : '#fff' },
            // What the library makes of the accent is too faint on its ground.
            Menu: shade === 'dark' ? { itemSelectedColor: accent.dark, itemSelectedBg: '#16283d' } : {},
          },
        }}
      >
        <App>
          <BrowserRouter basename={folder}>
            <Frame />
          </BrowserRouter>
        </App>
      </ConfigProvider>
    </QueryClientProvider>
  );
}
