import { Typography } from 'antd';
import { Link } from 'react-router';
import { menuWords } from '../words/menu.ts';
import { useWords } from './language.ts';

/** Also for what somebody may not see: whether it is there is not said. */
export function NoPage() {
  const say = useWords(menuWords);
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 24 }}>
        {say('noPage')}
      </Typography.Title>
      <p>{say('noPageHelp')}</p>
      <Link to="/">{say('toStart')}</Link>
    </>
  );
}
