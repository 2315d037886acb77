-- Holds in heads are written shorter from here on, which older programs would misread: they are not let in beside this schema.
comment on column account_heads.state is 'What every group rewrites; holds in short (from 0043) or in full';
