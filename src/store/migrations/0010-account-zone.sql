-- The account's zone is a fact of its own: it stood in the head alone, so a head that was lost could not be made again.
-- Null where the head of an account of before cannot be read.
alter table accounts add column time_zone text;
update accounts a set time_zone = substring(h.fixed from '"zone":\s*"([^"\\]+)"')
from account_heads h where h.account_id = a.account_id;
