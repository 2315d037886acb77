-- A head with some dozens of holds is longer than 2 kB. PostgreSQL would compress it, or store it apart, at every call.
alter table account_heads set (toast_tuple_target = 8160);
