// The language of the page: as chosen before, else as the browser asks; remembered, and told to the server with each request.

import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { PageWords } from '../words/page-words.ts';
import { keep, readKept } from './kept.ts';

export type Language = 'zh' | 'en';

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? readKept('language');
  if (asked === 'zh' || asked === 'en') return asked;
  return navigator.languages.some((language) => language.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

void i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  fallbackLng: false,
  resources: {},
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
});
document.documentElement.lang = i18next.language;

export const currentLanguage = (): Language => (i18next.language === 'zh' ? 'zh' : 'en');

export async function chooseLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  keep('language', language);
}

export type Say<Key extends string> = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

/** The words of a page in the language of the moment. */
export function useWords<Key extends string>({ page, zh, en }: PageWords<Key>): Say<Key> {
  if (!i18next.hasResourceBundle('zh', page)) {
    i18next.addResourceBundle('zh', page, zh);
    i18next.addResourceBundle('en', page, en);
  }
  const { t } = useTranslation(page);
  // The keys are known by their type already.
  const anyKey = t as (key: string, values: Readonly<Record<string, string | number>>) => string;
  return (key, values) => anyKey(key, values ?? {});
}

/** The language of the moment; the component is drawn anew when it changes. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'zh' ? 'zh' : 'en';
}

/** Of a sentence that the core or the server gives in both languages. */
export function useSaid(): (said: { readonly zh: string; readonly en: string }) => string {
  const language = useLanguage();
  return (said) => said[language];
}
