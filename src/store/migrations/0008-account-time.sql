-- From here on a head carries its account's own time (`time` in its state; 0 where it is missing), which never goes back. There is nothing
-- to rewrite: the number alone keeps programs that would lose it from writing heads again.
select 1;
