// What a list shows, as a file.

import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { Link } from 'react-router';
import type { ListName } from '../../src/core/list-names.ts';
import { addressOf } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import { accountCall, accountPath } from './account.ts';
import { Download } from './download.tsx';

interface Props {
  readonly account: string;
  readonly list: ListName;
  /** What the list was asked for. */
  readonly query?: Readonly<Record<string, string | undefined>>;
}

const formats = [
  { key: 'csv', query: { format: 'csv' } },
  { key: 'excelCsv', query: { format: 'csv', bom: '1' } },
  { key: 'xlsx', query: { format: 'xlsx' } },
  { key: 'json', query: { format: 'json' } },
] as const;

export function DownloadList({ account, list, query = {} }: Props) {
  const say = useWords(partsWords);
  const items = formats.map(({ key, query: format }) => ({
    key,
    label: (
      <Download path={accountCall(account, '/export')} query={{ list, ...query, ...format }}>
        {say(key)}
      </Download>
    ),
  }));
  const long = {
    key: 'background',
    label: <Link to={addressOf(accountPath(account, 'exports'), { list, ...query })}>{say('background')}</Link>,
  };
  return (
    <Dropdown menu={{ items: [...items, long] }} trigger={['click']}>
      <Button icon={<DownloadOutlined />}>{say('download')}</Button>
    </Dropdown>
  );
}
