// The documentation as a site: `npm run site`. Pages are the files of docs/ as they stand; NAME.zh-CN.md is the Chinese of NAME.md.

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { pagesOfApi } from './api.ts';

const base = `${process.env.SUANPAN_SITE_BASE ?? '/'}docs/`;
const docs = new URL('../', import.meta.url);

const pagesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, docs), { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name === 'pictures') return [];
      const path = `${folder}${entry.name}`;
      // The pages of reference/api are made when the site is: their templates stand for many.
      if (path === 'reference/api') return [];
      return entry.isDirectory() ? pagesIn(`${path}/`) : path.endsWith('.md') ? [path] : [];
    })
    .toSorted();

const all = pagesIn('');
const chinese = all.filter((path) => path.endsWith('.zh-CN.md'));

/** Its heading. */
const titleOf = (path: string): string =>
  /^# (.+)$/m.exec(readFileSync(new URL(path, docs), 'utf8'))?.[1]?.replaceAll('`', '') ?? path;

const groups = { guide: ['Guides', '指南'], concepts: ['Concepts', '概念'], operating: ['Operating', '运维'] } as const;
const more = { reference: ['Reference', '参考'], decisions: ['Decisions', '决策'] } as const;

const sidebarOf = (language: 'en' | 'zh') =>
  Object.entries({ ...groups, ...more }).flatMap(([folder, titles]) => {
    const own = (path: string) => path.endsWith('.zh-CN.md') === (language === 'zh');
    const items = all
      .filter((path) => path.startsWith(`${folder}/`) && own(path))
      .map((path) => ({
        text: titleOf(path),
        link: `${language === 'zh' ? '/zh' : ''}/${path.replace(/(?:\.zh-CN)?\.md$/, '').replace(/README$/, '')}`,
      }));
    return items.length === 0
      ? []
      : [{ text: titles[language === 'en' ? 0 : 1], items, collapsed: folder === 'decisions' }];
  });

const apiOf = (language: 'en' | 'zh') => ({
  text: 'API',
  collapsed: true,
  items: pagesOfApi(language).map(({ params: { noun } }) => ({
    text: noun,
    link: `${language === 'zh' ? '/zh' : ''}/reference/api/${noun}`,
  })),
});

const isPage = (path: string): boolean => path.endsWith('.md') && !path.startsWith('../');

/**
 * Links as the site needs them. The Chinese pages stand in a folder of their own there: what leads to another of them, or to an English
 * one, is written anew. What leads out of docs/ stands in the repository alone: its words stay, the link does not.
 */
const linksOfSite = {
  name: 'links-of-site',
  enforce: 'pre' as const,
  transform(code: string, id: string): string | undefined {
    const page = posix.relative(fileURLToPath(docs), id);
    if (!isPage(page)) return undefined;
    const folder = posix.dirname(page);
    return code.replaceAll(
      /\[((?:[^[\]]|\[[^[\]]*\])*)\]\((?!\w+:|#|\/)([^)#\s]+)(#[^)\s]*)?\)/g,
      (link, words: string, target: string, anchor = '') => {
        if (!isPage(posix.join(folder, target))) return target.endsWith('.png') ? link : words;
        if (!page.endsWith('.zh-CN.md')) return link;
        return target.endsWith('.zh-CN.md')
          ? `[${words}](${target.replace(/README\.zh-CN\.md$/, 'index.md').replace('.zh-CN.md', '.md')}${anchor})`
          : `[${words}](/${posix.join(folder, target).replace(/README\.md$/, 'index.md')}${anchor})`;
      },
    );
  },
};

/** What the site itself says around a page. */
const chineseFrame = {
  outline: { label: '本页内容' },
  docFooter: { prev: '上一页', next: '下一页' },
  sidebarMenuLabel: '目录',
  returnToTopLabel: '回到顶部',
  darkModeSwitchLabel: '深浅色',
  langMenuLabel: '语言',
};
const chineseSearch = {
  translations: {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      noResultsText: '没有找到',
      resetButtonTitle: '清除',
      footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
    },
  },
};

export default defineConfig({
  base,
  title: 'Suanpan 算盘',
  cleanUrls: false,
  lastUpdated: false,
  rewrites: {
    'README.md': 'index.md',
    'README.zh-CN.md': 'zh/index.md',
    ...Object.fromEntries(
      chinese
        .filter((path) => path !== 'README.zh-CN.md')
        .map((path) => [path, `zh/${path.replace('.zh-CN.md', '.md').replace(/README\.md$/, 'index.md')}`]),
    ),
    'reference/api/:noun.zh-CN.md': 'zh/reference/api/:noun.md',
    ':folder/README.md': ':folder/index.md',
  },
  vite: { plugins: [linksOfSite] },
  markdown: { config: (markdown) => void markdown.set({ html: false }) },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: [...sidebarOf('en'), apiOf('en')] } },
    zh: {
      label: '中文',
      lang: 'zh-CN',
      link: '/zh/',
      themeConfig: { sidebar: [...sidebarOf('zh'), apiOf('zh')], ...chineseFrame },
    },
  },
  themeConfig: {
    search: { provider: 'local', options: { locales: { zh: chineseSearch } } },
    // From the folder of the documentation, whatever page it stands on.
    nav: [{ text: 'Calculator 计算器', link: '/../calculator/', target: '_self' }],
  },
});
