import { pageWords } from './page-words.ts';

export const searchWords = pageWords('search', {
  zh: {
    label: '查找事件、账单、资源包或账户（按 / 键）',
    placeholder: '查找（/）',
    searching: '正在查找…',
    nothing: '没有找到“{{text}}”。请输入完整的编号。',
  },
  en: {
    label: 'Find an event, bill, pack, order or account (press /)',
    placeholder: 'Find (/)',
    searching: 'Searching…',
    nothing: 'Nothing is called “{{text}}”. Type the whole id.',
  },
});
