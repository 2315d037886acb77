import { pagesOfApi } from '../../.vitepress/api.ts';

export default { paths: () => pagesOfApi('zh') };
