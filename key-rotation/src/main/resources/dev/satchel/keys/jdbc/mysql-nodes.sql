-- What nodes report of themselves, one row each, for MySQL and MariaDB. Only for locations with node=NAME, and for
-- `satchel-keys status --nodes`. Run it as the owner of the schema.
-- A node that reports needs: grant select, insert, update, delete; who looks: grant select.
create table if not exists satchel_key_ring_node (
  name varchar(64) character set ascii collate ascii_bin not null,
  node varchar(64) character set ascii collate ascii_bin not null,
  reported_at bigint not null,
  report varchar(1024) character set ascii collate ascii_bin not null,
  primary key (name, node)
) engine = InnoDB
