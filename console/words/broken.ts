import { pageWords } from './page-words.ts';

export const brokenWords = pageWords('broken', {
  zh: {
    title: '页面出错了',
    help: '你的数据没有受影响。请重新载入；若仍出错，把下面这行发给运维人员。',
    reload: '重新载入',
  },
  en: {
    title: 'This page broke',
    help: 'Your data is not affected. Load the page again; if it breaks again, send the line below to whoever runs the server.',
    reload: 'Load again',
  },
});
