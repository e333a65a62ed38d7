-- What nodes report of themselves, one row each, for PostgreSQL. Only for locations with node=NAME, and for
-- `satchel-keys status --nodes`. Run it as the owner of the schema.
-- A node that reports needs: grant select, insert, update, delete; who looks: grant select.
create table if not exists satchel_key_ring_node (
  name varchar(64) not null,
  node varchar(64) not null,
  reported_at bigint not null,
  report varchar(1024) not null,
  primary key (name, node)
)
